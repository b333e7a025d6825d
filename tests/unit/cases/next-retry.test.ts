import { describe, expect, it } from 'vitest';
import { dayInPerm, nextRetry } from '../../../provider/cases/next-retry.ts';

const HOLIDAYS = new Set([
  ...['2026-01-09', '2026-02-23', '2026-03-09', '2026-05-01', '2026-05-11', '2026-06-12', '2026-11-04'],
  ...['2026-12-31', '2027-01-01', '2027-01-04', '2027-01-05', '2027-01-06', '2027-01-07', '2027-01-08'],
]);

/** Moscow is +03:00, Perm +05:00. */
const rows: readonly [when: string, correctedAt: string, retry: string][] = [
  ['Monday morning', '2026-11-16T09:00+05:00', '2026-11-17T14:00+05:00'],
  ['Monday evening, after 14:00', '2026-11-16T19:00+05:00', '2026-11-17T14:00+05:00'],
  ['the first minute of a day', '2026-11-17T00:00+05:00', '2026-11-18T14:00+05:00'],
  ['the last minute of a day', '2026-11-17T23:59+05:00', '2026-11-18T14:00+05:00'],
  ['23:30 in Moscow, which is the next day in Perm', '2026-11-16T23:30+03:00', '2026-11-18T14:00+05:00'],
  ['21:59 in Moscow, still the same day in Perm', '2026-11-16T21:59+03:00', '2026-11-17T14:00+05:00'],
  ['Friday', '2026-11-20T10:00+05:00', '2026-11-23T14:00+05:00'],
  ['Friday 23:30 in Moscow', '2026-11-20T23:30+03:00', '2026-11-23T14:00+05:00'],
  ['Saturday', '2026-11-21T10:00+05:00', '2026-11-23T14:00+05:00'],
  ['Sunday', '2026-11-22T10:00+05:00', '2026-11-23T14:00+05:00'],
  ['Sunday 23:30 in Moscow, Monday in Perm', '2026-11-22T23:30+03:00', '2026-11-24T14:00+05:00'],
  ['the day before a holiday in the week', '2026-11-03T10:00+05:00', '2026-11-05T14:00+05:00'],
  ['a holiday itself', '2026-11-04T10:00+05:00', '2026-11-05T14:00+05:00'],
  ['Friday before a weekend with a transfer after it', '2026-05-08T10:00+05:00', '2026-05-12T14:00+05:00'],
  ['Friday before 8 March, Monday is free for it', '2026-03-06T10:00+05:00', '2026-03-10T14:00+05:00'],
  ['Thursday before a holiday on Friday', '2026-06-11T10:00+05:00', '2026-06-15T14:00+05:00'],
  ['8 January: Friday the 9th is a transfer', '2026-01-08T10:00+05:00', '2026-01-12T14:00+05:00'],
  ['30 December, when the 31st is a transfer', '2026-12-30T10:00+05:00', '2027-01-11T14:00+05:00'],
  ['31 December', '2026-12-31T23:30+03:00', '2027-01-11T14:00+05:00'],
  ['28 February of a common year', '2027-02-28T10:00+05:00', '2027-03-01T14:00+05:00'],
  ['28 February of a leap year', '2028-02-28T10:00+05:00', '2028-02-29T14:00+05:00'],
  ['a day of summer time elsewhere', '2026-03-29T02:30+02:00', '2026-03-30T14:00+05:00'],
];

describe('«следующий рабочий день после 14:00», in Perm (Q-22)', () => {
  it.each(rows)('%s', (_when, correctedAt, retry) => {
    expect(nextRetry(new Date(correctedAt), HOLIDAYS)).toEqual(new Date(retry));
  });

  it('is always later than the correction, and between 14 hours and the end of the longest holidays', () => {
    for (let hour = 0; hour < 24 * 366; hour += 1) {
      const correctedAt = new Date(Date.UTC(2026, 0, 1) + hour * 3_600_000);
      const wait = (nextRetry(correctedAt, HOLIDAYS).getTime() - correctedAt.getTime()) / 3_600_000;
      expect(wait).toBeGreaterThan(14);
      expect(wait).toBeLessThanOrEqual(13 * 24);
    }
  });

  it('days begin in Perm two hours before Moscow', () => {
    expect(dayInPerm(new Date('2026-12-31T21:59+03:00'))).toBe('2026-12-31');
    expect(dayInPerm(new Date('2026-12-31T22:00+03:00'))).toBe('2027-01-01');
  });
});
