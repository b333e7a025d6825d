/** Everything staff do about tickets, in one list. */
import type { StaffArea } from '../staff/staff-area.ts';
import { type HandOutNeeds, handOutTickets } from './hand-out.ts';
import { type MemberTicketNeeds, memberTicket } from './member-ticket.ts';
import { type OperatorOrderNeeds, operatorOrders } from './operator-orders.ts';
import { type OverseenOrderNeeds, overseenOrders } from './overseen-orders.ts';
import { type PrimaryOrderNeeds, primaryOrders } from './primary-orders.ts';

export type TicketAreaNeeds = PrimaryOrderNeeds &
  OverseenOrderNeeds &
  OperatorOrderNeeds &
  MemberTicketNeeds &
  HandOutNeeds;

export function ticketAreas(needs: TicketAreaNeeds): readonly StaffArea[] {
  return [
    primaryOrders(needs),
    handOutTickets(needs),
    overseenOrders(needs),
    operatorOrders(needs),
    memberTicket(needs),
  ];
}
