/** The log of events as a table: outbox, lease and record in one. */
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { EventLog, EventState, StreamEvent } from './event-stream-store.ts';

const KEPT = '30 days';
const SWEPT_AT_ONCE = 5_000;

type Row = {
  seq: string;
  id: string;
  client_id: string;
  type: string;
  subject: string | null;
  session: string | null;
  detail: Record<string, unknown>;
  occurred_at: Date;
  state: EventState;
  attempts: number;
  last_status: number | null;
  reason: string | null;
  next_try_at: Date;
  delivered_at: Date | null;
};

/** A blocked client is told nothing: what it was to hear waits until it is let in again. */
const IS_ENABLED = `exists (select from event_stream s join client c on c.client_id = s.client_id
                             where s.client_id = $1 and s.status = 'enabled' and c.blocked_at is null)`;

export function postgresEventLog(database: Queryable): EventLog & Sweeper {
  return {
    async append({ clientId, type, subject, session, detail, at }, within) {
      const rows = await within.query(
        `insert into stream_event (id, client_id, type, subject, session, detail, occurred_at)
         values ($1, $2, $3, $4, $5, $6::jsonb, $7) on conflict do nothing returning 1`,
        [randomUUID(), clientId, type, subject ?? null, session ?? null, JSON.stringify(detail), at],
      );
      return rows.length === 1;
    },
    async claim(clientId, leaseSeconds) {
      const [row] = await database.query<Row>(
        `update stream_event set next_try_at = now() + make_interval(secs => $2)
          where seq = (select seq from stream_event
                        where client_id = $1 and state = 'waiting' and next_try_at <= now() and ${IS_ENABLED}
                        order by seq limit 1 for update skip locked)
          returning *`,
        [clientId, leaseSeconds],
      );
      return row && toEvent(row);
    },
    async note({ id, clientId }, { state, status, reason, nextTryAt }, within) {
      await within.query(
        `update stream_event
            set state = $2, attempts = attempts + 1, last_status = $3, reason = $4,
                next_try_at = coalesce($5, next_try_at),
                delivered_at = case when $2 = 'delivered' then now() end
          where id = $1`,
        [id, state, status ?? null, reason ?? null, nextTryAt ?? null],
      );
      const [stream] = await within.query<{ failing_since: Date | null }>(
        `update event_stream set failing_since = case when $2 then coalesce(failing_since, now()) end
          where client_id = $1 returning failing_since`,
        [clientId, state === 'waiting'],
      );
      return stream?.failing_since ?? undefined;
    },
    async waiting(clientId, limit) {
      const rows = await database.query<Row>(
        `select * from stream_event where client_id = $1 and state = 'waiting' and ${IS_ENABLED}
          order by seq limit $2`,
        [clientId, limit],
      );
      return rows.map(toEvent);
    },
    async acknowledge(clientId, ids, { state, reason }) {
      await database.query(
        `update stream_event
            set state = $3, attempts = attempts + 1, reason = $4,
                delivered_at = case when $3 = 'delivered' then now() end
          where client_id = $1 and id = any ($2) and state = 'waiting'`,
        [clientId, ids, state, reason ?? null],
      );
    },
    async list(clientId, { limit, before }) {
      const rows = await database.query<Row>(
        `select * from stream_event where client_id = $1 and ($2::bigint is null or seq < $2)
          order by seq desc limit $3`,
        [clientId, before ?? null, limit],
      );
      return rows.map(toEvent);
    },
    async reopen(clientId, since, within) {
      const rows = await within.query(
        `update stream_event set state = 'waiting', attempts = 0, next_try_at = now(), delivered_at = null
          where client_id = $1 and occurred_at >= $2 and subject is not null returning 1`,
        [clientId, since],
      );
      return rows.length;
    },
    async sweep() {
      const swept = await database.query(
        `delete from stream_event
          where seq in (select seq from stream_event where occurred_at < now() - $1::interval limit $2)
          returning 1`,
        [KEPT, SWEPT_AT_ONCE],
      );
      return swept.length;
    },
  };
}

function toEvent(row: Row): StreamEvent {
  return {
    seq: Number(row.seq),
    id: row.id,
    clientId: row.client_id,
    type: row.type,
    ...(row.subject !== null && { subject: row.subject }),
    ...(row.session !== null && { session: row.session }),
    detail: row.detail,
    at: row.occurred_at,
    state: row.state,
    attempts: row.attempts,
    ...(row.last_status !== null && { status: row.last_status }),
    ...(row.reason !== null && { reason: row.reason }),
    nextTryAt: row.next_try_at,
    ...(row.delivered_at && { deliveredAt: row.delivered_at }),
  };
}
