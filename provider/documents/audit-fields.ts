/** A row of the trail by the names of its columns, for whoever looks for something in it. */
import type { AuditRow } from '../../adapters/audit-log/audit-log.ts';

export type AuditFields = {
  readonly row: string;
  readonly at: string;
  readonly event: string;
  readonly accountId: string;
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

const PLACE = { row: 0, at: 1, event: 2, accountId: 5, reason: 10, detail: 11 } as const;

export function auditFields(row: AuditRow): AuditFields {
  const column = (name: keyof typeof PLACE): string => row[PLACE[name]] ?? '';
  return {
    row: column('row'),
    at: column('at'),
    event: column('event'),
    accountId: column('accountId'),
    reason: column('reason'),
    detail: JSON.parse(column('detail') || '{}'),
  };
}
