/** The position in a row per register: another register has another feed. */
import type { Database } from '../database/database.ts';
import type { FeedPosition } from './feed-position.ts';

export function postgresFeedPosition(database: Database, register: string): FeedPosition {
  return {
    async claim(seconds) {
      const [row] = await database.query<{ cursor: string | null }>(
        `insert into register_cursor as r (register, asked_at) values ($1, clock_timestamp())
         on conflict (register) do update set asked_at = excluded.asked_at
           where r.asked_at <= clock_timestamp() - make_interval(secs => $2)
         returning cursor`,
        [register, seconds],
      );
      return row && { cursor: row.cursor ?? undefined };
    },
    async advance(from, to, within) {
      const rows = await within.query(
        `update register_cursor set cursor = $3 where register = $1 and cursor is not distinct from $2
         returning register`,
        [register, from ?? null, to ?? null],
      );
      return rows.length === 1;
    },
  };
}
