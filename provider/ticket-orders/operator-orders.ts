/**
 * The central office: takes orders into production, gives the maker the list to print by, posts the parcels. The pages
 * count; whom the tickets are for stands in that list alone, which is given out with a reason.
 */
import { z } from 'zod';
import { ORDER_STATES, type TicketOrder } from '../../adapters/ticket-orders/ticket-orders.ts';
import { goTo } from '../cabinet/rooms.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { SHEET_TYPES, writeSheet } from '../exchange/write-sheet.ts';
import { sendAttachment } from '../http/attachment.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { Screens } from '../http/screens/screens.ts';
import { type Translate, translator } from '../http/texts.ts';
import type { Officer } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { moveOrder, type OrderActNeeds } from './act-on-order.ts';
import { operatorOrderRules } from './rules.ts';
import { headOf, isOrderId, listed } from './show.ts';

export type OperatorOrderNeeds = OrderActNeeds & {
  readonly notices: Notices;
  readonly readForm: ReadForm;
  readonly events: Pick<Events, 'membersSeen' | 'ticketOrderExported'>;
};

const LIST = '/operator/orders';
/** Those the central office has to do with. */
const STATES = ORDER_STATES.filter((state) => state !== 'draft');
/** Why somebody needs the list with the names; a code each, which the audit keeps. */
const EXPORT_REASONS = ['production', 'reprint', 'check'] as const;
const EXPORT_COLUMNS = ['number', 'ticket', 'family', 'given', 'middle', 'organisation'] as const;
/** As the post writes it on its receipt. */
const PARCEL = /^[\p{L}\d][\p{L}\d -]{3,39}$/u;

const text = z.string().max(200);
const exportFields = { reason: text.optional(), format: text.optional() };

type Again = Partial<Pick<Screens['operator/orders/order'], 'typed' | 'problem'>>;

export function operatorOrders(needs: OperatorOrderNeeds): StaffArea {
  const { orderBook, events, notices, readForm } = needs;

  const orderOf = async (ctx: GatewayContext): Promise<TicketOrder> => {
    const id = paramOf(ctx, 'order');
    const order = isOrderId(id) ? await orderBook.find(id, 'union') : undefined;
    if (!order) throw new GatewayError('not_found');
    return order;
  };
  const show = async (ctx: GatewayContext, order: TicketOrder, again: Again = {}): Promise<void> => {
    const notice = notices.take(ctx);
    if (again.problem) ctx.status = 422;
    ctx.render('operator/orders/order', {
      ...headOf(order, ctx.state.locale),
      steps: await orderBook.steps(order.id),
      room: pathOf(order),
      ...{ reasons: EXPORT_REASONS, columns: EXPORT_COLUMNS, typed: {} },
      ...again,
      ...(notice && { notice }),
    });
  };
  const moved = (
    ctx: GatewayContext,
    order: TicketOrder,
    isDone: boolean,
    notice: 'order_produced' | 'order_shipped',
  ) => {
    notices.leave(ctx, isDone ? notice : 'order_elsewhere');
    goTo(ctx, pathOf(order));
  };
  const actOf = (ctx: GatewayContext, { account }: Officer) => ({
    where: ctx.state.origin,
    staff: account.id,
  });

  return staffArea(operatorOrderRules, {
    'GET /operator/orders': async (ctx) => {
      const state = STATES.find((one) => one === ctx.query.state) ?? 'submitted';
      const at = { locale: ctx.state.locale, listPath: LIST, before: ctx.query.before, state, pathOf };
      ctx.render('operator/orders/list', {
        state,
        states: STATES.map((one) => ({ state: one, path: `${LIST}?state=${one}` })),
        ...(await listed(needs, 'union', at)),
      });
    },
    'GET /operator/orders/:order': async (ctx) => show(ctx, await orderOf(ctx)),
    'POST /operator/orders/:order/produce': async (ctx, officer) => {
      readForm(ctx, {});
      const order = await orderOf(ctx);
      moved(ctx, order, await moveOrder(needs, actOf(ctx, officer), order, 'produce'), 'order_produced');
    },
    'POST /operator/orders/:order/ship': async (ctx, officer) => {
      const { parcel } = readForm(ctx, { parcel: text });
      const order = await orderOf(ctx);
      const number = parcel.normalize('NFKC').trim();
      if (!PARCEL.test(number)) {
        const problem = { field: 'parcel', code: 'parcel_number' } as const;
        return show(ctx, order, { typed: { parcel }, problem });
      }
      const isDone = await moveOrder(needs, actOf(ctx, officer), order, 'ship', { parcel: number });
      moved(ctx, order, isDone, 'order_shipped');
    },
    'POST /operator/orders/:order/export': async (ctx, { account }) => {
      const typed = readForm(ctx, exportFields);
      const order = await orderOf(ctx);
      const again = { typed: definedOf(typed) };
      const reason = EXPORT_REASONS.find((one) => one === typed.reason);
      if (!reason)
        return show(ctx, order, { ...again, problem: { field: 'reason', code: 'order_reason_missing' } });
      const format = typed.format === 'csv' ? 'csv' : 'xlsx';
      const lines = (await orderBook.lines(order.id)).filter(({ outcome }) => outcome !== 'void');
      const { id, organisation } = order;
      const seen = { staff: account.id, organisationId: organisation.id, what: 'ticket_order', reason };
      await events.membersSeen(ctx.state.origin, { ...seen, count: lines.length });
      const counted = { order: id, organisationId: organisation.id, tickets: lines.length };
      await events.ticketOrderExported(ctx.state.origin, account.id, counted, reason);
      const t = translator(ctx.state.locale);
      sendAttachment(ctx, {
        fileName: `tickets-order-${id}.${format}`,
        type: SHEET_TYPES[format],
        content: await writeSheet(format, {
          sheet: t('orders.number', { id }),
          header: headerOf(t),
          rows: lines.map(({ ticket, family, given, middle }, at) => [
            ...[String(at + 1), ticket, family, given, middle, organisation.shortName],
          ]),
        }),
      });
    },
  });
}

const pathOf = ({ id }: TicketOrder): string => `${LIST}/${id}`;

function headerOf(t: Translate): readonly string[] {
  return EXPORT_COLUMNS.map((column) => t(`operator.orders.column.${column}`));
}

function definedOf({ reason, format }: { reason?: string | undefined; format?: string | undefined }) {
  return { ...(reason !== undefined && { reason }), ...(format !== undefined && { format }) };
}
