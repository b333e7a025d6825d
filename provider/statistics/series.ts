/** Points of a grid become series: equally many numbers each, the largest first, and what is small together as one. */
import type { Grid, Point } from '../../adapters/statistics/statistics.ts';

/** More cannot be told apart by their colours. */
const SERIES_AT_MOST = 6;
/** Not the name of anything that is counted. */
export const OTHERS = '…';

export type Series = {
  readonly name: string;
  /** One number for each column. */
  readonly values: readonly number[];
  readonly total: number;
};

export function seriesOf(points: readonly Point[], { from, stepSeconds, columns }: Grid): readonly Series[] {
  const values = new Map<string, number[]>();
  for (const { at, name, count } of points) {
    const column = Math.floor((at.getTime() - from.getTime()) / (stepSeconds * 1_000));
    if (column < 0 || column >= columns) continue;
    const row = values.get(name) ?? new Array<number>(columns).fill(0);
    row[column] = (row[column] ?? 0) + count;
    values.set(name, row);
  }
  const all = [...values]
    .map(([name, row]) => ({ name, values: row, total: sum(row) }))
    .sort((one, other) => other.total - one.total || (one.name < other.name ? -1 : 1));
  if (all.length <= SERIES_AT_MOST) return all;
  const kept = all.slice(0, SERIES_AT_MOST - 1);
  return [...kept, together(all.slice(SERIES_AT_MOST - 1), columns)];
}

function together(small: readonly Series[], columns: number): Series {
  const values = Array.from({ length: columns }, (_, column) =>
    sum(small.map((each) => each.values[column] ?? 0)),
  );
  return { name: OTHERS, values, total: sum(values) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
