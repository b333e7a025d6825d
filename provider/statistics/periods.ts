/** How far back a page of numbers looks, and in how many columns. Days are those of Moscow (domain.md §3.7). */
import type { Grid } from '../../adapters/statistics/statistics.ts';

export const PERIODS = ['hour', 'day', 'week', 'year'] as const;
export type Period = (typeof PERIODS)[number];

const SHAPES: Readonly<Record<Period, Pick<Grid, 'stepSeconds' | 'columns'>>> = {
  hour: { stepSeconds: 60, columns: 60 },
  day: { stepSeconds: 300, columns: 288 },
  week: { stepSeconds: 3_600, columns: 168 },
  year: { stepSeconds: 86_400, columns: 365 },
};
/** Moscow is three hours ahead, summer and winter. */
const MOSCOW_MS = 3 * 3_600_000;

export const periodOf = (word: unknown): Period => PERIODS.find((period) => period === word) ?? 'hour';

/** Columns begin at whole minutes, hours, days; the last one is under way. */
export function gridOf(period: Period, now: Date): Grid {
  const { stepSeconds, columns } = SHAPES[period];
  const step = stepSeconds * 1_000;
  const current = Math.floor((now.getTime() + MOSCOW_MS) / step) * step - MOSCOW_MS;
  return { from: new Date(current - (columns - 1) * step), stepSeconds, columns };
}

/** Columns that begin at a round moment: those that bear a label below them. */
export function marksOf(period: Period, { from, stepSeconds, columns }: Grid): readonly number[] {
  return Array.from({ length: columns }, (_, column) => column).filter((column) =>
    ROUND[period].test(inMoscow(new Date(from.getTime() + column * stepSeconds * 1_000))),
  );
}

/** Numbers alone, and so the same in every language. */
export function labelOf(period: Period, at: Date): string {
  const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T(\d+:\d+)/.exec(inMoscow(at)) ?? [];
  if (period === 'hour') return `${time}`;
  return period === 'year' ? `${day}.${month}.${year}` : `${day}.${month} ${time}`;
}

/** Below the drawing there is room for little. */
export function markOf(period: Period, at: Date): string {
  const [date = '', time = ''] = labelOf(period, at).split(' ');
  return period === 'day' ? time : period === 'year' ? date.slice(0, 5) : date;
}

/** Of ISO 8601, local time. */
const ROUND: Readonly<Record<Period, RegExp>> = {
  hour: /T\d\d:\d0/,
  day: /T(00|03|06|09|12|15|18|21):00/,
  week: /T00:00/,
  year: /-\d\d-01T/,
};

const inMoscow = (at: Date): string => new Date(at.getTime() + MOSCOW_MS).toISOString();
