/** As many people as a test wants, with one password, and its relying parties: a database before any gateway runs. */
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import { postgresClients } from '../../adapters/client-store/postgres.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import { openPg } from '../../adapters/database/pg.ts';
import { argon2id } from '../../adapters/password-hasher/argon2id.ts';
import type { PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import { readConfig } from '../../provider/config.ts';
import { PASSWORD } from './house.ts';

/** E-mail address of the person of that number, from 1. */
export const addressOf = (number: number): string => `person-${number}@example.test`;
export const accountOf = (number: number): string => `crowd-${number}`;

/** They may sign in wherever membership is not asked for. One hash for all of them. */
export async function gather(database: Queryable, hasher: PasswordHasher, size: number): Promise<void> {
  await database.query(
    `with person as (
       insert into account (id, family_name, given_name)
       select 'crowd-' || n, 'Прохожий', 'Номер ' || n from generate_series(1, $1::int) n returning id
     ), door as (
       insert into identifier (kind, value, account_id, original, confirmed_at)
       select 'email', replace(id, 'crowd', 'person') || '@example.test', id,
              replace(id, 'crowd', 'person') || '@example.test', now() from person
     )
     insert into password (account_id, hash) select id, $2 from person`,
    [size, await hasher.hash(PASSWORD)],
  );
}

/** `environment` is that of the gateways to come. The database stays open for the test's own questions. */
export async function populate(
  environment: Readonly<Record<string, string>> & { readonly DATABASE_URL: string },
  size: number,
  clients: readonly ClientMetadata[],
): Promise<ReturnType<typeof openPg>> {
  const { secrets } = readConfig({ SANDBOX: 'on', ...environment });
  const database = openPg({ url: environment.DATABASE_URL, poolSize: 2 });
  await gather(database, argon2id({ peppers: secrets.peppers }), size);
  const store = postgresClients(database, aesGcm(secrets.encryptionKeys));
  for (const client of clients) await store.save(client, 'test');
  return database;
}
