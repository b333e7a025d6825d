/** The repeated job that seals the audit trail; each digest leaves the host with the log (security.md #114, #119). */
import type { AuditSeals } from '../../adapters/audit-log/audit-log.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { Events } from '../events/events.ts';

/** More than one run can be needed after a long standstill; the next one is a minute away. */
const SEALS_PER_RUN = 100;

export async function sealAudit(
  jobs: JobWorker,
  seals: AuditSeals,
  events: Pick<Events, 'auditSealed'>,
): Promise<void> {
  await jobs.work('audit-seal', async () => {
    for (let made = 0; made < SEALS_PER_RUN; made += 1) {
      const seal = await seals.sealNext();
      if (!seal) return;
      events.auditSealed(seal);
    }
  });
  await jobs.repeat('audit-seal', '* * * * *', {});
}
