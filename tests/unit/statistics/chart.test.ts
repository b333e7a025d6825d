/** From points to a drawing: columns, series, geometry. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartOf } from '../../../provider/statistics/chart.ts';
import { gridOf, labelOf, markOf, marksOf, PERIODS, periodOf } from '../../../provider/statistics/periods.ts';
import { OTHERS, type Series, seriesOf } from '../../../provider/statistics/series.ts';

const now = new Date('2026-11-21T18:07:42Z');
const columnAt = (grid: ReturnType<typeof gridOf>, column: number) =>
  new Date(grid.from.getTime() + column * grid.stepSeconds * 1_000);

describe('the columns of a period', () => {
  it.each([
    ['hour', '2026-11-21T17:08:00.000Z', '2026-11-21T18:07:00.000Z'],
    ['day', '2026-11-20T18:10:00.000Z', '2026-11-21T18:05:00.000Z'],
    ['week', '2026-11-14T19:00:00.000Z', '2026-11-21T18:00:00.000Z'],
    // Midnight in Moscow.
    ['year', '2025-11-21T21:00:00.000Z', '2026-11-20T21:00:00.000Z'],
  ] as const)('%s: the last one is under way', (period, first, last) => {
    const grid = gridOf(period, now);
    expect(grid.from.toISOString()).toBe(first);
    expect(columnAt(grid, grid.columns - 1).toISOString()).toBe(last);
  });

  it('a word that is no period is the hour', () => {
    expect(['day', 'decade', undefined, ['day']].map(periodOf)).toEqual(['day', 'hour', 'hour', 'hour']);
  });

  it('has labels at round moments of Moscow', () => {
    const labels = PERIODS.map((period) => {
      const grid = gridOf(period, now);
      return marksOf(period, grid).map((column) => markOf(period, columnAt(grid, column)));
    });
    expect(labels[0]).toEqual(['20:10', '20:20', '20:30', '20:40', '20:50', '21:00']);
    expect(labels[1]).toEqual(['00:00', '03:00', '06:00', '09:00', '12:00', '15:00', '18:00', '21:00']);
    expect(labels[2]).toEqual(['15.11', '16.11', '17.11', '18.11', '19.11', '20.11', '21.11']);
    expect(labels[3]).toHaveLength(12);
    expect(PERIODS.map((period) => labelOf(period, now))).toEqual([
      '21:07',
      '21.11 21:07',
      '21.11 21:07',
      '21.11.2026',
    ]);
  });
});

describe('series', () => {
  const grid = { from: new Date(0), stepSeconds: 60, columns: 3 };
  const point = (minute: number, name: string, count: number) => ({
    at: new Date(minute * 60_000),
    name,
    count,
  });

  it('have a number for each column; what lies outside is not counted', () => {
    const points = [
      point(0, 'qr', 1),
      point(2, 'esia', 5),
      point(2, 'qr', 2),
      point(3, 'qr', 9),
      point(-1, 'qr', 9),
    ];
    expect(seriesOf(points, grid, ['qr', 'esia'])).toEqual([
      { name: 'qr', colour: 0, values: [1, 0, 2], total: 3 },
      { name: 'esia', colour: 1, values: [0, 0, 5], total: 5 },
    ]);
  });

  it('keep place and colour, whatever their rank and whoever comes beside them', () => {
    const usual = ['wrong_password', 'unknown_identifier'];
    const ranks = [
      { wrong_password: 1 },
      { unknown_identifier: 9, wrong_password: 2, dictation: 3 },
      { dictation: 20, unknown_identifier: 10, wrong_password: 11 },
    ];
    const looks = ranks.map((counts) =>
      seriesOf(
        Object.entries(counts).map(([name, count]) => point(1, name, count)),
        grid,
        usual,
      ),
    );
    expect(looks.map((look) => look.map(({ name }) => name))).toEqual([
      ['wrong_password'],
      [...usual, 'dictation'],
      [...usual, 'dictation'],
    ]);
    const [, one, other] = looks.map((look) => look.map(({ colour }) => colour));
    expect(one).toEqual(other);
    expect(one?.slice(0, 2)).toEqual([0, 1]);
  });

  it('never share a colour, and that of the others is theirs', () => {
    const name = fc.string({ minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), fc.uniqueArray(name), (names, usual) => {
        const series = seriesOf(
          names.map((each, index) => point(1, each, index + 1)),
          grid,
          usual,
        );
        expect(new Set(series.map(({ colour }) => colour)).size).toBe(series.length);
        expect(series.every(({ colour }) => colour >= 0 && colour < 6)).toBe(true);
        if (names.length > 6) expect(series.at(-1)).toMatchObject({ name: OTHERS, colour: 5 });
      }),
    );
  });

  it('are six at most, and none is lost', () => {
    const points = Array.from({ length: 9 }, (_, index) => point(1, `way ${index}`, 10 - index));
    const series = seriesOf(points, grid);
    expect(series.map(({ name }) => name)).toEqual(['way 0', 'way 1', 'way 2', 'way 3', 'way 4', OTHERS]);
    expect(series.at(-1)).toEqual({ name: OTHERS, colour: 5, values: [0, 5 + 4 + 3 + 2, 0], total: 14 });
  });
});

describe('the drawing', () => {
  const series = fc
    .integer({ min: 1, max: 60 })
    .chain((columns) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: columns, maxLength: columns }), {
        maxLength: 6,
      }),
    )
    .map((rows) =>
      rows.map((values, index): Series => ({ name: String(index), colour: index, values, total: 0 })),
    );

  it('keeps every piece inside, stacked without gap or overlap, and as high as its number', () => {
    fc.assert(
      fc.property(series, (all) => {
        const columns = all[0]?.values.length ?? 1;
        const { pieces, left, right, bottom, ticks } = chartOf(all, columns, []);
        const top = ticks.at(-1);
        const unit = (bottom - (top?.y ?? 0)) / (top?.value ?? 1);
        const most = Math.max(
          0,
          ...Array.from({ length: columns }, (_, at) =>
            all.reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
          ),
        );
        expect(top?.value).toBeGreaterThanOrEqual(most);
        expect(ticks.length).toBeLessThanOrEqual(6);
        expect(ticks.every(({ value }) => Number.isInteger(value))).toBe(true);
        const byColumn = Map.groupBy(pieces, ({ x }) => x);
        for (const stack of byColumn.values()) {
          let edge = bottom;
          for (const { x, y, width, height } of stack) {
            expect(x).toBeGreaterThanOrEqual(left);
            expect(x + width).toBeLessThanOrEqual(right + 0.02);
            expect(Math.abs(y + height - edge)).toBeLessThan(0.05);
            edge = y;
          }
        }
        expect(pieces).toHaveLength(all.flatMap(({ values }) => values.filter((value) => value > 0)).length);
        const drawn = pieces.reduce((sum, { height }) => sum + height, 0);
        const counted = all.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0);
        expect(Math.abs(drawn - counted * unit)).toBeLessThan(0.01 * Math.max(1, pieces.length));
      }),
      { numRuns: 50 },
    );
  });

  it('has an axis also when nothing has happened', () => {
    const chart = chartOf([], 60, [0, 10]);
    expect(chart.pieces).toEqual([]);
    expect(chart.ticks.map(({ value }) => value)).toEqual([0, 1]);
    expect(chart.marks).toEqual([
      { column: 0, x: 64 },
      { column: 10, x: 172 },
    ]);
  });

  it.each([
    [1, [0, 1]],
    [7, [0, 2, 4, 6, 8]],
    [40, [0, 10, 20, 30, 40]],
    [41, [0, 20, 40, 60]],
    [9_999, [0, 5_000, 10_000]],
  ])('has round numbers beside it: up to %i', (value, expected) => {
    const chart = chartOf([{ name: 'a', colour: 0, values: [value], total: value }], 1, []);
    expect(chart.ticks.map((tick) => tick.value)).toEqual(expected);
  });
});
