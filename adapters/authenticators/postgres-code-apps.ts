/** Code applications in PostgreSQL; their secrets are sealed, each to its own row. */
import { randomUUID } from 'node:crypto';
import type { Cipher } from '../cipher/cipher.ts';
import type { Queryable } from '../database/database.ts';
import type { CodeApps } from './authenticators.ts';
import { isChanged, type NamedRow, toNamed } from './named-row.ts';

const contextOf = (id: string): string => `code app ${id}`;

export function postgresCodeApps(database: Queryable, cipher: Cipher): CodeApps {
  return {
    async of(accountId) {
      const rows = await database.query<NamedRow>(
        'select id, name, added_at, used_at from code_app where account_id = $1 order by added_at, id',
        [accountId],
      );
      return rows.map(toNamed);
    },
    async secretsOf(accountId) {
      const rows = await database.query<{ id: string; secret: string }>(
        'select id, secret from code_app where account_id = $1 order by added_at, id',
        [accountId],
      );
      return rows.map(({ id, secret }) => ({ id, secret: cipher.open(secret, contextOf(id)) }));
    },
    async add({ accountId, name, secret, step }, within = database) {
      const id = randomUUID();
      await within.query(
        'insert into code_app (id, account_id, name, secret, last_step) values ($1, $2, $3, $4, $5)',
        [id, accountId, name, cipher.seal(secret, contextOf(id)), step],
      );
    },
    useStep(id, step) {
      return isChanged(
        database,
        'update code_app set last_step = $2, used_at = now() where id = $1 and last_step < $2 returning id',
        [id, step],
      );
    },
    remove(accountId, id, within) {
      return isChanged(within, 'delete from code_app where id = $1 and account_id = $2 returning id', [
        id,
        accountId,
      ]);
    },
  };
}
