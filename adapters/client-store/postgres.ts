/** Clients as rows with JSON metadata; the secret goes through the cipher. */
import type { Cipher } from '../cipher/cipher.ts';
import type { Queryable } from '../database/database.ts';
import { secretContext } from '../integration-store/secret-context.ts';
import type { ClientMetadata, ClientRecord, ClientStore } from './client-store.ts';

const COLUMNS = `client_id, metadata, secret_sealed, registered_by, updated_at, blocked_at,
  (select json_agg(json_build_object('id', s.id, 'sealed', s.sealed, 'expires', s.expires_at)
                   order by s.created_at desc)
     from integration_secret s
    where s.client_id = client.client_id and (s.expires_at is null or s.expires_at > now())) as secrets`;

type ClientRow = {
  client_id: string;
  metadata: Record<string, unknown>;
  secret_sealed: string | null;
  registered_by: string;
  updated_at: Date;
  blocked_at: Date | null;
  secrets: readonly { id: string; sealed: string; expires: string | null }[] | null;
};

export function postgresClients(database: Queryable, cipher: Cipher): ClientStore {
  const toRecord = (row: ClientRow): ClientRecord => {
    const secrets = (row.secrets ?? []).map(({ id, sealed, expires }) => ({
      ...{ id, value: cipher.open(sealed, secretContext(id)) },
      ...(expires !== null && { expiresAt: new Date(expires) }),
    }));
    const metadata: ClientMetadata = {
      ...row.metadata,
      client_id: row.client_id,
      ...(secrets[0] && { client_secret: secrets[0].value }),
      ...(row.secret_sealed !== null && {
        client_secret: cipher.open(row.secret_sealed, sealingContext(row.client_id)),
      }),
    };
    return {
      metadata,
      secrets,
      registeredBy: row.registered_by,
      updatedAt: row.updated_at,
      ...(row.blocked_at && { blockedAt: row.blocked_at }),
    };
  };

  return {
    async find(clientId) {
      const [row] = await database.query<ClientRow>(`select ${COLUMNS} from client where client_id = $1`, [
        clientId,
      ]);
      return row && toRecord(row);
    },
    async list() {
      const rows = await database.query<ClientRow>(`select ${COLUMNS} from client order by client_id`);
      return rows.map(toRecord);
    },
    async save({ client_id, client_secret, ...metadata }, registeredBy, within = database) {
      await within.query(
        `insert into client (client_id, metadata, secret_sealed, registered_by) values ($1, $2::jsonb, $3, $4)
         on conflict (client_id) do update
           set metadata = excluded.metadata, secret_sealed = excluded.secret_sealed, updated_at = now()`,
        [
          client_id,
          JSON.stringify(metadata),
          client_secret === undefined ? null : cipher.seal(client_secret, sealingContext(client_id)),
          registeredBy,
        ],
      );
    },
    async setBlocked(clientId, blocked, within = database) {
      const rows = await within.query(
        `update client set blocked_at = case when $2 then coalesce(blocked_at, now()) end, updated_at = now()
          where client_id = $1 returning client_id`,
        [clientId, blocked],
      );
      return rows.length === 1;
    },
    async remove(clientId, within = database) {
      await within.query('delete from client where client_id = $1', [clientId]);
    },
  };
}

const sealingContext = (clientId: string): string => `client_secret:${clientId}`;
