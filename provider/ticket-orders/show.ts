/** What pages of orders are told: names in one line, numbers masked, sums in words of money. */
import type {
  OrderLine,
  OrderScope,
  OrderState,
  TicketOrder,
} from '../../adapters/ticket-orders/ticket-orders.ts';
import { maskTicketNumber } from '../data-rules/ticket-number.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { Locale } from '../http/texts.ts';
import type { OrderActNeeds } from './act-on-order.ts';
import { roubles, totalKopecks } from './money.ts';

const PAGE = 50;
/** Lines on one page: as many as a form can tick at once. */
export const LINES = 200;

type OrderHead = Pick<
  Screens['operator/orders/order'],
  | 'id'
  | 'organisation'
  | 'state'
  | 'tickets'
  | 'issued'
  | 'total'
  | 'price'
  | 'createdAt'
  | 'submittedAt'
  | 'parcel'
>;
type Listed = OrderHead & { readonly path: string };

export const ordersPath = (organisationId: string): string =>
  `/chair/${encodeURIComponent(organisationId)}/orders`;
export const membersPath = (organisationId: string): string =>
  `/chair/${encodeURIComponent(organisationId)}/members`;
export const orderPath = ({ id, organisation }: TicketOrder): string =>
  `${ordersPath(organisation.id)}/${id}`;

export function headOf(order: TicketOrder, locale: Locale): OrderHead {
  const { id, organisation, state, tickets, issued, createdAt, submittedAt, parcel, unitKopecks } = order;
  return {
    ...{ id, organisation: organisation.shortName, state, tickets, issued, createdAt },
    total: roubles(totalKopecks(order), locale),
    price: roubles(unitKopecks, locale),
    ...(submittedAt && { submittedAt }),
    ...(parcel !== undefined && { parcel }),
  };
}

/** A page of the list, and where the next one is. `pathOf`: where each order opens. */
export async function listed(
  { orderBook }: Pick<OrderActNeeds, 'orderBook'>,
  scope: OrderScope,
  at: {
    readonly locale: Locale;
    readonly listPath: string;
    readonly before: unknown;
    readonly state?: OrderState;
    readonly pathOf: (order: TicketOrder) => string;
  },
): Promise<{ readonly orders: readonly Listed[]; readonly morePath?: string }> {
  const { locale, listPath, before, state, pathOf } = at;
  const found = await orderBook.list(scope, {
    limit: PAGE + 1,
    ...(isOrderId(before) && { before }),
    ...(state && { state }),
  });
  const shown = found.slice(0, PAGE);
  const last = found.length > PAGE ? shown.at(-1) : undefined;
  const query = last && new URLSearchParams({ ...(state && { state }), before: last.id });
  return {
    orders: shown.map((order) => ({ ...headOf(order, locale), path: pathOf(order) })),
    ...(query && { morePath: `${listPath}?${query}` }),
  };
}

/** Digits that the database takes for a number of its own. */
export function isOrderId(id: unknown): id is string {
  return typeof id === 'string' && /^[1-9]\d{0,17}$/.test(id);
}

export function nameOf({ family, given, middle }: Pick<OrderLine, 'family' | 'given' | 'middle'>): string {
  return [family, given, middle].filter((part) => part !== undefined).join(' ');
}

export function personOf(line: Pick<OrderLine, 'memberId' | 'family' | 'given' | 'middle' | 'ticket'>) {
  return { memberId: line.memberId, name: nameOf(line), ticket: maskTicketNumber(line.ticket) };
}
