/** As many people as a test wants, with one password: a hash is computed once, not for each of them. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import { PASSWORD } from './house.ts';

/** E-mail address of the person of that number, from 1. */
export const addressOf = (number: number): string => `person-${number}@example.test`;
export const accountOf = (number: number): string => `crowd-${number}`;

/** They may sign in wherever membership is not asked for. */
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
