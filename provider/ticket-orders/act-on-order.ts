/** What is done with an order, each with its event, in one transaction. Who may do it was decided at the door. */
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { MemberConsents } from '../../adapters/member-consents/member-consents.ts';
import type {
  OrderBook,
  OrderDesk,
  OrderMove,
  TicketOrder,
  TicketPrices,
} from '../../adapters/ticket-orders/ticket-orders.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import { obstaclesOf, proposalFor } from './propose.ts';

export type OrderActNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly orderBook: OrderBook;
  readonly orderDesk: OrderDesk;
  readonly ticketPrices: Pick<TicketPrices, 'on'>;
  readonly memberConsents: Pick<MemberConsents, 'standing'>;
  readonly clock: Clock;
  readonly events: Pick<
    Events,
    | 'ticketOrderDrafted'
    | 'ticketOrderLeftOut'
    | 'ticketOrderDiscarded'
    | 'ticketOrderMoved'
    | 'ticketsHandedOut'
    | 'ticketTakenBack'
  >;
};

/** `staff`: the account of whoever acts. */
export type Act = { readonly where: Where; readonly staff: string };

/** Of one ticket, today. */
export async function priceToday({ ticketPrices, clock }: Pick<OrderActNeeds, 'ticketPrices' | 'clock'>) {
  const price = await ticketPrices.on(dayInMoscow(clock.now()));
  if (!price)
    throw new GatewayError('server_error', { cause: new RangeError('no price of a ticket for today') });
  return price;
}

/** The id of the draft with everybody who is ready; undefined when nobody is. */
export async function draftOrder(
  needs: OrderActNeeds,
  { where, staff }: Act,
  organisationId: string,
): Promise<string | undefined> {
  const { ready } = await proposalFor(needs, organisationId);
  const { kopecks: unitKopecks } = await priceToday(needs);
  const memberIds = ready.map(({ memberId }) => memberId);
  return needs.database.transaction(async (tx) => {
    const draft = await needs.orderDesk.draft({ organisationId, memberIds, unitKopecks }, tx);
    if (!draft) return undefined;
    const { id, tickets } = draft;
    await needs.events.ticketOrderDrafted(where, staff, { order: id, organisationId, tickets }, tx);
    return id;
  });
}

/** `gone`: it was the last line. */
export async function leaveOut(
  { database, orderBook, orderDesk, events }: OrderActNeeds,
  { where, staff }: Act,
  { id, organisation: { id: organisationId } }: TicketOrder,
  memberIds: readonly string[],
): Promise<'left-out' | 'gone' | 'elsewhere'> {
  return database.transaction(async (tx) => {
    const tickets = await orderDesk.leaveOut(id, memberIds, tx);
    if (tickets === undefined) return 'elsewhere';
    await events.ticketOrderLeftOut(where, staff, { order: id, organisationId, tickets }, tx);
    return (await orderBook.find(id, { at: organisationId }, tx)) ? 'left-out' : 'gone';
  });
}

export async function discardOrder(
  { database, orderDesk, events }: OrderActNeeds,
  { where, staff }: Act,
  { id, tickets, organisation: { id: organisationId } }: TicketOrder,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    if (!(await orderDesk.discard(id, tx))) return false;
    await events.ticketOrderDiscarded(where, staff, { order: id, organisationId, tickets }, tx);
    return true;
  });
}

/** At the price of today. `obstacles`: it stays the draft it is. */
export async function submitOrder(
  needs: OrderActNeeds,
  act: Act,
  order: TicketOrder,
): Promise<'submitted' | 'obstacles' | 'elsewhere'> {
  const lines = await needs.orderBook.lines(order.id);
  if ((await obstaclesOf(needs.memberConsents, lines)).size > 0) return 'obstacles';
  const { kopecks: unitKopecks } = await priceToday(needs);
  return (await moveOrder(needs, act, order, 'submit', { unitKopecks })) ? 'submitted' : 'elsewhere';
}

/** False when it does not stand where the move begins, any more or yet. */
export async function moveOrder(
  { database, orderDesk, events }: OrderActNeeds,
  { where, staff }: Act,
  { id, organisation: { id: organisationId } }: TicketOrder,
  move: OrderMove,
  facts: { readonly unitKopecks?: number; readonly parcel?: string } = {},
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const tickets = await orderDesk.move(id, move, facts, tx);
    if (tickets === undefined) return false;
    await events.ticketOrderMoved(where, staff, { order: id, organisationId, tickets }, move, tx);
    return true;
  });
}

/** How many have been handed out by this; those that were before are passed over. */
export async function handOut(
  { database, orderDesk, events }: OrderActNeeds,
  { where, staff }: Act,
  { id, organisation: { id: organisationId } }: TicketOrder,
  memberIds: readonly string[] | 'all',
): Promise<number> {
  return database.transaction(async (tx) => {
    const tickets = await orderDesk.handOut(id, memberIds, staff, tx);
    if (tickets > 0) await events.ticketsHandedOut(where, staff, { order: id, organisationId, tickets }, tx);
    return tickets;
  });
}

/** False when hers has not been handed out, or is blocked since. */
export async function takeBack(
  { database, orderDesk, events }: OrderActNeeds,
  { where, staff }: Act,
  { id, organisation: { id: organisationId } }: TicketOrder,
  memberId: string,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    if (!(await orderDesk.takeBack(id, memberId, tx))) return false;
    await events.ticketTakenBack(where, staff, { order: id, organisationId, memberId }, tx);
    return true;
  });
}
