/** The audit trail as an append-only table. */
import type { Queryable } from '../database/database.ts';
import type { AuditLog } from './audit-log.ts';

const APPEND = {
  name: 'audit-append',
  text: `insert into audit (event, outcome, actor, account_id, client_id, session_uid, request_id, network, reason, detail)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)`,
};

export function postgresAuditLog(database: Queryable): AuditLog {
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
  };
}
