/** Orders of tickets, the tickets of a member, and who has read which guide. */
import { postgresGuideReads } from '../../adapters/guide-reads/postgres.ts';
import { postgresMemberConsents } from '../../adapters/member-consents/postgres.ts';
import { postgresMemberTickets } from '../../adapters/member-tickets/postgres.ts';
import { postgresOrderBook } from '../../adapters/ticket-orders/postgres-book.ts';
import { postgresOrderDesk } from '../../adapters/ticket-orders/postgres-desk.ts';
import { postgresTicketPrices } from '../../adapters/ticket-orders/postgres-prices.ts';
import { postgresTicketRanges } from '../../adapters/ticket-ranges/postgres.ts';
import type { Stores } from './stores.ts';

export function openTickets({ database }: Stores) {
  const ticketRanges = postgresTicketRanges(database);
  return {
    orderBook: postgresOrderBook(database),
    orderDesk: postgresOrderDesk(),
    ticketPrices: postgresTicketPrices(database),
    memberTickets: postgresMemberTickets(database, ticketRanges),
    memberConsents: postgresMemberConsents(database),
    ticketRanges,
    guideReads: postgresGuideReads(database),
  };
}
