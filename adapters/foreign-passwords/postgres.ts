/** Foreign passwords in the table of all passwords, and a note beside it of what each had been. */
import type { IdentifierKind } from '../account-store/account-store.ts';
import type { Database } from '../database/database.ts';
import type { ForeignPasswords } from './foreign-passwords.ts';

const WEEKS = 26;

/** One step per kind, whatever the number of rows: an index knows where the next one begins. */
const KINDS_LEFT = {
  name: 'foreign-kinds-left',
  text: `with recursive kind (name) as (
           (select foreign_kind from password where foreign_kind is not null order by foreign_kind limit 1)
           union all
           select (select p.foreign_kind from password p where p.foreign_kind > k.name order by p.foreign_kind limit 1)
             from kind k where k.name is not null)
         select name from kind where name is not null`,
};

/** One that was brought along once, or that an incident has dropped, does not come back with the same file. */
const hadOne = (account: string): string =>
  `(exists (select from foreign_password f where f.account_id = ${account})
    or exists (select from forced_reset_account r where r.account_id = ${account} and r.done_at is not null))`;
const HOLDER_HAD_ONE = hadOne('i.account_id');
const RECEIVER_HAD_ONE = hadOne('offered.account_id');

export function postgresForeignPasswords(database: Database): ForeignPasswords {
  return {
    async kindsLeft() {
      return (await database.query<{ name: string }>(KINDS_LEFT, [])).map(({ name }) => name);
    },
    async holdersOf(identifiers) {
      const rows = await database.query<{
        kind: IdentifierKind;
        value: string;
        account_id: string;
        has_password: boolean;
      }>(
        `select i.kind, i.value, i.account_id, p.account_id is not null or ${HOLDER_HAD_ONE} as has_password
           from unnest($1::text[], $2::text[]) as asked (kind, value)
           join identifier i on i.kind = asked.kind and i.value = asked.value and i.confirmed_at is not null
           join account a on a.id = i.account_id and a.status = 'confirmed'
           left join password p on p.account_id = i.account_id`,
        [identifiers.map(({ kind }) => kind), identifiers.map(({ value }) => value)],
      );
      return rows.map(({ kind, value, account_id, has_password }) => ({
        ...{ kind, value, accountId: account_id, hasPassword: has_password },
      }));
    },
    async give(passwords, within) {
      const rows = await within.query<{ account_id: string }>(
        `with given as (
           insert into password (account_id, hash)
           select account_id, hash from unnest($1::text[], $2::text[]) as offered (account_id, hash)
            where not ${RECEIVER_HAD_ONE}
           on conflict (account_id) do nothing returning account_id
         ), noted as (
           insert into foreign_password (account_id, kind)
           select o.account_id, o.kind from unnest($1::text[], $3::text[]) as o (account_id, kind)
             join given using (account_id)
         )
         select account_id from given`,
        [
          passwords.map(({ accountId }) => accountId),
          passwords.map(({ hash }) => hash),
          passwords.map(({ kind }) => kind),
        ],
      );
      return new Set(rows.map(({ account_id }) => account_id));
    },
    async note(accountId, kind, within) {
      await within.query('insert into foreign_password (account_id, kind) values ($1, $2)', [
        accountId,
        kind,
      ]);
    },
    async report() {
      const kinds = await database.query<{ kind: string; imported: number; left: number }>(
        `select f.kind, count(*)::int as imported, count(p.foreign_kind)::int as left
           from foreign_password f left join password p on p.account_id = f.account_id
          group by f.kind order by f.kind`,
      );
      const weeks = await database.query<{ week: string; replaced: number }>(
        `select to_char(date_trunc('week', p.changed_at), 'YYYY-MM-DD') as week, count(*)::int as replaced
           from foreign_password f join password p on p.account_id = f.account_id
          where p.foreign_kind is null group by 1 order by 1 desc limit ${WEEKS}`,
      );
      return { kinds, weeks };
    },
  };
}
