/** Days on which nobody works beside Saturdays and Sundays: data, because the government decides them year by year. */
import type { Queryable } from '../database/database.ts';

export type NonWorkingDay = {
  /** yyyy-mm-dd. */
  readonly day: string;
  readonly name: string;
};

export interface CalendarStore {
  /** From this day on (yyyy-mm-dd), in order. */
  nonWorkingDays(from: string): Promise<readonly NonWorkingDay[]>;
  /** False when it is one already. */
  add(day: NonWorkingDay, within?: Queryable): Promise<boolean>;
}
