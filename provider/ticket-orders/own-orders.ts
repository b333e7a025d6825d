/** What the pages of a primary organisation's orders share: which order, which of its members are ticked, who acts. */
import { z } from 'zod';
import type { OrderBook, TicketOrder } from '../../adapters/ticket-orders/ticket-orders.ts';
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { NoticeCode } from '../http/texts.ts';
import type { OfficerAt } from '../staff/officer.ts';
import type { Act } from './act-on-order.ts';
import { isOrderId } from './show.ts';

export type OwnOrderNeeds = {
  readonly orderBook: OrderBook;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

const ticked = z.literal('yes').optional();

export function ownOrders({ orderBook, notices, readForm }: OwnOrderNeeds) {
  return {
    async orderOf(ctx: GatewayContext, { organisation }: OfficerAt): Promise<TicketOrder> {
      const id = paramOf(ctx, 'order');
      const order = isOrderId(id) ? await orderBook.find(id, { at: organisation.id }) : undefined;
      if (!order) throw new GatewayError('not_found');
      return order;
    },
    /** Members whose box is ticked, or «all of them»; a form can only tick those of the order. */
    async tickedIn(ctx: GatewayContext, { id }: TicketOrder): Promise<readonly string[] | 'all'> {
      const ids = (await orderBook.lines(id)).map(({ memberId }) => memberId);
      const form: Readonly<Record<string, unknown>> = readForm(ctx, {
        ...Object.fromEntries(ids.map((member) => [`member-${member}`, ticked])),
        all: ticked,
      });
      return form.all === 'yes' ? 'all' : ids.filter((member) => form[`member-${member}`] === 'yes');
    },
    actOf: (ctx: GatewayContext, { officer }: OfficerAt): Act => ({
      where: ctx.state.origin,
      staff: officer.account.id,
    }),
    leaveFor(ctx: GatewayContext, notice: NoticeCode, path: string): void {
      notices.leave(ctx, notice);
      goTo(ctx, path);
    },
  };
}
