/** The composition root: the only file that names concrete adapters. Opens the stores, builds the house, closes it. */
import type { Logger } from 'pino';
import { postgresActivity } from '../adapters/account-activity/postgres.ts';
import { postgresAccounts } from '../adapters/account-store/postgres.ts';
import { postgresAuditLog } from '../adapters/audit-log/postgres.ts';
import { aesGcm } from '../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../adapters/client-store/postgres.ts';
import { systemClock } from '../adapters/clock.ts';
import type { BulkLoader, Database } from '../adapters/database/database.ts';
import { migrate } from '../adapters/database/migrate.ts';
import { openPg } from '../adapters/database/pg.ts';
import { openPglite } from '../adapters/database/pglite.ts';
import type { JobQueue, JobWorker } from '../adapters/job-queue/job-queue.ts';
import { startPgBoss } from '../adapters/job-queue/pg-boss.ts';
import type { Limiters } from '../adapters/limiter/limiter.ts';
import { postgresLimiters } from '../adapters/limiter/postgres.ts';
import { redisLimiters } from '../adapters/limiter/redis.ts';
import { smtpMailer } from '../adapters/mailer/smtp.ts';
import { argon2id } from '../adapters/password-hasher/argon2id.ts';
import { openRedis, type Redis } from '../adapters/redis/redis.ts';
import { postgresSigningKeys } from '../adapters/signing-keys/postgres.ts';
import { postgresStorage } from '../adapters/storage/postgres.ts';
import { redisStorage } from '../adapters/storage/redis.ts';
import type { Storage, Sweeper } from '../adapters/storage/storage.ts';
import { buildApp } from './app.ts';
import { CABINET_CLIENT_ID, cabinetClient, doorkeeper } from './cabinet/enter.ts';
import type { Config } from './config.ts';
import { createEvents } from './events.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { csrf } from './http/csrf.ts';
import { formReader } from './http/form.ts';
import { proxies } from './http/front-door.ts';
import { localeOf, localeRoutes } from './http/locale.ts';
import { renderer, renderMail } from './http/render.ts';
import { staticFiles } from './http/static-files.ts';
import { finish } from './interactions/finish.ts';
import { resumeBinding } from './interactions/resume-binding.ts';
import { returnRequests } from './interactions/return-request.ts';
import { pages } from './interactions/show.ts';
import { deliverLetters } from './letters/letters.ts';
import { deviceMarks } from './login/device-mark.ts';
import { guessLimits, PER_ACCOUNT, PER_DEVICE, PER_SOURCE, unlimitedGuesses } from './login/guess-limits.ts';
import { password } from './login/password.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { deliverBackchannelLogout, queueBackchannelLogout } from './oidc/backchannel-logout.ts';
import { clientDirectory } from './oidc/clients.ts';
import { createProvider } from './oidc/create-provider.ts';
import { sessionEnder } from './oidc/end-session.ts';
import { refreshLeeway } from './oidc/refresh-leeway.ts';

/** Models that last as long as a sign-in; the others are gone within the hour. */
const SESSION_MODELS = new Set(['Session', 'Grant', 'RefreshToken', 'RegistrationAccessToken']);
const REPLAY_SECONDS = 15 * 60;
const JOBS_STOP_SECONDS = 10;

export type House = {
  readonly gateway: Gateway;
  readonly stores: Stores;
  readonly metrics: Metrics;
  readonly readiness: { ready(): Promise<boolean>; leave(): void };
  close(): Promise<void>;
};

export type Stores = {
  readonly database: Database & BulkLoader;
  readonly redis: Redis | undefined;
  readonly storage: Storage;
  readonly sweeper: Sweeper;
  readonly limiters: Limiters;
  readonly jobs: JobQueue & JobWorker;
  close(): Promise<void>;
};

/** The database alone, brought up to date: what the command line needs. */
export async function openDatabase(config: Config, log: Logger) {
  if (config.database.kind === 'server') {
    return openPg({
      ...config.database,
      onIdleError: (err) => log.warn({ err }, 'an idle database connection broke'),
    });
  }
  log.warn({ directory: config.database.directory }, 'embedded database: one process only, not for production');
  return openPglite(config.database.directory);
}

async function openStores(config: Config, log: Logger): Promise<Stores> {
  const database = await openDatabase(config, log);
  await migrate(database, (migration) => log.info(migration, 'migrated'));
  const redis = config.redis && openRedis(config.redis, (err) => log.warn({ err }, 'redis'));
  const inDatabase = postgresStorage(database);
  const inRedis = redis && redisStorage(redis);
  const lasting = config.sessionStore === 'redis' ? inRedis : inDatabase;
  const jobs = await startPgBoss({
    on:
      'handle' in database
        ? { pglite: database.handle }
        : { url: (config.database as { url: string }).url },
    onError: (err) => log.warn({ err }, 'job queue'),
  });
  return {
    database,
    redis,
    storage: (model) => (SESSION_MODELS.has(model) ? (lasting ?? inDatabase.storage) : (inRedis ?? inDatabase.storage))(model),
    sweeper: inDatabase,
    limiters: redis ? redisLimiters(redis) : postgresLimiters(database),
    jobs,
    async close() {
      await jobs.stop(JOBS_STOP_SECONDS);
      await redis?.close();
      await database.close();
    },
  };
}
