/** People who can sign in: any number of members with accounts, written by the database itself. */
import type { Database } from '../adapters/database/database.ts';

export type Person = { readonly email: string; readonly password: string; readonly givenName: string };

export const PASSWORD = 'ласточка над озером';
const GIVEN_NAME = 'Вера';

export function person(index: number): Person {
  return { email: `member${index}@bench.example`, password: PASSWORD, givenName: GIVEN_NAME };
}

/** Everybody has the same password and so the same hash: what it costs to verify does not depend on that. */
export async function seedPeople(database: Database, count: number, passwordHash: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.script('set local statement_timeout = 0');
    await tx.query(
      `insert into organisation (id, kind, name, short_name, region)
       values ('bench', 'primary', 'Первичная организация нагрузочного теста', 'ППО нагрузочного теста', '77')`,
    );
    await tx.query(
      `insert into member (id, organisation_id, family_name, given_name, middle_name, birthdate, membership)
       select 'bench-' || n, 'bench', 'Нагрузкина', $2, 'Ивановна', '1980-01-01', 'member'
         from generate_series(0, $1::int - 1) as n`,
      [count, GIVEN_NAME],
    );
    await tx.query(
      `insert into account (id, family_name, given_name, middle_name, member_id)
       select 'bench-' || n, 'Нагрузкина', $2, 'Ивановна', 'bench-' || n from generate_series(0, $1::int - 1) as n`,
      [count, GIVEN_NAME],
    );
    await tx.query(
      `insert into identifier (kind, value, account_id, original, confirmed_at)
       select kind, value, 'bench-' || n, value, now()
         from generate_series(0, $1::int - 1) as n,
              lateral (values ('email', 'member' || n || '@bench.example'),
                              ('ticket', '77' || lpad(n::text, 14, '0'))) as door (kind, value)`,
      [count],
    );
    await tx.query(
      `insert into password (account_id, hash) select 'bench-' || n, $2 from generate_series(0, $1::int - 1) as n`,
      [count, passwordHash],
    );
  });
  await database.script('analyze');
}
