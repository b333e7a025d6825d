/** Tickets of a member in PostgreSQL. The order's row is locked before the ticket, as whoever moves the order does. */

import type { MembershipState } from '../account-store/account-store.ts';
import type { Database, Queryable } from '../database/database.ts';
import { recordChange } from '../registry/change-log.ts';
import type { TicketState } from '../registry/registry.ts';
import { completeWhenSettled } from '../ticket-orders/postgres-desk.ts';
import type { TicketRanges } from '../ticket-ranges/ticket-ranges.ts';
import { giveTicket, LIVE } from './give-ticket.ts';
import type { MemberTickets } from './member-tickets.ts';
import { unblockTicket } from './unblock-ticket.ts';

type Row = {
  id: string;
  family_name: string;
  given_name: string;
  middle_name: string | null;
  membership: MembershipState;
  number: string | null;
  state: TicketState;
  updated_at: Date;
  unblockable: boolean;
};

const STATE = { name: 'ticket-state', text: 'select state from ticket where number = $1' };

export function postgresMemberTickets(database: Database, ranges: Pick<TicketRanges, 'take'>): MemberTickets {
  return {
    async of(organisationId, memberId) {
      const rows = await database.query<Row>(
        `select m.id, m.family_name, m.given_name, m.middle_name, m.membership, t.number, t.state, t.updated_at,
                t.blocked_from is not null as unblockable
           from member m left join ticket t on t.member_id = m.id
          where m.id = $1 and m.organisation_id = $2
          order by t.state in ('blocked', 'replaced'), t.updated_at desc, t.number desc`,
        [memberId, organisationId],
      );
      const [first] = rows;
      if (!first) return undefined;
      return {
        memberId: first.id,
        family: first.family_name,
        given: first.given_name,
        ...(first.middle_name !== null && { middle: first.middle_name }),
        membership: first.membership,
        tickets: rows.flatMap(({ number, state, updated_at: since, unblockable }) =>
          number === null ? [] : { number, state, since, unblockable: state === 'blocked' && unblockable },
        ),
      };
    },

    async stateOf(number) {
      const [row] = await database.query<{ state: TicketState }>(STATE, [number]);
      return row?.state;
    },

    async assign(organisationId, memberId, wanted, tx) {
      // Whoever gives her a number at the same time waits here, and then finds it.
      const [card] = await tx.query(
        `select from member where id = $1 and organisation_id = $2 and membership = 'member' for update`,
        [memberId, organisationId],
      );
      if (!card) return { kind: 'not-open' };
      const [held] = await tx.query<{ state: TicketState }>(
        `select state from ticket where member_id = $1 and state <> 'replaced' order by state = 'blocked' limit 1`,
        [memberId],
      );
      if (held) return { kind: held.state === 'blocked' ? 'not-open' : 'held' };
      const given = await giveTicket(tx, memberId, wanted, ranges);
      if ('kind' in given) return given;
      // A list that was planned by the card as it was gives her no second one.
      await tx.query('update member set version = version + 1, updated_at = now() where id = $1', [memberId]);
      await recordChange(tx, { memberId });
      return { kind: 'assigned' };
    },

    async block(organisationId, memberId, by, tx) {
      const [order] = await tx.query<{ id: string; state: string }>(
        `select q.id::text, q.state from ticket_order q join ticket_order_line l on l.order_id = q.id
          where l.member_id = $1 and l.settled_at is null for update of q`,
        [memberId],
      );
      const blocked = await turn(
        tx,
        `update ticket t set blocked_from = t.state, state = 'blocked', updated_at = now()
           from member m
          where m.id = $2 and m.organisation_id = $1 and t.member_id = m.id
            and t.${LIVE} returning 1`,
        [organisationId, memberId],
      );
      if (!blocked) return false;
      if (order) await settle(tx, order, memberId, by);
      await recordChange(tx, { memberId });
      return true;
    },

    unblock: (organisationId, memberId, tx) => unblockTicket(tx, organisationId, memberId),

    async replace(organisationId, memberId, number, tx) {
      const replaced = await turn(
        tx,
        `update ticket t set state = 'replaced', updated_at = now()
           from member m
          where m.id = $2 and m.organisation_id = $1 and m.membership = 'member' and t.member_id = m.id
            and t.state = 'blocked'
            and not exists (select from ticket o where o.member_id = m.id and o.state not in ('blocked', 'replaced'))
          returning 1`,
        [organisationId, memberId],
      );
      if (!replaced) return false;
      await tx.query(`insert into ticket (number, member_id, state) values ($1, $2, 'number_assigned')`, [
        await number(),
        memberId,
      ]);
      await recordChange(tx, { memberId });
      return true;
    },
  };
}

async function turn(tx: Queryable, text: string, values: readonly string[]): Promise<boolean> {
  return (await tx.query(text, values)).length > 0;
}

/** What is only a draft yet simply goes without her. */
async function settle(
  tx: Queryable,
  { id, state }: { readonly id: string; readonly state: string },
  memberId: string,
  by: string,
): Promise<void> {
  if (state === 'draft') {
    await tx.query('delete from ticket_order_line where order_id = $1::bigint and member_id = $2', [
      id,
      memberId,
    ]);
    await tx.query('update ticket_order set tickets = tickets - 1 where id = $1::bigint', [id]);
    await tx.query('delete from ticket_order where id = $1::bigint and tickets = 0', [id]);
    return;
  }
  await tx.query(
    `update ticket_order_line set outcome = 'void', settled_at = now(), settled_by = $3
      where order_id = $1::bigint and member_id = $2 and settled_at is null`,
    [id, memberId, by],
  );
  await completeWhenSettled(tx, id);
}
