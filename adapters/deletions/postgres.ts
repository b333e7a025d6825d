/** Deletions in PostgreSQL. Each step sets its mark in the transaction of its effect, so none is done twice. */
import type { Database, Queryable } from '../database/database.ts';
import type { Deletions, Destroyed, Remains } from './deletions.ts';

const AT_ONCE = 200;

/**
 * Every table with something personal of an account, and how its rows are found. Signed documents are not here: they
 * are evidence. Nor is the register of members, which is the union's own, nor the audit, which names nobody.
 */
const PERSONAL: readonly (readonly [table: string, statement: string])[] = [
  ['draft', 'delete from draft where account_id = $1 returning 1'],
  ['message_channel', 'delete from message_channel where account_id = $1 returning 1'],
  ['news_delivery', 'delete from news_delivery where account_id = $1 returning 1'],
  ['email_change', 'delete from email_change where account_id = $1 returning 1'],
  ['client_consent', 'delete from client_consent where account_id = $1 returning 1'],
  ['account_grant', 'delete from account_grant where account_id = $1 returning 1'],
  ['logout_delivery', 'update logout_delivery set account_id = null where account_id = $1 returning 1'],
  ['account_session', 'delete from account_session where account_id = $1 returning 1'],
  ['one_time_secret', 'delete from one_time_secret where subject = $1 returning 1'],
  ['registration', 'delete from registration where id = $1 returning 1'],
  ['signing', 'delete from signing where account_id = $1 and signed_at is null returning 1'],
  ['linked_identity', 'delete from linked_identity where account_id = $1 returning 1'],
  ['former_link', 'delete from former_link where account_id = $1 returning 1'],
  ['code_app', 'delete from code_app where account_id = $1 returning 1'],
  ['passkey', 'delete from passkey where account_id = $1 returning 1'],
  ['recovery_code', 'delete from recovery_code where account_id = $1 returning 1'],
  ['account_protection', 'delete from account_protection where account_id = $1 returning 1'],
  ['staff_visit', 'delete from staff_visit where account_id = $1 returning 1'],
  [
    'account_merge',
    `update account_merge set before = null
      where (survivor_id = $1 or closed_id = $1) and before is not null returning 1`,
  ],
  ['forced_reset_account', 'delete from forced_reset_account where account_id = $1 returning 1'],
  ['office', 'delete from office where account_id = $1 returning 1'],
  ['guide_read', 'delete from guide_read where account_id = $1 returning 1'],
  ['foreign_password', 'delete from foreign_password where account_id = $1 returning 1'],
  ['staff_role', 'delete from staff_role where account_id = $1 returning 1'],
  ['idempotency_key', 'delete from idempotency_key where account_id = $1 returning 1'],
  [
    'integration_tester',
    `delete from integration_tester
      where client_id in (select client_id from integration where owner_id = $1) returning 1`,
  ],
  [
    'integration_request',
    `update integration_request
        set asked_by = null, contact = '',
            state = case when state = 'pending' then 'withdrawn' else state end,
            decided_by = case when state = 'pending' then asked_by else decided_by end,
            decided_at = coalesce(decided_at, now())
      where asked_by = $1 returning 1`,
  ],
  // Blocked since the account was closed; people are not told her name any more.
  [
    'client',
    `update client set metadata = metadata - 'owner'
      where client_id in (select client_id from integration where owner_id = $1) returning 1`,
  ],
  ['integration', 'update integration set owner_id = null where owner_id = $1 returning 1'],
  // That there was one is kept, without a word of hers.
  [
    'mismatch_case',
    `update mismatch_case
        set account_id = null, member_id = null, subject = null, told = null, reason = null,
            state = case when state = 'retry_ok' then state else 'closed' end
      where account_id = $1 returning 1`,
  ],
  // The record is the region's and stays; who she is to the Union is forgotten there.
  ['school_person', 'update school_person set account_id = null where account_id = $1 returning 1'],
  ['school_exit', 'delete from school_exit where account_id = $1 returning 1'],
];

const EVIDENCE: readonly (readonly [table: string, statement: string])[] = [
  ['document', 'delete from document where account_id = $1 returning 1'],
  ['signing', 'delete from signing where account_id = $1 returning 1'],
  ['terms_acceptance', 'delete from terms_acceptance where account_id = $1 returning 1'],
  // Before the applications by which it is found.
  [
    'register_application',
    `update register_application set applicant_sealed = null
      where applicant_sealed is not null and id in (select id from application where account_id = $1) returning 1`,
  ],
  ['application', 'delete from application where account_id = $1 returning 1'],
];

