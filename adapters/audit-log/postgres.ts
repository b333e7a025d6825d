/** The audit trail as an append-only table. */
import type { Queryable } from '../database/database.ts';
import type { AuditCounts, AuditLog, AuditReader, DatedAuditEntry } from './audit-log.ts';

const APPEND = {
  name: 'audit-append',
  text: `insert into audit (event, outcome, actor, account_id, client_id, session_uid, request_id, network, reason, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)`,
};

export function postgresAuditLog(database: Queryable): AuditLog & AuditCounts & AuditReader {
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
