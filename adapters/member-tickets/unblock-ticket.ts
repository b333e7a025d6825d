/**
 * A ticket that was blocked by mistake signs in again, and stands where it stood. One that was on its way is back in its
 * order if that has not gone on without it, and is to be ordered anew otherwise.
 */
import type { Queryable } from '../database/database.ts';
import { recordChange } from '../registry/change-log.ts';
import type { TicketState } from '../registry/registry.ts';
import { reopen } from '../ticket-orders/postgres-desk.ts';
import type { OrderState } from '../ticket-orders/ticket-orders.ts';
import { LIVE } from './give-ticket.ts';

/** Where the tickets of an order are; of a complete one, whatever was blocked has stayed with the committee. */
const TICKETS_OF: Readonly<Record<OrderState, TicketState>> = {
  draft: 'number_assigned',
  submitted: 'ordered',
  in_production: 'in_production',
  shipped: 'shipped',
  at_committee: 'at_committee',
  complete: 'at_committee',
};

/** The order's row is locked before the ticket, as whoever moves the order does. */
export async function unblockTicket(
  tx: Queryable,
  organisationId: string,
  memberId: string,
): Promise<boolean> {
  const [order] = await tx.query<{ id: string; state: OrderState }>(
    `select q.id::text, q.state
       from ticket_order q
       join ticket_order_line l on l.order_id = q.id
       join ticket t on t.number = l.ticket_number and t.state = 'blocked'
      where l.member_id = $1 and l.outcome = 'void'
      order by q.id desc limit 1 for update of q`,
    [memberId],
  );
  const [ticket] = await tx.query<{ number: string; from: TicketState }>(
    `select t.number, t.blocked_from as from
       from ticket t join member m on m.id = t.member_id
      where m.id = $2 and m.organisation_id = $1 and t.state = 'blocked' and t.blocked_from is not null
        and not exists (select from ticket o where o.member_id = m.id and o.${LIVE})
      order by t.updated_at desc, t.number limit 1 for update of t`,
    [organisationId, memberId],
  );
  if (!ticket) return false;
  const { number, from } = ticket;
  const isBackInOrder = order !== undefined && TICKETS_OF[order.state] === from && (await revive());
  const wasOnItsWay = from !== 'number_assigned' && from !== 'issued';
  await tx.query('update ticket set state = $2, blocked_from = null, updated_at = now() where number = $1', [
    number,
    wasOnItsWay && !isBackInOrder ? 'number_assigned' : from,
  ]);
  await recordChange(tx, { memberId });
  return true;

  async function revive(): Promise<boolean> {
    const id = order?.id ?? '';
    const revived = await tx.query(
      `update ticket_order_line set outcome = null, settled_at = null, settled_by = null
        where order_id = $1::bigint and ticket_number = $2 and outcome = 'void' returning 1`,
      [id, number],
    );
    if (revived.length > 0) await reopen(tx, id);
    return revived.length > 0;
  }
}
