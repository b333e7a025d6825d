/** Orders of tickets and lost ones (E-14…E-18): who moved which order, and how many tickets with it. Never a number. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { OrderMove } from '../../adapters/ticket-orders/ticket-orders.ts';
import type { Recorder, Where } from './recorder.ts';

type Counted = { readonly order: string; readonly organisationId: string; readonly tickets: number };

export function ticketEvents({ record }: Recorder) {
  const told = (
    event: string,
    where: Where,
    staff: string,
    { order, organisationId, tickets }: Counted,
    more: Readonly<Record<string, string>>,
    within: Queryable,
  ) =>
    record(
      {
        ...{ event, outcome: 'success', actor: staff },
        detail: { order, organisation: organisationId, tickets, ...more },
        ...where,
      },
      within,
    );
  const ofMember = (
    event: string,
    where: Where,
    staff: string,
    { organisationId, memberId }: { readonly organisationId: string; readonly memberId: string },
    within: Queryable,
    more: Readonly<Record<string, string>> = {},
  ) =>
    record(
      {
        ...{ event, outcome: 'success', actor: staff },
        detail: { organisation: organisationId, member: memberId, ...more },
        ...where,
      },
      within,
    );

  return {
    async ticketOrderDrafted(where: Where, staff: string, counted: Counted, within: Queryable) {
      await told('ticket_order_drafted', where, staff, counted, {}, within);
    },
    async ticketOrderLeftOut(where: Where, staff: string, counted: Counted, within: Queryable) {
      await told('ticket_order_left_out', where, staff, counted, {}, within);
    },
    async ticketOrderDiscarded(where: Where, staff: string, counted: Counted, within: Queryable) {
      await told('ticket_order_discarded', where, staff, counted, {}, within);
    },
    async ticketOrderMoved(
      where: Where,
      staff: string,
      counted: Counted,
      move: OrderMove,
      within: Queryable,
    ) {
      await told('ticket_order_moved', where, staff, counted, { move }, within);
    },
    /** «выдан» (E-18); to whom, say the lines of the order. */
    async ticketsHandedOut(where: Where, staff: string, counted: Counted, within: Queryable) {
      await told('tickets_handed_out', where, staff, counted, {}, within);
    },
    /** «выдан» was set by mistake. */
    async ticketTakenBack(
      where: Where,
      staff: string,
      {
        order,
        ...whose
      }: { readonly order: string; readonly organisationId: string; readonly memberId: string },
      within: Queryable,
    ) {
      await ofMember('ticket_taken_back', where, staff, whose, within, { order });
    },
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
    async ticketAssigned(
      where: Where,
      staff: string,
      whose: { readonly organisationId: string; readonly memberId: string },
      within: Queryable,
    ) {
      await ofMember('ticket_assigned', where, staff, whose, within);
    },
    async ticketBlocked(
      where: Where,
      staff: string,
      whose: { readonly organisationId: string; readonly memberId: string },
      within: Queryable,
    ) {
      await ofMember('ticket_blocked', where, staff, whose, within);
    },
    /** It was blocked by mistake. */
    async ticketUnblocked(
      where: Where,
      staff: string,
      whose: { readonly organisationId: string; readonly memberId: string },
      within: Queryable,
    ) {
      await ofMember('ticket_unblocked', where, staff, whose, within);
    },
    async ticketReplaced(
      where: Where,
      staff: string,
      whose: { readonly organisationId: string; readonly memberId: string },
      within: Queryable,
    ) {
      await ofMember('ticket_replaced', where, staff, whose, within);
    },
  };
}
