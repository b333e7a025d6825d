import { describe, expect, it } from 'vitest';
import { waitedFor, workingDaysSince } from '../../../provider/data-rules/working-days.ts';

const HOLIDAYS = new Set(['2026-11-04']);
const at = (moscow: string) => new Date(`${moscow}+03:00`);

describe('working days', () => {
  it.each([
    // A Monday to a Thursday.
    ['2026-11-16T10:00', '2026-11-19T00:30', 3],
    // Over a weekend.
    ['2026-11-20T10:00', '2026-11-23T09:00', 1],
    // Over a holiday, a Wednesday.
    ['2026-11-03T10:00', '2026-11-05T09:00', 1],
    // Received on a Sunday: Monday is the first day it waits.
    ['2026-11-15T10:00', '2026-11-16T09:00', 1],
    ['2026-11-16T00:10', '2026-11-16T23:50', 0],
    // The last minute of a day in Moscow, still the same day in UTC.
    ['2026-11-16T23:59', '2026-11-17T00:01', 1],
  ])('from %s to %s: %i', (from, now, days) => {
    expect(workingDaysSince(at(from), at(now), HOLIDAYS)).toBe(days);
  });

  it('what came before the moment has waited that long, what came after has not', () => {
    const now = at('2026-11-19T12:00');
    for (let hours = 1; hours < 24 * 25; hours += 5) {
      const from = new Date(now.getTime() - hours * 3_600_000);
      for (const days of [1, 3, 10]) {
        const hasWaited = workingDaysSince(from, now, HOLIDAYS) >= days;
        expect(from < waitedFor(days, now, HOLIDAYS), `${from.toISOString()} for ${days}`).toBe(hasWaited);
      }
    }
  });
});
