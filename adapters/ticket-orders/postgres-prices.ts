/** Prices of a ticket in PostgreSQL. */
import type { Database } from '../database/database.ts';
import type { TicketPrice, TicketPrices } from './ticket-orders.ts';

const PRICE = 'select valid_from as "validFrom", kopecks from ticket_price';

export function postgresTicketPrices(database: Database): TicketPrices {
  return {
    async on(day) {
      const [row] = await database.query<TicketPrice>(
        `${PRICE} where valid_from <= $1::date order by valid_from desc limit 1`,
        [day],
      );
      return row;
    },
    list: () => database.query<TicketPrice>(`${PRICE} order by valid_from`),
    async set({ validFrom, kopecks }, by, tx) {
      await tx.query(
        `insert into ticket_price (valid_from, kopecks, set_by) values ($1, $2, $3)
         on conflict (valid_from) do update set kopecks = excluded.kopecks, set_by = excluded.set_by, set_at = now()`,
        [validFrom, kopecks, by],
      );
    },
  };
}
