/** Jobs on pg-boss, in the same PostgreSQL or PGlite as everything else. */
import type { PGlite } from '@electric-sql/pglite';
import { type ConnectionOptions, fromPglite, PgBoss } from 'pg-boss';
import type { Queryable, Value } from '../database/database.ts';
import { startDispatch } from './dispatch.ts';
import type { JobDispatcher, JobName, JobQueue, JobWorker } from './job-queue.ts';

type Retries = {
  readonly retryLimit: number;
  readonly retryDelay: number;
  readonly retryDelayMax: number;
  readonly expireInSeconds?: number;
  readonly heartbeatSeconds?: number;
};

const EXPIRE_SECONDS = 60;
const HEARTBEAT_SECONDS = 15;
/** How often lapsed heartbeats and expired jobs are looked for. */
const WATCH_SECONDS = 15;
const QUEUES: Readonly<Record<JobName, Retries>> = {
  // A relying party's outage is no failure of the job, which then adds the next one itself.
  'backchannel-logout': { retryLimit: 150, retryDelay: 2, retryDelayMax: 600 },
  letter: {
    // Postponing is failing in the eyes of the library, so its count says nothing, and age ends a letter. Its pause is
    // for letters of a worker that was killed.
    ...{ retryLimit: 1_000_000, retryDelay: 2, retryDelayMax: 5 },
    // A slow mail server is no dead worker: only one that does not beat any more loses its letter.
    ...{ expireInSeconds: 15 * 60, heartbeatSeconds: HEARTBEAT_SECONDS },
  },
  // About an hour: a link that comes later finds nobody waiting for it.
  'password-reset': { retryLimit: 20, retryDelay: 2, retryDelayMax: 300 },
  'end-sessions': { retryLimit: 150, retryDelay: 2, retryDelayMax: 600 },
  // Goes on where it was killed.
  'issue-credentials': {
    ...{ retryLimit: 150, retryDelay: 2, retryDelayMax: 60 },
    ...{ expireInSeconds: 15 * 60, heartbeatSeconds: HEARTBEAT_SECONDS },
  },
  'office-ended': { retryLimit: 150, retryDelay: 2, retryDelayMax: 600 },
  // Each adds the next one itself; its work may be repeated.
  'everybody-out': { retryLimit: 150, retryDelay: 2, retryDelayMax: 600, expireInSeconds: 5 * 60 },
  'forced-reset': { retryLimit: 150, retryDelay: 2, retryDelayMax: 600, expireInSeconds: 5 * 60 },
  // Two hours; afterwards «waiting-applications» finds it every minute.
  application: { retryLimit: 150, retryDelay: 2, retryDelayMax: 60 },
  'waiting-applications': { retryLimit: 0, retryDelay: 1, retryDelayMax: 1 },
  'consent-ended': { retryLimit: 150, retryDelay: 2, retryDelayMax: 600 },
  'event-stream': { retryLimit: 150, retryDelay: 2, retryDelayMax: 600 },
  // All three are begun again every minute, whatever became of the last time.
  'school-exits': { retryLimit: 3, retryDelay: 2, retryDelayMax: 10 },
  'consent-events': { retryLimit: 3, retryDelay: 2, retryDelayMax: 10 },
  news: { retryLimit: 0, retryDelay: 1, retryDelayMax: 1 },
  message: { retryLimit: 150, retryDelay: 5, retryDelayMax: 600 },
  'audit-seal': { retryLimit: 0, retryDelay: 1, retryDelayMax: 1 },
  census: { retryLimit: 0, retryDelay: 1, retryDelayMax: 1, expireInSeconds: 15 * 60 },
  deletions: { retryLimit: 0, retryDelay: 1, retryDelayMax: 1 },
  'overdue-applications': { retryLimit: 0, retryDelay: 1, retryDelayMax: 1 },
  // Goes on where it was killed.
  'member-list': {
    ...{ retryLimit: 150, retryDelay: 2, retryDelayMax: 60 },
    ...{ expireInSeconds: 15 * 60, heartbeatSeconds: HEARTBEAT_SECONDS },
  },
  // Every visit has its own limit; again from the first case when the process was killed.
  rehearsal: {
    retryLimit: 1,
    retryDelay: 2,
    retryDelayMax: 2,
    expireInSeconds: 15 * 60,
    heartbeatSeconds: HEARTBEAT_SECONDS,
  },
  sweep: { retryLimit: 0, retryDelay: 1, retryDelayMax: 1 },
};
const HANDLED_AT_ONCE = 5;
const DAY_SECONDS = 24 * 3_600;
const NOBODY = '00000000-0000-0000-0000-000000000000';

export type PgBossOptions = {
  readonly on: { readonly url: string } | { readonly pglite: PGlite };
  readonly onError: (error: Error) => void;
};

export async function startPgBoss({
  on,
  onError,
}: PgBossOptions): Promise<JobQueue & JobWorker & JobDispatcher> {
  const boss = new PgBoss({
    ...('url' in on
      ? { connectionString: on.url, max: 3, application_name: 'union-id jobs' }
      : { db: fromPglite(on.pglite), backend: 'pglite' as const }),
    useListenNotify: true,
    superviseIntervalSeconds: WATCH_SECONDS,
    monitorIntervalSeconds: WATCH_SECONDS,
  });
  boss.on('error', onError);
  await boss.start();
  for (const [name, retries] of Object.entries(QUEUES)) {
    const options = {
      expireInSeconds: EXPIRE_SECONDS,
      ...retries,
      retryBackoff: true,
      retentionSeconds: 2 * DAY_SECONDS,
      deleteAfterSeconds: DAY_SECONDS,
      notify: true,
    };
    await boss.createQueue(name, options);
    // Creating leaves a queue of an earlier version as it was.
    await boss.updateQueue(name, options);
    // Makes the library read what it knows of the queue now: within a transaction on PGlite it could not.
    await boss.findJobs(name, { id: NOBODY });
  }
  const dispatches: (() => Promise<void>)[] = [];

  return {
    async add(name, data, within, { priority = 0, group, afterSeconds } = {}) {
      await boss.send(name, data, {
        priority,
        ...(group !== undefined && { group: { id: group } }),
        ...(afterSeconds !== undefined && { startAfter: afterSeconds }),
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
    async dispatch(name, rules, handle) {
      const heartbeatSeconds = QUEUES[name].heartbeatSeconds ?? EXPIRE_SECONDS;
      dispatches.push(startDispatch({ boss, name, rules, handle, heartbeatSeconds, onError }));
    },
    async waiting(name) {
      const { rows } = await boss.getDb().executeSql(
        `select priority, count(*)::int as jobs,
                (count(*) filter (where state = 'retry' and start_after > now()))::int as postponed,
                min(created_on) as "oldestAt"
           from pgboss.job where name = $1 and state < 'completed' group by priority order by priority`,
        [name],
      );
      return rows;
    },
    async hurry(name) {
      const { rows } = await boss.getDb().executeSql(
        `update pgboss.job set start_after = now()
          where name = $1 and state = 'retry' and start_after > now() returning 1`,
        [name],
      );
      return rows.length;
    },
    async stop(seconds) {
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, seconds * 1_000);
      await Promise.race([patience.promise, Promise.all(dispatches.map((end) => end()))]);
      clearTimeout(timer);
      await boss.stop({ graceful: true, timeout: seconds * 1_000 });
    },
  };
}

function asBossDatabase(within: Queryable): NonNullable<ConnectionOptions['db']> {
  return { executeSql: async (text, values) => ({ rows: await within.query(text, values as Value[]) }) };
}
