/**
 * Points of a grid become series: equally many numbers each, and what is small together as one. Whichever is the largest
 * just now, a name keeps its place and its colour: whoever watches knows the one by the other.
 */
import { createHash } from 'node:crypto';
import type { Grid, Point } from '../../adapters/statistics/statistics.ts';

/** More cannot be told apart by their colours. */
const SERIES_AT_MOST = 6;
const COLOUR_OF_OTHERS = SERIES_AT_MOST - 1;
/** Not the name of anything that is counted. */
export const OTHERS = '…';

export type Series = {
  readonly name: string;
  /** From 0; each series of a chart has another. */
  readonly colour: number;
  /** One number for each column. */
  readonly values: readonly number[];
  readonly total: number;
};

type Tallied = Omit<Series, 'colour'>;

/** `usual`: names that come first, in their order; those of the colours that are theirs alone. */
export function seriesOf(
  points: readonly Point[],
  { from, stepSeconds, columns }: Grid,
  usual: readonly string[] = [],
): readonly Series[] {
  const values = new Map<string, number[]>();
  for (const { at, name, count } of points) {
    const column = Math.floor((at.getTime() - from.getTime()) / (stepSeconds * 1_000));
    if (column < 0 || column >= columns) continue;
    const row = values.get(name) ?? new Array<number>(columns).fill(0);
    row[column] = (row[column] ?? 0) + count;
    values.set(name, row);
  }
  const all = [...values]
    .map(([name, row]): Tallied => ({ name, values: row, total: sum(row) }))
    .sort((one, other) => other.total - one.total || (one.name < other.name ? -1 : 1));
  const areMany = all.length > SERIES_AT_MOST;
  const kept = areMany ? all.slice(0, SERIES_AT_MOST - 1) : all;
  const series = coloured(inPlace(kept, usual), usual);
  if (!areMany) return series;
  const small = together(all.slice(SERIES_AT_MOST - 1), columns);
  return [...series, { ...small, colour: COLOUR_OF_OTHERS }];
}

function inPlace(kept: readonly Tallied[], usual: readonly string[]): readonly Tallied[] {
  const place = (name: string): number => (usual.includes(name) ? usual.indexOf(name) : usual.length);
  return kept.toSorted(
    ({ name: one }, { name: other }) => place(one) - place(other) || (one < other ? -1 : 1),
  );
}

/** Each its own colour, or the next one that is free; that of the others only where there are none. */
function coloured(kept: readonly Tallied[], usual: readonly string[]): readonly Series[] {
  const taken = new Set<number>();
  return kept.map((one) => {
    const own = ownColour(one.name, usual);
    const round = Array.from({ length: COLOUR_OF_OTHERS }, (_, step) => (own + step) % COLOUR_OF_OTHERS);
    const colour = round.find((each) => !taken.has(each)) ?? COLOUR_OF_OTHERS;
    taken.add(colour);
    return { ...one, colour };
  });
}

function ownColour(name: string, usual: readonly string[]): number {
  const index = usual.includes(name) ? usual.indexOf(name) : createHash('sha256').update(name).digest()[0];
  return (index ?? 0) % COLOUR_OF_OTHERS;
}

function together(small: readonly Tallied[], columns: number): Tallied {
  const values = Array.from({ length: columns }, (_, column) =>
    sum(small.map((each) => each.values[column] ?? 0)),
  );
  return { name: OTHERS, values, total: sum(values) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
