/** The log of back-channel logouts as a table. */
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { DeliveryState, LogoutDeliveries, LogoutDelivery } from './logout-deliveries.ts';

const KEPT = '30 days';
const SWEPT_AT_ONCE = 5_000;
const COLUMNS =
  'id, client_id, state, attempts, last_status, reason, created_at, begun_at, next_try_at' as const;

type Row = {
  id: string;
  client_id: string;
  state: DeliveryState;
  attempts: number;
  last_status: number | null;
  reason: string | null;
  created_at: Date;
  begun_at: Date;
  next_try_at: Date | null;
};

export function postgresLogoutDeliveries(database: Queryable): LogoutDeliveries & Sweeper {
  return {
    async open({ clientId, accountId, sid }, within) {
      const id = randomUUID();
      await within.query(
        'insert into logout_delivery (id, client_id, account_id, sid) values ($1, $2, $3, $4)',
        [id, clientId, accountId, sid],
      );
      return id;
    },
    async find(id, within = database) {
      const [row] = await within.query<Row>(`select ${COLUMNS} from logout_delivery where id = $1`, [id]);
      return row && toDelivery(row);
    },
    async list({ clientId, limit, after }) {
      const rows = await database.query<Row>(
        `select ${COLUMNS} from logout_delivery
          where ($1::text is null or client_id = $1)
            and ($2::text is null
                 or (created_at, id) < (select last.created_at, last.id from logout_delivery last where last.id = $2))
          order by created_at desc, id desc limit $3`,
        [clientId ?? null, after ?? null, limit],
      );
      return rows.map(toDelivery);
    },
    async note(id, { state, status, reason, nextTryAt }, within) {
      await within.query(
        `update logout_delivery
            set attempts = attempts + 1, state = $2, last_status = $3, reason = $4, next_try_at = $5
          where id = $1`,
        [id, state, status ?? null, reason ?? null, nextTryAt ?? null],
      );
    },
    async reopen(id, within) {
      const [row] = await within.query<{ client_id: string; account_id: string; sid: string }>(
        `update logout_delivery set state = 'waiting', begun_at = now(), next_try_at = now(), attempts = 0
          where id = $1 and state <> 'waiting' and account_id is not null
          returning client_id, account_id, sid`,
        [id],
      );
      return row && { clientId: row.client_id, accountId: row.account_id, sid: row.sid };
    },
    async sweep() {
      const swept = await database.query(
        `delete from logout_delivery
          where id in (select id from logout_delivery where created_at < now() - $1::interval limit $2)
          returning 1`,
        [KEPT, SWEPT_AT_ONCE],
      );
      return swept.length;
    },
  };
}

function toDelivery(row: Row): LogoutDelivery {
  return {
    id: row.id,
    clientId: row.client_id,
    state: row.state,
    attempts: row.attempts,
    ...(row.last_status !== null && { status: row.last_status }),
    ...(row.reason !== null && { reason: row.reason }),
    createdAt: row.created_at,
    begunAt: row.begun_at,
    ...(row.next_try_at && { nextTryAt: row.next_try_at }),
  };
}
