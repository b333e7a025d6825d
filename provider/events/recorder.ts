/** Writes down one event: audit row, counter and log line. Knows no event by name. */
import type { Logger } from 'pino';
import type { AuditEntry, AuditLog } from '../../adapters/audit-log/audit-log.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { RequestOrigin } from '../http/request-origin.ts';
import type { Metrics } from '../metrics.ts';
import type { Tally } from '../statistics/tally.ts';

export type Where = Pick<RequestOrigin, 'requestId' | 'network'>;

export type Recorder = {
  /** Never throws: what has happened has happened. Within a transaction it does, and ends it. */
  record(entry: AuditEntry, within?: Queryable): Promise<void>;
  readonly metrics: Metrics;
  readonly tally: Tally;
  readonly log: Logger;
};

export function recorder(audit: AuditLog, metrics: Metrics, tally: Tally, log: Logger): Recorder {
  const record = async (entry: AuditEntry, within?: Queryable): Promise<void> => {
    const { event, outcome, actor, accountId, clientId, sessionUid, requestId, reason, detail } = entry;
    metrics.event(event);
    // Named one by one: the origin a caller hands over knows the whole address and the browser, too.
    log.info({ event, outcome, actor, accountId, clientId, sessionUid, requestId, reason, detail }, event);
    if (within) return audit.append(entry, within);
    try {
      await audit.append(entry);
    } catch (err) {
      log.error({ err, event: entry.event }, 'audit entry lost');
    }
  };

  return { record, metrics, tally, log };
}
