/** Secrets of integrations in PostgreSQL, sealed; the gateway reads them together with their client. */
import type { Cipher } from '../cipher/cipher.ts';
import type { Database } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { IntegrationSecrets } from './integration-store.ts';
import { secretContext } from './secret-context.ts';

const COUNTS = '(expires_at is null or expires_at > now())';

type Row = {
  readonly id: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly last_used_at: Date | null;
};

export function postgresIntegrationSecrets(database: Database, cipher: Cipher): IntegrationSecrets & Sweeper {
  return {
    async of(clientId, within = database) {
      const rows = await within.query<Row>(
        `select id, created_at, expires_at, last_used_at from integration_secret
          where client_id = $1 and ${COUNTS} order by created_at desc, expires_at desc nulls first`,
        [clientId],
      );
      return rows.map((row) => ({
        ...{ id: row.id, createdAt: row.created_at },
        ...(row.expires_at && { expiresAt: row.expires_at }),
        ...(row.last_used_at && { lastUsedAt: row.last_used_at }),
      }));
    },
    async add(clientId, { id, value }, overlapHours, within) {
      await within.query(
        `delete from integration_secret
          where client_id = $1
            and ($2 = 0 or id <> (select id from integration_secret where client_id = $1
                                   order by created_at desc, expires_at desc nulls first limit 1))`,
        [clientId, overlapHours],
      );
      await within.query(
        `update integration_secret
            set expires_at = least(expires_at, now() + make_interval(hours => $2)) where client_id = $1`,
        [clientId, overlapHours],
      );
      await within.query(
        `insert into integration_secret (id, client_id, sealed, created_at) values ($1, $2, $3, clock_timestamp())`,
        [id, clientId, cipher.seal(value, secretContext(id))],
      );
    },
    async remove(clientId, id, within) {
      const rows = await within.query(
        `delete from integration_secret where client_id = $1 and id = $2 and ${COUNTS} returning id`,
        [clientId, id],
      );
      return rows.length === 1;
    },
    async noteUse(id, at) {
      await database.query(
        'update integration_secret set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at < $2)',
        [id, at],
      );
    },
    async sweep() {
      const rows = await database.query(
        'delete from integration_secret where expires_at <= now() returning id',
      );
      return rows.length;
    },
  };
}
