/** Streams as rows; the receiver's secret goes through the cipher. */
import { randomUUID } from 'node:crypto';
import type { Cipher } from '../cipher/cipher.ts';
import type { ClientMetadata } from '../client-store/client-store.ts';
import type { Queryable } from '../database/database.ts';
import type { EventStream, EventStreams, StreamDelivery, StreamStatus } from './event-stream-store.ts';

type Row = {
  id: string;
  client_id: string;
  method: 'push' | 'poll';
  endpoint: string | null;
  authorization_sealed: string | null;
  events: string[];
  status: StreamStatus;
  status_reason: string | null;
  failing_since: Date | null;
  updated_at: Date;
};

type ReceiverRow = {
  client_id: string;
  metadata: Record<string, unknown>;
  events: string[];
  method: StreamDelivery['method'];
  scopes: string;
};

export function postgresEventStreams(database: Queryable, cipher: Cipher): EventStreams {
  const deliveryOf = ({ client_id, method, endpoint, authorization_sealed: sealed }: Row): StreamDelivery =>
    method === 'poll'
      ? { method }
      : {
          method,
          endpoint: endpoint ?? '',
          ...(sealed !== null && { authorization: cipher.open(sealed, sealingContext(client_id)) }),
        };
  const toStream = (row: Row): EventStream => ({
    id: row.id,
    clientId: row.client_id,
    delivery: deliveryOf(row),
    events: row.events,
    status: row.status,
    ...(row.status_reason !== null && { reason: row.status_reason }),
    ...(row.failing_since && { failingSince: row.failing_since }),
    updatedAt: row.updated_at,
  });

  return {
    async find(clientId, within = database) {
      const [row] = await within.query<Row>('select * from event_stream where client_id = $1', [clientId]);
      return row && toStream(row);
    },
    async save({ clientId, delivery, events }, within) {
      const { endpoint = null, authorization } =
        delivery.method === 'push' ? delivery : { endpoint: null, authorization: undefined };
      await within.query(
        `insert into event_stream (client_id, id, method, endpoint, authorization_sealed, events)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (client_id) do update
           set method = excluded.method, endpoint = excluded.endpoint,
               authorization_sealed = excluded.authorization_sealed, events = excluded.events,
               status = 'enabled', status_reason = null, failing_since = null, updated_at = clock_timestamp()`,
        [
          ...[clientId, randomUUID(), delivery.method, endpoint],
          authorization === undefined ? null : cipher.seal(authorization, sealingContext(clientId)),
          events,
        ],
      );
    },
    async setStatus(clientId, status, reason, within) {
      const rows = await within.query(
        `update event_stream
            set status = $2, status_reason = $3, updated_at = clock_timestamp(),
                failing_since = case when $2 = 'enabled' then null else failing_since end
          where client_id = $1 returning 1`,
        [clientId, status, reason ?? null],
      );
      return rows.length === 1;
    },
    async remove(clientId, within) {
      const rows = await within.query('delete from event_stream where client_id = $1 returning 1', [
        clientId,
      ]);
      return rows.length === 1;
    },
    async receiversOf(accountId, within) {
      const rows = await within.query<ReceiverRow>(
        `select s.client_id, c.metadata, s.events, s.method, known.scopes
           from event_stream s
           join client c on c.client_id = s.client_id and c.blocked_at is null
           join lateral (
             select string_agg(scope, ' ') as scopes from (
               select scope from account_grant
                where account_id = $1 and client_id = s.client_id and expires_at > now()
               union all
               select scope from client_consent where account_id = $1 and client_id = s.client_id
             ) as given
           ) as known on known.scopes is not null
          where s.status <> 'disabled'`,
        [accountId],
      );
      return rows.map(({ client_id, metadata, scopes, ...stream }) => ({
        ...stream,
        metadata: { ...metadata, client_id } as ClientMetadata,
        scopes: scopes.split(' '),
      }));
    },
    async membershipTurned(memberId, isMember, within) {
      const [before] = await within.query<{ is_member: boolean }>(
        'select is_member from membership_told where member_id = $1 for update',
        [memberId],
      );
      await within.query(
        `insert into membership_told (member_id, is_member) values ($1, $2)
         on conflict (member_id) do update set is_member = excluded.is_member`,
        [memberId, isMember],
      );
      return before?.is_member !== isMember;
    },
  };
}

const sealingContext = (clientId: string): string => `event_stream:${clientId}`;
