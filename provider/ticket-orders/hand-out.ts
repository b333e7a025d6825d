/**
 * Tickets into their members' hands (E-18): ticked one by one, or all that are left after a question that says how many;
 * a mark set by mistake is taken back.
 */
import type { OrderLine, TicketOrder } from '../../adapters/ticket-orders/ticket-orders.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import { paramOf } from '../http/param.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { handOut, type OrderActNeeds, takeBack } from './act-on-order.ts';
import { type OwnOrderNeeds, ownOrders } from './own-orders.ts';
import { handOutRules } from './rules.ts';
import { nameOf, orderPath } from './show.ts';

export type HandOutNeeds = OrderActNeeds & OwnOrderNeeds & { readonly events: Pick<Events, 'personSeen'> };

export function handOutTickets(needs: HandOutNeeds): StaffArea {
  const { orderBook, events, readForm } = needs;
  const { orderOf, tickedIn, actOf, leaveFor } = ownOrders(needs);

  const markedLine = async (ctx: GatewayContext, { id }: TicketOrder): Promise<OrderLine | undefined> => {
    const memberId = paramOf(ctx, 'member');
    const lines = await orderBook.lines(id);
    return lines.find((line) => line.memberId === memberId && line.outcome === 'issued');
  };

  return staffArea(handOutRules, {
    'GET /chair/:organisation/orders/:order/hand-out': async (ctx, at) => {
      const order = await orderOf(ctx, at);
      const room = orderPath(order);
      const { id, tickets, issued, voided } = order;
      if (order.state !== 'at_committee') return leaveFor(ctx, 'order_elsewhere', room);
      ctx.render('chair/orders/hand-out', { ...at.frame, id, left: tickets - issued - voided, room });
    },
    'POST /chair/:organisation/orders/:order/hand-out': async (ctx, at) => {
      const order = await orderOf(ctx, at);
      const path = orderPath(order);
      const chosen = await tickedIn(ctx, order);
      if (chosen.length === 0) return leaveFor(ctx, 'order_none_ticked', path);
      if (order.state !== 'at_committee' && order.state !== 'complete') {
        return leaveFor(ctx, 'order_elsewhere', path);
      }
      await handOut(needs, actOf(ctx, at), order, chosen);
      leaveFor(ctx, 'tickets_handed_out', path);
    },
    'GET /chair/:organisation/orders/:order/members/:member/take-back': async (ctx, at) => {
      const order = await orderOf(ctx, at);
      const room = orderPath(order);
      const line = await markedLine(ctx, order);
      if (!line) return leaveFor(ctx, 'order_elsewhere', room);
      const { memberId, settledAt } = line;
      await events.personSeen(ctx.state.origin, {
        ...{ staff: at.officer.account.id, organisationId: at.organisation.id, memberId },
        ...{ fields: ['name', 'ticket'], reason: 'ticket' },
      });
      ctx.render('chair/orders/take-back', {
        ...at.frame,
        ...{ id: order.id, name: nameOf(line), room, action: ctx.path },
        ...(settledAt && { settledAt }),
      });
    },
    'POST /chair/:organisation/orders/:order/members/:member/take-back': async (ctx, at) => {
      readForm(ctx, {});
      const order = await orderOf(ctx, at);
      const isDone = await takeBack(needs, actOf(ctx, at), order, paramOf(ctx, 'member'));
      leaveFor(ctx, isDone ? 'ticket_taken_back' : 'order_elsewhere', orderPath(order));
    },
  });
}
