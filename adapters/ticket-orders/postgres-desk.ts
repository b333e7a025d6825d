/** What is done with orders of tickets, in PostgreSQL. The order's row is locked first, its lines and tickets after it. */
import type { Queryable } from '../database/database.ts';
import { recordMemberChanges } from '../registry/change-log.ts';
import type { TicketState } from '../registry/registry.ts';
import { ORDER_MOVES, type OrderDesk, type OrderState } from './ticket-orders.ts';

export function postgresOrderDesk(): OrderDesk {
  return {
    async draft({ organisationId, memberIds, unitKopecks }, tx) {
      const [order] = await tx.query<{ id: string }>(
        `insert into ticket_order (organisation_id, unit_kopecks, tickets) values ($1, $2, 0) returning id::text`,
        [organisationId, unitKopecks],
      );
      const id = order?.id ?? '';
      // In the order of their ids: two chairs who put in the same people wait for each other, not for ever.
      const lines = await tx.query(
        `insert into ticket_order_line (order_id, member_id, ticket_number)
         select $1::bigint, m.id, t.number
           from member m join ticket t on t.member_id = m.id and t.state = 'number_assigned'
          where m.organisation_id = $2 and m.membership = 'member' and m.id = any($3)
          order by m.id
         on conflict do nothing returning 1`,
        [id, organisationId, memberIds],
      );
      if (lines.length === 0) {
        await tx.query('delete from ticket_order where id = $1::bigint', [id]);
        return undefined;
      }
      await count(tx, id);
      await stepTo(tx, id, 'draft');
      return { id, tickets: lines.length };
    },

    async leaveOut(id, memberIds, tx) {
      if ((await lock(tx, id)) !== 'draft') return undefined;
      const gone = await tx.query(
        'delete from ticket_order_line where order_id = $1::bigint and member_id = any($2) returning 1',
        [id, memberIds],
      );
      if ((await count(tx, id)) === 0) await tx.query('delete from ticket_order where id = $1::bigint', [id]);
      return gone.length;
    },

    async discard(id, tx) {
      if ((await lock(tx, id)) !== 'draft') return false;
      await tx.query('delete from ticket_order where id = $1::bigint', [id]);
      return true;
    },

    async move(id, name, { unitKopecks, parcel }, tx) {
      const { from, to, tickets } = ORDER_MOVES[name];
      if ((await lock(tx, id)) !== from) return undefined;
      await tx.query(
        `update ticket_order
            set state = $2, unit_kopecks = coalesce($3::int, unit_kopecks), parcel = coalesce($4, parcel),
                submitted_at = case $2 when 'draft' then null when 'submitted' then now() else submitted_at end
          where id = $1::bigint`,
        [id, to, unitKopecks ?? null, parcel ?? null],
      );
      await stepTo(tx, id, to);
      const moved = await moveTickets(tx, id, tickets.from, tickets.to);
      await recordMemberChanges(tx, moved);
      return moved.length;
    },

    async handOut(id, memberIds, by, tx) {
      if ((await lock(tx, id)) !== 'at_committee') return 0;
      const given = await moveTickets(tx, id, 'at_committee', 'issued', memberIds);
      if (given.length === 0) return 0;
      await tx.query(
        `update ticket_order_line set outcome = 'issued', settled_at = now(), settled_by = $3
          where order_id = $1::bigint and member_id = any($2) and settled_at is null`,
        [id, given, by],
      );
      await completeWhenSettled(tx, id);
      await recordMemberChanges(tx, given);
      return given.length;
    },

    async takeBack(id, memberId, tx) {
      const state = await lock(tx, id);
      if (state !== 'at_committee' && state !== 'complete') return false;
      const back = await tx.query(
        `update ticket_order_line l set outcome = null, settled_at = null, settled_by = null
           from ticket t
          where l.order_id = $1::bigint and l.member_id = $2 and l.outcome = 'issued'
            and t.number = l.ticket_number and t.state = 'issued' returning 1`,
        [id, memberId],
      );
      if (back.length === 0) return false;
      await moveTickets(tx, id, 'issued', 'at_committee', [memberId]);
      await reopen(tx, id);
      await recordMemberChanges(tx, [memberId]);
      return true;
    },
  };
}

/** An order that was complete waits at the committee again; its row is locked. */
export async function reopen(tx: Queryable, id: string): Promise<void> {
  const reopened = await tx.query(
    `update ticket_order set state = 'at_committee' where id = $1::bigint and state = 'complete' returning 1`,
    [id],
  );
  if (reopened.length > 0) await stepTo(tx, id, 'at_committee');
}

/** The last line settled completes an order whose parcel has arrived; its row is locked. */
export async function completeWhenSettled(tx: Queryable, id: string): Promise<void> {
  const completed = await tx.query(
    `update ticket_order set state = 'complete'
      where id = $1::bigint and state = 'at_committee'
        and not exists (select from ticket_order_line where order_id = $1::bigint and settled_at is null)
      returning 1`,
    [id],
  );
  if (completed.length > 0) await stepTo(tx, id, 'complete');
}

async function lock(tx: Queryable, id: string): Promise<OrderState | undefined> {
  const [row] = await tx.query<{ state: OrderState }>(
    'select state from ticket_order where id = $1::bigint for update',
    [id],
  );
  return row?.state;
}

async function count(tx: Queryable, id: string): Promise<number> {
  const [row] = await tx.query<{ tickets: number }>(
    `update ticket_order set tickets = (select count(*) from ticket_order_line where order_id = $1::bigint)
      where id = $1::bigint returning tickets`,
    [id],
  );
  return row?.tickets ?? 0;
}

async function stepTo(tx: Queryable, id: string, state: OrderState): Promise<void> {
  await tx.query(
    'insert into ticket_order_step (order_id, state, at) values ($1::bigint, $2, clock_timestamp())',
    [id, state],
  );
}

/** Whose ticket has moved; tickets that stand elsewhere by now stay there. */
async function moveTickets(
  tx: Queryable,
  id: string,
  from: TicketState,
  to: TicketState,
  memberIds: readonly string[] | 'all' = 'all',
): Promise<string[]> {
  const rows = await tx.query<{ member_id: string }>(
    `update ticket t set state = $3, updated_at = now()
       from ticket_order_line l
      where l.order_id = $1::bigint and l.settled_at is null and t.number = l.ticket_number and t.state = $2
        and ($4::text[] is null or l.member_id = any($4))
      returning l.member_id`,
    [id, from, to, memberIds === 'all' ? null : memberIds],
  );
  return rows.map((row) => row.member_id).sort();
}
