/** The quarantine in PostgreSQL. */
import { createHmac } from 'node:crypto';
import type { IdentifierKind } from '../account-store/account-store.ts';
import type { Database } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import type { Quarantine } from './quarantine.ts';

/** `key`: whoever has the table but not the key cannot try out addresses. */
export function postgresQuarantine(database: Database, key: Buffer): Quarantine & Sweeper {
  const hashOf = (kind: IdentifierKind, value: string): Buffer =>
    createHmac('sha256', key).update(`${kind}:${value}`).digest();

  return {
    async put({ kind, value }, { days, owner }, within) {
      await within.query(
        `insert into quarantined_identifier (kind, value_hash, owner_id, until)
         values ($1, $2, $3, now() + make_interval(days => $4))
         on conflict (kind, value_hash) do update
           set owner_id = excluded.owner_id, until = greatest(quarantined_identifier.until, excluded.until)`,
        [kind, hashOf(kind, value), owner ?? null, days],
      );
    },
    async holds(kind, value, forAccount, within = database) {
      const [row] = await within.query(
        `select from quarantined_identifier
          where kind = $1 and value_hash = $2 and until > now() and owner_id is distinct from $3`,
        [kind, hashOf(kind, value), forAccount],
      );
      return row !== undefined;
    },
    async release(kind, value, within) {
      await within.query('delete from quarantined_identifier where kind = $1 and value_hash = $2', [
        kind,
        hashOf(kind, value),
      ]);
    },
    async sweep() {
      const rows = await database.query(
        'delete from quarantined_identifier where until <= now() returning kind',
      );
      return rows.length;
    },
  };
}