export function postgresDeletions(database: Database): Deletions {
  const destroy = async (statements: typeof PERSONAL, id: string, within: Queryable): Promise<Destroyed> => {
    const counts: Record<string, number> = {};
    for (const [table, statement] of statements) {
      counts[table] = (await within.query(statement, [id])).length;
    }
    return counts;
  };

  return {
    async request(id, days, within) {
      const rows = await within.query(
        `insert into account_deletion (account_id, due_at) values ($1, now() + make_interval(days => $2))
         on conflict do nothing returning account_id`,
        [id, days],
      );
      return rows.length === 1;
    },
    async of(id) {
      const [row] = await database.query<{ requestedAt: Date; due: Date }>(
        `select requested_at as "requestedAt", due_at as due from account_deletion
          where account_id = $1 and closed_at is null`,
        [id],
      );
      return row;
    },
    async cancel(id, within) {
      const rows = await within.query(
        'delete from account_deletion where account_id = $1 and closed_at is null returning account_id',
        [id],
      );
      return rows.length === 1;
    },
    async due() {
      const rows = await database.query<{ account_id: string }>(
        `select account_id from account_deletion where due_at <= now() and erased_at is null
          order by due_at limit ${AT_ONCE}`,
      );
      return rows.map((row) => row.account_id);
    },
    async close(id, within) {
      const closed = await within.query(
        `update account_deletion set closed_at = now()
          where account_id = $1 and due_at <= now() and closed_at is null returning account_id`,
        [id],
      );
      if (closed.length === 0) return undefined;
      const remains = await remainsOf(id, within);
      await within.query(
        `update account set status = 'closed', signed_out_at = clock_timestamp(), updated_at = now()
          where id = $1`,
        [id],
      );
      await blockIntegrations(id, within);
      // Another account of hers that became this one has waited long enough.
      await within.query(
        `insert into account_deletion (account_id, due_at)
         select closed_id, now() from account_merge where survivor_id = $1 and undone_at is null
         on conflict do nothing`,
        [id],
      );
      await within.query('delete from identifier where account_id = $1', [id]);
      await within.query('delete from password where account_id = $1', [id]);
      return remains;
    },
    async erase(id, evidenceYears, within) {
      const erased = await within.query(
        `update account_deletion
            set erased_at = now(), evidence_until = now() + make_interval(years => $2)
          where account_id = $1 and closed_at is not null and erased_at is null returning account_id`,
        [id, evidenceYears],
      );
      if (erased.length === 0) return undefined;
      await within.query(
        `update account set family_name = null, given_name = null, middle_name = null, phone = null,
                member_id = null, updated_at = now()
          where id = $1`,
        [id],
      );
      return { account: 1, ...(await destroy(PERSONAL, id, within)) };
    },
    async evidenceDue() {
      const rows = await database.query<{ account_id: string }>(
        `select account_id from account_deletion
          where evidence_until <= now() and evidence_erased_at is null order by evidence_until limit ${AT_ONCE}`,
      );
      return rows.map((row) => row.account_id);
    },
    async eraseEvidence(id, within) {
      const erased = await within.query(
        `update account_deletion set evidence_erased_at = now()
          where account_id = $1 and evidence_until <= now() and evidence_erased_at is null returning account_id`,
        [id],
      );
      return erased.length === 0 ? undefined : destroy(EVIDENCE, id, within);
    },
  };
}

/** Nobody answers for them any more. Among the testers of others she is forgotten while her address is known. */
async function blockIntegrations(id: string, within: Queryable): Promise<void> {
  await within.query(
    `update client set blocked_at = coalesce(blocked_at, now()), updated_at = now()
      where client_id in (select client_id from integration where owner_id = $1)`,
    [id],
  );
  await within.query(
    `update integration set block_reason = coalesce(block_reason, 'owner_left'), version = version + 1
      where owner_id = $1`,
    [id],
  );
  await within.query(
    `delete from integration_tester
      where email in (select value from identifier where account_id = $1 and kind = 'email')`,
    [id],
  );
}

async function remainsOf(id: string, within: Queryable): Promise<Remains> {
  const identifiers = await within.query<{ kind: 'email' | 'ticket'; value: string; original: string }>(
    `select kind, value, original from identifier where account_id = $1 and kind in ('email', 'ticket') order by further`,
    [id],
  );
  const [account] = await within.query<{ locale: 'ru' | 'en'; given_name: string | null }>(
    'select locale, given_name from account where id = $1',
    [id],
  );
  const address = identifiers.find(({ kind }) => kind === 'email')?.original;
  return {
    identifiers: identifiers.map(({ kind, value }) => ({ kind, value })),
    locale: account?.locale ?? 'ru',
    ...(address !== undefined && { address }),
    ...(account?.given_name && { givenName: account.given_name }),
  };
}
