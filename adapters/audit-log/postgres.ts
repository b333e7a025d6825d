/** The audit trail as an append-only table. */
import type { Queryable } from '../database/database.ts';
import type {
  AuditCounts,
  AuditLog,
  AuditReader,
  DatedAuditEntry,
  SignInReader,
  SignInRecord,
} from './audit-log.ts';

const APPEND = {
  name: 'audit-append',
  text: `insert into audit (event, outcome, actor, account_id, client_id, session_uid, request_id, network, reason, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)`,
};

/** The index `audit_sign_in` holds nothing but these, so a page costs as much as it shows. */
const SIGN_INS = {
  name: 'audit-sign-ins',
  text: `select a.at, jsonb_strip_nulls(jsonb_build_object('id', a.id::text, 'outcome', a.outcome,
                  'method', a.detail ->> 'method', 'clientId', a.client_id, 'network', a.network,
                  'device', s.device)) as entry
           from audit a
           left join account_session s on s.uid = a.session_uid and s.account_id = a.account_id
          where a.account_id = $1 and a.event = 'sign_in' and ($2::bigint is null or a.id < $2::bigint)
          order by a.id desc limit $3`,
};

export function postgresAuditLog(database: Queryable): AuditLog & AuditCounts & AuditReader & SignInReader {
  return {
    async append(entry, within = database) {
      await within.query(APPEND, [
        entry.event,
        entry.outcome,
        entry.actor,
        entry.accountId ?? null,
        entry.clientId ?? null,
        entry.sessionUid ?? null,
        entry.requestId ?? null,
        entry.network ?? null,
        entry.reason ?? null,
        entry.detail ? JSON.stringify(entry.detail) : null,
      ]);
    },
    async entriesOf(accountId) {
      const rows = await database.query<{ entry: Omit<DatedAuditEntry, 'at'>; at: Date }>(
        `select at, jsonb_strip_nulls(jsonb_build_object('event', event, 'outcome', outcome, 'actor', actor,
                  'clientId', client_id, 'network', network, 'reason', reason, 'detail', detail)) as entry
           from audit where account_id = $1 order by at desc, id desc`,
        [accountId],
      );
      return rows.map(({ at, entry }) => ({ at, ...entry }));
    },
    async signInsOf(accountId, { limit, before }) {
      const rows = await database.query<{ entry: Omit<SignInRecord, 'at'>; at: Date }>(SIGN_INS, [
        accountId,
        before ?? null,
        limit,
      ]);
      return rows.map(({ at, entry }) => ({ at, ...entry }));
    },
    async count({ accountId, event, reason }, seconds, within = database) {
      const [row] = await within.query<{ found: number }>(
        `select count(*)::integer as found from audit
          where account_id = $1 and event = $2 and ($3::text is null or reason = $3)
            and at > clock_timestamp() - make_interval(secs => $4)`,
        [accountId, event, reason ?? null, seconds],
      );
      return row?.found ?? 0;
    },
  };
}
