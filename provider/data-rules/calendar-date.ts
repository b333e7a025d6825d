/**
 * Days without a clock: birth dates above all. Typed as дд.мм.гггг, kept as yyyy-mm-dd text, never as a Date, so that
 * no time zone can move a birthday (domain.md §3.7).
 */
import { normalForm } from './normal-form.ts';

const LONGEST_INPUT = 100;
const YOUNGEST = 14;
const OLDEST = 110;
/** Swedish writes a date as yyyy-mm-dd. */
const MOSCOW = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Moscow' });

export type CalendarDateFault = 'date_malformed' | 'date_two_digit_year' | 'date_not_in_calendar';
export type BirthdateFault =
  | CalendarDateFault
  | 'date_in_future'
  | 'birthdate_too_young'
  | 'birthdate_too_old';
type Parsed<Fault> =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly fault: Fault };

/** `01.02.1990`, `1.2.1990`, `01/02/1990` or `1990-02-01` → `1990-02-01`. */
export function parseCalendarDate(typed: string): Parsed<CalendarDateFault> {
  if (typed.length > LONGEST_INPUT) return { ok: false, fault: 'date_malformed' };
  const text = normalForm(typed);
  if (/^\d{1,2}([./])\d{1,2}\1\d{2}$/.test(text)) return { ok: false, fault: 'date_two_digit_year' };
  const typedDate = /^(?<day>\d{1,2})([./])(?<month>\d{1,2})\2(?<year>\d{4})$/.exec(text);
  const nativeDate = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})$/.exec(text);
  const { year, month, day } = (typedDate ?? nativeDate)?.groups ?? {};
  if (year === undefined || month === undefined || day === undefined) {
    return { ok: false, fault: 'date_malformed' };
  }
  const value = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (!isInCalendar(value)) return { ok: false, fault: 'date_not_in_calendar' };
  return { ok: true, value };
}

/** `today` as yyyy-mm-dd, in the zone that decides. From 14 (10-ФЗ art. 2) to 110 years. */
export function parseBirthdate(typed: string, today: string): Parsed<BirthdateFault> {
  const parsed = parseCalendarDate(typed);
  if (!parsed.ok) return parsed;
  if (parsed.value > today) return { ok: false, fault: 'date_in_future' };
  const age = ageOn(today, parsed.value);
  if (age < YOUNGEST) return { ok: false, fault: 'birthdate_too_young' };
  if (age > OLDEST) return { ok: false, fault: 'birthdate_too_old' };
  return parsed;
}

/** Full years; somebody born on 29 February is a year older on 1 March. */
export function ageOn(today: string, birthdate: string): number {
  const years = Number(today.slice(0, 4)) - Number(birthdate.slice(0, 4));
  return today.slice(5) < birthdate.slice(5) ? years - 1 : years;
}

/** The day it is in Moscow at this moment: the zone of whatever names none (domain.md §3.7). */
export function dayInMoscow(at: Date): string {
  return MOSCOW.format(at);
}

/** yyyy-mm-dd → дд.мм.гггг. */
export function formatCalendarDate(date: string): string {
  return date.split('-').reverse().join('.');
}

function isInCalendar(date: string): boolean {
  const moment = new Date(`${date}T00:00:00Z`);
  // Date rolls 31 April over into May: a real day comes back as itself.
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(date);
}
