/** Passkeys in PostgreSQL: public keys, and what tells a copy from the original. */
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import type { PasskeyCredential, Passkeys } from './authenticators.ts';
import { isChanged, type NamedRow, toNamed } from './named-row.ts';

type CredentialRow = {
  id: string;
  account_id: string;
  user_handle: string;
  credential_id: string;
  public_key: Uint8Array;
  counter: string | number;
  transports: string;
};

const CREDENTIAL = `select id, account_id, user_handle, credential_id, public_key, counter, transports from passkey`;

export function postgresPasskeys(database: Queryable): Passkeys {
  return {
    async of(accountId) {
      const rows = await database.query<NamedRow & { syncable: boolean; backed_up: boolean }>(
        `select id, name, added_at, used_at, syncable, backed_up
           from passkey where account_id = $1 order by added_at, id`,
        [accountId],
      );
      return rows.map(({ syncable, backed_up: backedUp, ...row }) => ({
        ...toNamed(row),
        syncable,
        backedUp,
      }));
    },
    async credentialsOf(accountId) {
      const rows = await database.query<CredentialRow>(`${CREDENTIAL} where account_id = $1`, [accountId]);
      return rows.map(toCredential);
    },
    async find(credentialId) {
      const [row] = await database.query<CredentialRow>(
        { name: 'passkey-find', text: `${CREDENTIAL} where credential_id = $1` },
        [credentialId],
      );
      return row && toCredential(row);
    },
    add(passkey, within = database) {
      return isChanged(
        within,
        `insert into passkey
           (id, account_id, name, credential_id, public_key, counter, transports, syncable, backed_up, user_handle)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9,
                 (select user_handle from account_protection where account_id = $2))
         on conflict (credential_id) do nothing returning id`,
        [
          ...[randomUUID(), passkey.accountId, passkey.name, passkey.credentialId],
          ...[Buffer.from(passkey.publicKey), passkey.counter, passkey.transports.join(' ')],
          ...[passkey.syncable, passkey.backedUp],
        ],
      );
    },
    used(id, counter, backedUp) {
      return isChanged(
        database,
        `update passkey set counter = $2, backed_up = $3, used_at = now()
          where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
        [id, counter, backedUp],
      );
    },
    remove(accountId, id, within) {
      return isChanged(within, 'delete from passkey where id = $1 and account_id = $2 returning id', [
        id,
        accountId,
      ]);
    },
  };
}

function toCredential(row: CredentialRow): PasskeyCredential {
  return {
    id: row.id,
    accountId: row.account_id,
    userHandle: row.user_handle,
    credentialId: row.credential_id,
    publicKey: new Uint8Array(row.public_key),
    counter: Number(row.counter),
    transports: row.transports.split(' ').filter(Boolean),
  };
}
