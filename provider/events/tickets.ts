/** Orders of tickets and lost ones (E-14…E-18): who moved which order, and how many tickets with it. Never a number. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { OrderMove } from '../../adapters/ticket-orders/ticket-orders.ts';
import type { Recorder, Where } from './recorder.ts';

type Counted = { readonly order: string; readonly organisationId: string; readonly tickets: number };
type Whose = { readonly organisationId: string; readonly memberId: string };
type Tell<What> = (where: Where, staff: string, what: What, within: Queryable) => Promise<void>;

export function ticketEvents({ record }: Recorder) {
  const ofOrder =
    (event: string, more: Readonly<Record<string, string>> = {}): Tell<Counted> =>
    (where, staff, { order, organisationId, tickets }, within) =>
      record(
        {
          ...{ event, outcome: 'success', actor: staff },
          detail: { order, organisation: organisationId, tickets, ...more },
          ...where,
        },
        within,
      );
  const ofMember =
    (event: string, more: Readonly<Record<string, string>> = {}): Tell<Whose> =>
    (where, staff, { organisationId, memberId }, within) =>
      record(
        {
          ...{ event, outcome: 'success', actor: staff },
          detail: { organisation: organisationId, member: memberId, ...more },
          ...where,
        },
        within,
      );

  return {
    ticketOrderDrafted: ofOrder('ticket_order_drafted'),
    ticketOrderLeftOut: ofOrder('ticket_order_left_out'),
    ticketOrderDiscarded: ofOrder('ticket_order_discarded'),
    ticketOrderMoved: (
      where: Where,
      staff: string,
      counted: Counted,
      move: OrderMove,
      within: Queryable,
    ): Promise<void> => ofOrder('ticket_order_moved', { move })(where, staff, counted, within),
    /** «выдан» (E-18); to whom, say the lines of the order. */
    ticketsHandedOut: ofOrder('tickets_handed_out'),
    /** «выдан» was set by mistake. */
    ticketTakenBack: (
      where: Where,
      staff: string,
      { order, ...whose }: Whose & { readonly order: string },
      within: Queryable,
    ): Promise<void> => ofMember('ticket_taken_back', { order })(where, staff, whose, within),
    /** Into the file that the maker of the tickets works by. */
    async ticketOrderExported(where: Where, staff: string, counted: Counted, reason: string) {
      const { order, organisationId, tickets } = counted;
      await record({
        ...{ event: 'ticket_order_exported', outcome: 'success', actor: staff, reason },
        detail: { order, organisation: organisationId, tickets },
        ...where,
      });
    },
    /** The number that was to come later. */
    ticketAssigned: ofMember('ticket_assigned'),
    ticketBlocked: ofMember('ticket_blocked'),
    /** It was blocked by mistake. */
    ticketUnblocked: ofMember('ticket_unblocked'),
    ticketReplaced: ofMember('ticket_replaced'),
  };
}
