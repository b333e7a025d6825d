/** Where everything is kept, opened and closed together: database, Redis, job queue. */
import type { Logger } from 'pino';
import type { BulkLoader, Database } from '../../adapters/database/database.ts';
import { migrate } from '../../adapters/database/migrate.ts';
import { openPg } from '../../adapters/database/pg.ts';
import { openPglite } from '../../adapters/database/pglite.ts';
import type { JobDispatcher, JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { startPgBoss } from '../../adapters/job-queue/pg-boss.ts';
import type { Limiters } from '../../adapters/limiter/limiter.ts';
import { postgresLimiters } from '../../adapters/limiter/postgres.ts';
import { redisLimiters } from '../../adapters/limiter/redis.ts';
import { openRedis, type RedisConnection } from '../../adapters/redis/redis.ts';
import { postgresStorage } from '../../adapters/storage/postgres.ts';
import { redisStorage } from '../../adapters/storage/redis.ts';
import type { Storage, Sweeper } from '../../adapters/storage/storage.ts';
import type { Config } from '../config.ts';

/** Models that last as long as a sign-in; the others are gone within the hour. */
const SESSION_MODELS = new Set([
  'Session',
  'Grant',
  'RefreshToken',
  'RegistrationAccessToken',
  'Applicant',
  'SessionRole',
]);
const JOBS_STOP_SECONDS = 10;
/** Prefix of every Redis key. */
const NAMESPACE = 'union-id';

export type Stores = {
  readonly database: Database & BulkLoader;
  readonly redis: RedisConnection | undefined;
  readonly storage: Storage;
  readonly sweepers: readonly Sweeper[];
  readonly limiters: Limiters;
  readonly jobs: JobQueue & JobWorker & JobDispatcher;
  close(): Promise<void>;
};

/** Where the tables are, and how the job queue reaches the same place. */
async function openDatabase(config: Config, log: Logger) {
  if (config.database.kind === 'server') {
    const database = openPg({
      ...config.database,
      onIdleError: (err) => log.warn({ err }, 'an idle database connection broke'),
    });
    return { database, jobsOn: { url: config.database.url } };
  }
  log.warn(
    { directory: config.database.directory },
    'embedded database: one process only, not for production',
  );
  const database = await openPglite(config.database.directory);
  return { database, jobsOn: { pglite: database.handle } };
}

export async function openStores(config: Config, log: Logger): Promise<Stores> {
  const { database, jobsOn } = await openDatabase(config, log);
  await migrate(database, (migration) => log.info(migration, 'migrated'));
  const redis =
    config.redis &&
    openRedis({
      ...config.redis,
      commandTimeout: config.redisTimeoutMilliseconds,
      onError: (err) => log.warn({ err }, 'redis'),
    });
  const inDatabase = postgresStorage(database);
  const limitsInDatabase = postgresLimiters(database);
  const inRedis = redis && redisStorage(redis.client, { namespace: NAMESPACE });
  const lasting = config.sessionStore === 'redis' ? inRedis : inDatabase;
  const jobs = await startPgBoss({ on: jobsOn, onError: (err) => log.warn({ err }, 'job queue') });
  return {
    database,
    redis,
    storage: (model) =>
      (SESSION_MODELS.has(model) ? (lasting ?? inDatabase) : (inRedis ?? inDatabase))(model),
    sweepers: [inDatabase, limitsInDatabase],
    limiters: redis ? redisLimiters(redis.client, { namespace: NAMESPACE }) : limitsInDatabase,
    jobs,
    async close() {
      await jobs.stop(JOBS_STOP_SECONDS);
      await redis?.close();
      await database.close();
    },
  };
}

export type Readiness = { ready(): Promise<boolean>; leave(): void };

/** Ready while every store answers and nobody has asked us to go. */
export function readinessOf({ database, redis }: Stores, log: Logger): Readiness {
  let leaving = false;
  return {
    leave() {
      leaving = true;
    },
    async ready() {
      if (leaving) return false;
      try {
        await Promise.all([database.query('select 1'), redis?.ping()]);
        return true;
      } catch (err) {
        log.warn({ err }, 'not ready');
        return false;
      }
    },
  };
}
