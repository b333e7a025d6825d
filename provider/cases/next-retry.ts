/**
 * From when on a corrected record of «Контингент» is good for a sign-in: «следующий рабочий день после 14:00», in Perm,
 * where it is corrected. Pure.
 */

/** Asia/Yekaterinburg, which Perm lives by, has had no summer time since 2014. */
const PERM_HOURS = 5;
const RETRY_HOUR = 14;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** `nonWorking`: days beside Saturdays and Sundays, yyyy-mm-dd. */
export function nextRetry(correctedAt: Date, nonWorking: ReadonlySet<string>): Date {
  let day = Date.parse(`${dayInPerm(correctedAt)}T00:00:00Z`) + DAY;
  while (!isWorking(new Date(day), nonWorking)) day += DAY;
  return new Date(day + (RETRY_HOUR - PERM_HOURS) * HOUR);
}

/** yyyy-mm-dd. */
export function dayInPerm(at: Date): string {
  return dayOf(new Date(at.getTime() + PERM_HOURS * HOUR));
}

function isWorking(midnight: Date, nonWorking: ReadonlySet<string>): boolean {
  const weekday = midnight.getUTCDay();
  return weekday !== 0 && weekday !== 6 && !nonWorking.has(dayOf(midnight));
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
