/** Non-working days in PostgreSQL. */
import type { Database } from '../database/database.ts';
import type { CalendarStore, NonWorkingDay } from './calendar-store.ts';

export function postgresCalendar(database: Database): CalendarStore {
  return {
    nonWorkingDays: (from) =>
      database.query<NonWorkingDay>(
        'select day, name from non_working_day where day >= $1::date order by day',
        [from],
      ),
    async add({ day, name }, within = database) {
      const rows = await within.query(
        'insert into non_working_day (day, name) values ($1::date, $2) on conflict do nothing returning day',
        [day, name],
      );
      return rows.length === 1;
    },
  };
}
