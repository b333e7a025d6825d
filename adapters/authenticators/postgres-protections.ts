/** In PostgreSQL: how many authenticators of each kind somebody has, and how she wants to be asked. */
import type { Database } from '../database/database.ts';
import type { Protections } from './authenticators.ts';
import { isChanged } from './named-row.ts';
import { ensureProtection } from './protection-row.ts';

type Row = {
  code_apps: number;
  passkeys: number;
  recovery_codes: number;
  always_asked: boolean | null;
  mail_counts_at: Date | null;
};

const OF = {
  name: 'protection-of',
  text: `select (select count(*)::int from code_app where account_id = $1) as code_apps,
                (select count(*)::int from passkey where account_id = $1) as passkeys,
                (select count(*)::int from recovery_code where account_id = $1 and used_at is null) as recovery_codes,
                p.always_asked_at is not null as always_asked, p.mail_counts_at
           from (select $1::text as id) a left join account_protection p on p.account_id = a.id`,
};

export function postgresProtections(database: Database): Protections {
  return {
    async of(accountId, within = database) {
      const [row] = await within.query<Row>(OF, [accountId]);
      return {
        codeApps: row?.code_apps ?? 0,
        passkeys: row?.passkeys ?? 0,
        recoveryCodes: row?.recovery_codes ?? 0,
        alwaysAsked: row?.always_asked ?? false,
        ...(row?.mail_counts_at && { mailCountsAt: row.mail_counts_at }),
      };
    },
    async userHandleOf(accountId) {
      await ensureProtection(accountId, database);
      const [row] = await database.query<{ user_handle: string }>(
        'select user_handle from account_protection where account_id = $1',
        [accountId],
      );
      if (!row) throw new Error('an account that is gone has no passkeys');
      return row.user_handle;
    },
    async askAlways(accountId, wanted, within) {
      await ensureProtection(accountId, within);
      return isChanged(
        within,
        `update account_protection
            set always_asked_at = case when $2 then now() end, mail_counts_at = null
          where account_id = $1 and (always_asked_at is null) = $2 returning account_id`,
        [accountId, wanted],
      );
    },
    async letMailCount(accountId, hours, within) {
      await ensureProtection(accountId, within);
      return isChanged(
        within,
        `update account_protection set mail_counts_at = now() + make_interval(hours => $2)
          where account_id = $1 and mail_counts_at is null returning account_id`,
        [accountId, hours],
      );
    },
    async forgetAll(accountId, within) {
      const [row] = await within.query<{ gone: number }>(
        `with apps as (delete from code_app where account_id = $1 returning 1),
              keys as (delete from passkey where account_id = $1 returning 1),
              papers as (delete from recovery_code where account_id = $1 returning used_at),
              asked as (update account_protection set always_asked_at = null, mail_counts_at = null
                         where account_id = $1 returning 1)
         select ((select count(*) from apps) + (select count(*) from keys)
                 + (select count(*) from papers where used_at is null))::int as gone`,
        [accountId],
      );
      return row?.gone ?? 0;
    },
    stopMailCounting(accountId, within = database) {
      return isChanged(
        within,
        `update account_protection set mail_counts_at = null
          where account_id = $1 and mail_counts_at is not null returning account_id`,
        [accountId],
      );
    },
  };
}
