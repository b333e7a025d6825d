/** Jobs on pg-boss, in the same PostgreSQL or PGlite as everything else. */
import type { PGlite } from '@electric-sql/pglite';
import { type ConnectionOptions, fromPglite, PgBoss } from 'pg-boss';
import type { Queryable, Value } from '../database/database.ts';
import type { JobName, JobQueue, JobWorker } from './job-queue.ts';

const QUEUES: Record<JobName, { retryLimit: number; retryDelay: number; retryDelayMax: number }> = {
  // Seconds: 2, 4, 8 … 600; about a day in all, which a relying party's outage rarely outlasts.
  'backchannel-logout': { retryLimit: 150, retryDelay: 2, retryDelayMax: 600 },
  letter: { retryLimit: 150, retryDelay: 5, retryDelayMax: 600 },
  // About an hour: a link that comes later finds nobody waiting for it.
  'password-reset': { retryLimit: 20, retryDelay: 2, retryDelayMax: 300 },
  'end-sessions': { retryLimit: 150, retryDelay: 2, retryDelayMax: 600 },
  // Two hours; afterwards «waiting-applications» finds it every minute.
  application: { retryLimit: 150, retryDelay: 2, retryDelayMax: 60 },
  'waiting-applications': { retryLimit: 0, retryDelay: 1, retryDelayMax: 1 },
  sweep: { retryLimit: 0, retryDelay: 1, retryDelayMax: 1 },
};
const HANDLED_AT_ONCE = 5;
const DAY_SECONDS = 24 * 3_600;

export type PgBossOptions = {
  readonly on: { readonly url: string } | { readonly pglite: PGlite };
  readonly onError: (error: Error) => void;
};

export async function startPgBoss({ on, onError }: PgBossOptions): Promise<JobQueue & JobWorker> {
  const boss = new PgBoss({
    ...('url' in on
      ? { connectionString: on.url, max: 3, application_name: 'union-id jobs' }
      : { db: fromPglite(on.pglite), backend: 'pglite' as const }),
    useListenNotify: true,
  });
  boss.on('error', onError);
  await boss.start();
  for (const [name, options] of Object.entries(QUEUES)) {
    await boss.createQueue(name, {
      ...options,
      retryBackoff: true,
      expireInSeconds: 60,
      retentionSeconds: 2 * DAY_SECONDS,
      deleteAfterSeconds: DAY_SECONDS,
      notify: true,
    });
  }

  return {
    async add(name, data, within, { priority = 0, group } = {}) {
      await boss.send(name, data, {
        priority,
        ...(group !== undefined && { group: { id: group } }),
        ...(within && { db: asBossDatabase(within) }),
      });
    },
    async work(name, handle) {
      await boss.work<Parameters<typeof handle>[0]>(
        name,
        { localConcurrency: HANDLED_AT_ONCE, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 },
        async ([job]) => {
          if (job) await handle(job.data);
        },
      );
    },
    async repeat(name, cron, data) {
      await boss.schedule(name, cron, data, { tz: 'UTC' });
    },
    async stop(seconds) {
      await boss.stop({ graceful: true, timeout: seconds * 1_000 });
    },
  };
}

function asBossDatabase(within: Queryable): NonNullable<ConnectionOptions['db']> {
  return { executeSql: async (text, values) => ({ rows: await within.query(text, values as Value[]) }) };
}
