/** domain.md §3.7, row by row. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ageOn,
  formatCalendarDate,
  parseBirthdate,
  parseCalendarDate,
} from '../../../provider/data-rules/calendar-date.ts';

const TODAY = '2026-09-27';

it.each([
  ['01.02.1990', '1990-02-01'],
  ['1.2.1990', '1990-02-01'],
  ['01/02/1990', '1990-02-01'],
  ['1990-02-01', '1990-02-01'],
  [' 01.02.1990\u00A0', '1990-02-01'],
  ['29.02.2000', '2000-02-29'],
])('%j is %s', (typed, value) => {
  expect(parseCalendarDate(typed)).toEqual({ ok: true, value });
});

it.each([
  ['29.02.1900', 'date_not_in_calendar'],
  ['31.04.1990', 'date_not_in_calendar'],
  ['00.01.1990', 'date_not_in_calendar'],
  ['01.13.1990', 'date_not_in_calendar'],
  ['1990-02-30', 'date_not_in_calendar'],
  ['14.03.84', 'date_two_digit_year'],
  ['14/3/84', 'date_two_digit_year'],
  ['', 'date_malformed'],
  ['01.02/1990', 'date_malformed'],
  ['1990.02.01', 'date_malformed'],
  ['1 февраля 1990', 'date_malformed'],
  ['01.02.19900', 'date_malformed'],
  [`01.02.1990${' '.repeat(60_000)}`, 'date_malformed'],
])('%.20j is refused: %s', (typed, fault) => {
  expect(parseCalendarDate(typed)).toEqual({ ok: false, fault });
});

describe('a birth date', () => {
  it.each([
    ['27.09.2012', { ok: true, value: '2012-09-27' }],
    ['27.09.1916', { ok: true, value: '1916-09-27' }],
    ['28.09.2012', { ok: false, fault: 'birthdate_too_young' }],
    ['27.09.2013', { ok: false, fault: 'birthdate_too_young' }],
    ['28.09.2026', { ok: false, fault: 'date_in_future' }],
    ['27.09.1915', { ok: false, fault: 'birthdate_too_old' }],
    ['14.03.84', { ok: false, fault: 'date_two_digit_year' }],
  ])('%s', (typed, expected) => {
    expect(parseBirthdate(typed, TODAY)).toEqual(expected);
  });

  it('of a leap day is celebrated on 1 March in other years', () => {
    expect(ageOn('2026-02-28', '1988-02-29')).toBe(37);
    expect(ageOn('2026-03-01', '1988-02-29')).toBe(38);
    expect(ageOn('2028-02-29', '1988-02-29')).toBe(40);
  });
});

it('reads back every day it writes', () => {
  const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
  fc.assert(
    fc.property(day, (moment) => {
      const value = moment.toISOString().slice(0, 10);
      expect(parseCalendarDate(formatCalendarDate(value))).toEqual({ ok: true, value });
    }),
  );
});
