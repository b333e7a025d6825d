/** Orders of a primary organisation: its chair drafts them and sends them in (E-14). */
import type { Numberless, OrderLine, TicketOrder } from '../../adapters/ticket-orders/ticket-orders.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import {
  discardOrder,
  draftOrder,
  leaveOut,
  moveOrder,
  type OrderActNeeds,
  priceToday,
  submitOrder,
} from './act-on-order.ts';
import { roubles } from './money.ts';
import { ownOrders } from './own-orders.ts';
import { obstaclesOf, proposalFor } from './propose.ts';
import { primaryOrderRules } from './rules.ts';
import { headOf, LINES, membersPath, nameOf, orderPath, ordersPath, personOf } from './show.ts';

export type PrimaryOrderNeeds = OrderActNeeds & {
  readonly notices: Notices;
  readonly readForm: ReadForm;
  readonly events: Pick<Events, 'membersSeen'>;
};

export function primaryOrders(needs: PrimaryOrderNeeds): StaffArea {
  const { orderBook, memberConsents, events, notices, readForm } = needs;

  const { orderOf, tickedIn, actOf, leaveFor } = ownOrders(needs);
  const seen = (ctx: GatewayContext, { officer, organisation }: OfficerAt, what: string, count: number) =>
    events.membersSeen(ctx.state.origin, {
      ...{ staff: officer.account.id, organisationId: organisation.id, what, count },
    });

  const showNew = async (ctx: GatewayContext, at: OfficerAt): Promise<void> => {
    const { ready, withoutConsent, withoutNumber } = await proposalFor(needs, at.organisation.id);
    const { kopecks } = await priceToday(needs);
    const notice = notices.take(ctx);
    await seen(ctx, at, 'ticket_order', countOf(ready, withoutConsent, withoutNumber));
    ctx.render('chair/orders/new', {
      ...at.frame,
      ready: ready.map(personOf),
      withoutConsent: leftOut(at.organisation.id, withoutConsent, 'consents'),
      withoutNumber: leftOut(at.organisation.id, withoutNumber, 'ticket'),
      price: roubles(kopecks, ctx.state.locale),
      total: roubles(kopecks * ready.length, ctx.state.locale),
      action: ordersPath(at.organisation.id),
      listPath: ordersPath(at.organisation.id),
      ...(notice && { notice }),
    });
  };

  const showOrder = async (ctx: GatewayContext, at: OfficerAt, order: TicketOrder): Promise<void> => {
    const after = ctx.method === 'GET' && typeof ctx.query.after === 'string' ? ctx.query.after : undefined;
    const all = order.state === 'draft' ? await orderBook.lines(order.id) : [];
    const obstacles = await obstaclesOf(memberConsents, all);
    const found = await orderBook.lines(order.id, {
      limit: LINES + 1,
      ...(after !== undefined && { after }),
    });
    const shown = found.slice(0, LINES);
    const last = found.length > LINES ? shown.at(-1) : undefined;
    const room = orderPath(order);
    const notice = notices.take(ctx);
    await seen(ctx, at, 'ticket_order', Math.max(shown.length, obstacles.size));
    ctx.render('chair/orders/order', {
      ...at.frame,
      ...headOf(order, ctx.state.locale),
      steps: await orderBook.steps(order.id),
      lines: shown.map((line) => ({ ...lineOf(line), ...obstacleOf(obstacles, line) })),
      ...(last && { morePath: `${room}?${new URLSearchParams({ after: last.memberId })}` }),
      obstacles: all.flatMap((line) => {
        const { obstacle } = obstacleOf(obstacles, line);
        return obstacle ? { name: nameOf(line), obstacle } : [];
      }),
      ...{ room, listPath: ordersPath(at.organisation.id), own: !at.frame.at.below },
      ...(notice && { notice }),
      ...(ctx.method === 'POST' && { problem: { field: 'form', code: 'order_has_obstacles' } as const }),
    });
  };

  return staffArea(primaryOrderRules, {
    'GET /chair/:organisation/orders/new': showNew,
    'POST /chair/:organisation/orders': async (ctx, at) => {
      readForm(ctx, {});
      const { organisation } = at;
      const id = await draftOrder(needs, actOf(ctx, at), organisation.id);
      if (id === undefined) return leaveFor(ctx, 'order_nobody', `${ordersPath(organisation.id)}/new`);
      leaveFor(ctx, 'order_drafted', `${ordersPath(organisation.id)}/${id}`);
    },
    'GET /chair/:organisation/orders/:order': async (ctx, at) => showOrder(ctx, at, await orderOf(ctx, at)),
    'GET /chair/:organisation/orders/:order/sheet': async (ctx, at) => {
      const order = await orderOf(ctx, at);
      const lines = (await orderBook.lines(order.id)).filter(({ outcome }) => outcome !== 'void');
      await seen(ctx, at, 'ticket_sheet', lines.length);
      ctx.render('chair/orders/sheet', {
        ...at.frame,
        ...headOf(order, ctx.state.locale),
        lines: lines.map(lineOf),
        room: orderPath(order),
      });
    },
    'POST /chair/:organisation/orders/:order/leave-out': async (ctx, at) => {
      const order = await orderOf(ctx, at);
      const chosen = await tickedIn(ctx, order);
      if (chosen === 'all' || chosen.length === 0)
        return leaveFor(ctx, 'order_none_ticked', orderPath(order));
      const outcome = await leaveOut(needs, actOf(ctx, at), order, chosen);
      const notice = outcome === 'elsewhere' ? 'order_elsewhere' : 'order_left_out';
      leaveFor(ctx, notice, outcome === 'gone' ? ordersPath(at.organisation.id) : orderPath(order));
    },
    'POST /chair/:organisation/orders/:order/discard': async (ctx, at) => {
      readForm(ctx, {});
      const order = await orderOf(ctx, at);
      if (await discardOrder(needs, actOf(ctx, at), order)) {
        return leaveFor(ctx, 'order_discarded', ordersPath(at.organisation.id));
      }
      leaveFor(ctx, 'order_elsewhere', orderPath(order));
    },
    'POST /chair/:organisation/orders/:order/submit': async (ctx, at) => {
      readForm(ctx, {});
      const order = await orderOf(ctx, at);
      const outcome = await submitOrder(needs, actOf(ctx, at), order);
      if (outcome === 'obstacles') {
        ctx.status = 422;
        return showOrder(ctx, at, order);
      }
      leaveFor(ctx, outcome === 'submitted' ? 'order_submitted' : 'order_elsewhere', orderPath(order));
    },
    'POST /chair/:organisation/orders/:order/withdraw': async (ctx, at) => {
      readForm(ctx, {});
      const order = await orderOf(ctx, at);
      const isDone = await moveOrder(needs, actOf(ctx, at), order, 'withdraw');
      leaveFor(ctx, isDone ? 'order_withdrawn' : 'order_elsewhere', orderPath(order));
    },
  });
}

/** Whoever lacks two things is one person. */
function countOf(...lists: readonly (readonly Numberless[])[]): number {
  return new Set(lists.flat().map(({ memberId }) => memberId)).size;
}

/** As many as a page takes, each with the page where what she lacks is made good. */
function leftOut(organisationId: string, people: readonly Numberless[], part: 'consents' | 'ticket') {
  return {
    people: people.slice(0, LINES).map((person) => ({
      name: nameOf(person),
      path: `${membersPath(organisationId)}/${encodeURIComponent(person.memberId)}/${part}`,
    })),
    more: Math.max(0, people.length - LINES),
  };
}

function lineOf(line: OrderLine) {
  const { outcome, settledAt } = line;
  return { ...personOf(line), ...(outcome && { outcome }), ...(settledAt && { settledAt }) };
}

function obstacleOf(
  obstacles: ReadonlyMap<string, 'consent' | 'membership'>,
  { memberId }: OrderLine,
): { readonly obstacle?: 'consent' | 'membership' } {
  const obstacle = obstacles.get(memberId);
  return obstacle ? { obstacle } : {};
}
