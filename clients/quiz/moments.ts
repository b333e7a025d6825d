/** Dates and times as people write them, by Moscow time: the Union's events are announced by it. */
const TIME_ZONE = 'Europe/Moscow';

const day = new Intl.DateTimeFormat('ru-RU', { dateStyle: 'long', timeZone: TIME_ZONE });
const time = new Intl.DateTimeFormat('ru-RU', { timeStyle: 'short', timeZone: TIME_ZONE });
const year = new Intl.DateTimeFormat('ru-RU', { year: 'numeric', timeZone: TIME_ZONE });

/** «21 ноября 2026 г.» */
export const dayOf = (date: Date): string => day.format(date);
/** «14:05» */
export const timeOf = (date: Date): string => time.format(date);
/** «2026» */
export const yearOf = (date: Date): string => year.format(date);

/** Whole minutes left, the begun one counted: «осталась 1 минута» until the very end. */
export function minutesUntil(deadline: Date, now: Date): number {
  return Math.max(0, Math.ceil((deadline.getTime() - now.getTime()) / 60_000));
}
