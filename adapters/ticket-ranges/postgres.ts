/** Ranges of ticket numbers in PostgreSQL: each one a row with the first number that was not taken from it yet. */
import type { Database } from '../database/database.ts';
import type { TicketRange, TicketRanges } from './ticket-ranges.ts';

const SQLSTATE_EXCLUSION = '23P01';

const asText = (column: string): string => `lpad((${column})::text, 16, '0')`;
const FIRST = asText('r.first');
const LAST = asText('r.last');
const NEXT = asText('r.next');
const ANY_LEFT = asText('generate_series(next, last)');

/** A set returned by the select list is walked row by row: a long range costs no more than a short one. */
const NEXT_FREE = `select number
  from (select ${ANY_LEFT} as number from ticket_range where id = $1) run
 where not exists (select from ticket t where t.number = run.number) limit 1`;

export function postgresTicketRanges(database: Database): TicketRanges {
  return {
    all: () =>
      database.query<TicketRange>(
        `select ${FIRST} as first, ${LAST} as last, r.added_at as "addedAt",
                (r.last - r.next + 1 - (select count(*) from ticket t
                   where t.number between ${NEXT} and ${LAST}))::float8 as free
           from ticket_range r order by r.id`,
      ),

    async isOpen() {
      return (await database.query('select from ticket_range where next <= last limit 1')).length === 1;
    },

    async add(first, last, by) {
      try {
        await database.query(
          'insert into ticket_range (first, last, next, added_by) values ($1::bigint, $2::bigint, $1::bigint, $3)',
          [first, last, by],
        );
        return true;
      } catch (error) {
        if ((error as { code?: unknown }).code === SQLSTATE_EXCLUSION) return false;
        throw error;
      }
    },

    async take(within) {
      for (;;) {
        const [range] = await within.query<{ id: string }>(
          'select id::text from ticket_range where next <= last order by ticket_range.id limit 1 for update',
        );
        if (!range) return undefined;
        const [free] = await within.query<{ number: string }>(NEXT_FREE, [range.id]);
        await within.query(
          'update ticket_range set next = coalesce($2::bigint, last) + 1 where id = $1::bigint',
          [range.id, free?.number ?? null],
        );
        if (free) return free.number;
      }
    },
  };
}
