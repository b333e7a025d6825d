/** Days that count for whoever waits for an answer: of Moscow, without Saturdays, Sundays and holidays. Pure. */
import { dayInMoscow } from './calendar-date.ts';

const DAY = 24 * 3_600_000;
/** Moscow has had no summer time since 2014. */
const MOSCOW_OFFSET = '+03:00';

/** Days beside Saturdays and Sundays, yyyy-mm-dd. */
export type NonWorking = ReadonlySet<string>;

/** Working days that have begun since the day of `from`; that day itself is none of them. */
export function workingDaysSince(from: Date, now: Date, nonWorking: NonWorking): number {
  const last = midnight(dayInMoscow(now));
  let days = 0;
  for (let day = midnight(dayInMoscow(from)) + DAY; day <= last; day += DAY)
    days += +isWorking(day, nonWorking);
  return days;
}

/** Whatever came before this moment has waited for `days` working days. */
export function waitedFor(days: number, now: Date, nonWorking: NonWorking): Date {
  let day = midnight(dayInMoscow(now));
  for (let left = days; left > 0; day -= DAY) left -= +isWorking(day, nonWorking);
  return new Date(`${dayOf(day + DAY)}T00:00:00${MOSCOW_OFFSET}`);
}

const midnight = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

function isWorking(at: number, nonWorking: NonWorking): boolean {
  const weekday = new Date(at).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !nonWorking.has(dayOf(at));
}
