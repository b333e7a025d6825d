/**
 * The list of orders, by whose it is: a primary organisation's own, or what lies below a territorial or regional one,
 * with the sums for its budget («смета», E-15). The regional committee takes in the parcels. Names nobody.
 */
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { moveOrder, type OrderActNeeds } from './act-on-order.ts';
import { roubles } from './money.ts';
import { overseenOrderRules } from './rules.ts';
import { isOrderId, listed, orderPath, ordersPath } from './show.ts';

export type OverseenOrderNeeds = OrderActNeeds & { readonly notices: Notices; readonly readForm: ReadForm };

export function overseenOrders(needs: OverseenOrderNeeds): StaffArea {
  const { orderBook, notices, readForm } = needs;

  const showOwn = async (ctx: GatewayContext, { organisation, frame }: OfficerAt): Promise<void> => {
    const listPath = ordersPath(organisation.id);
    const notice = notices.take(ctx);
    const { before } = ctx.query;
    ctx.render('chair/orders/list', {
      ...frame,
      ...(await listed(
        needs,
        { at: organisation.id },
        { locale: ctx.state.locale, listPath, before, pathOf: orderPath },
      )),
      ...(!frame.at.below && { newPath: `${listPath}/new` }),
      ...(notice && { notice }),
    });
  };

  const showBelow = async (ctx: GatewayContext, { organisation, frame }: OfficerAt): Promise<void> => {
    const { locale } = ctx.state;
    const scope = { below: organisation.path };
    const listPath = ordersPath(organisation.id);
    const at = { locale, listPath, before: ctx.query.before, pathOf: orderPath };
    const awaited =
      organisation.kind === 'regional' && !frame.at.below
        ? (await listed(needs, scope, { ...at, before: undefined, state: 'shipped' })).orders
        : undefined;
    const notice = notices.take(ctx);
    ctx.render('chair/orders/below', {
      ...frame,
      years: (await orderBook.years(scope)).map(({ kopecks, ...year }) => ({
        ...year,
        total: roubles(kopecks, locale),
      })),
      ...(awaited && {
        awaited: awaited.map((order) => ({ ...order, action: `${listPath}/${order.id}/receive` })),
      }),
      ...(await listed(needs, scope, at)),
      ...(notice && { notice }),
    });
  };

  return staffArea(overseenOrderRules, {
    'GET /chair/:organisation/orders': (ctx, at) =>
      at.organisation.kind === 'primary' ? showOwn(ctx, at) : showBelow(ctx, at),
    'POST /chair/:organisation/orders/:order/receive': async (ctx, { officer, organisation }) => {
      readForm(ctx, {});
      const id = paramOf(ctx, 'order');
      const order = isOrderId(id) ? await orderBook.find(id, { below: organisation.path }) : undefined;
      if (!order) throw new GatewayError('not_found');
      const act = { where: ctx.state.origin, staff: officer.account.id };
      const isDone = await moveOrder(needs, act, order, 'receive');
      notices.leave(ctx, isDone ? 'order_received' : 'order_elsewhere');
      goTo(ctx, ordersPath(organisation.id));
    },
  });
}
