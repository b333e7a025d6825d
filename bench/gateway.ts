/** The gateway as an operator starts it, on PostgreSQL and Redis of its own, with people and clients to load it with. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { aesGcm } from '../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../adapters/client-store/postgres.ts';
import { openPg } from '../adapters/database/pg.ts';
import { argon2id } from '../adapters/password-hasher/argon2id.ts';
import { readConfig } from '../provider/config.ts';
import { createDatabase } from '../tests/support/services/database.ts';
import { freePort } from '../tests/support/services/free-port.ts';
import { type Services, startServices } from '../tests/support/services/services.ts';
import type { LoadClients } from './clients.ts';
import { PASSWORD, seedPeople } from './people.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';

export const MAIN = fileURLToPath(new URL('../provider/main.ts', import.meta.url));

export type HashParameters = {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
};

export type LoadedGateway = {
  readonly server: ServerProcess;
  readonly hash: HashParameters;
  readonly hashesAtOnce: number;
  /** As they name themselves. */
  readonly stores: { readonly postgres: string; readonly redis: string };
  stop(): Promise<void>;
};

export type GatewayOptions = {
  readonly clients: LoadClients;
  readonly people: number;
  readonly nodeArgs: readonly string[];
  readonly logFolder: string;
};

export async function startGateway(options: GatewayOptions): Promise<LoadedGateway> {
  const services = await startServices({ postgres: true, redis: true });
  try {
    return await startOn(services, options);
  } catch (error) {
    await services.stop();
    throw error;
  }
}

async function startOn(services: Services, options: GatewayOptions): Promise<LoadedGateway> {
  const { clients, people, nodeArgs, logFolder } = options;
  const { postgres = '', redis = '' } = services.addresses;
  const database = await createDatabase(postgres);
  const port = await freePort();
  const environment = environmentOn(`http://127.0.0.1:${port}`, port, database.url, redis);
  const config = readConfig(environment);

  const hasher = argon2id({ peppers: config.secrets.peppers, atOnce: 1, queueMilliseconds: 60_000 });
  const hash = await hasher.hash(PASSWORD);
  const tables = openPg({ url: database.url, poolSize: 1 });
  try {
    await seedPeople(tables, people, hash);
    const store = postgresClients(tables, aesGcm(config.secrets.encryptionKeys));
    for (const { metadata } of Object.values(clients)) await store.save(metadata, 'bench');
  } finally {
    await tables.close();
  }

  const server = await startServerProcess({
    issuer: config.issuer,
    args: [...nodeArgs, MAIN],
    environment,
    logFile: join(logFolder, 'gateway.log'),
  });
  return {
    server,
    hash: parametersOf(hash),
    hashesAtOnce: config.passwords.hashesAtOnce,
    stores: { postgres: await postgresVersion(database.url), redis: await redisVersion(redis) },
    async stop() {
      await server.stop();
      await database.drop();
      await services.stop();
    },
  };
}

/** As in production, but for the throttles: a thousand sign-ins a minute from one address are no siege here. */
export function environmentOn(issuer: string, port: number, databaseUrl: string, redisUrl: string) {
  const secret = (): string => randomBytes(32).toString('base64url');
  return {
    ISSUER: issuer,
    HOST: '127.0.0.1',
    PORT: String(port),
    METRICS_PORT: '0',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    COOKIE_KEYS: secret(),
    ENCRYPTION_KEYS: `bench:${secret()}`,
    PASSWORD_PEPPERS: `bench:${secret()}`,
    PAIRWISE_SALT: secret(),
    SANDBOX: 'on',
    THROTTLE: 'off',
  };
}

/** From the hash itself (PHC string format). */
function parametersOf(hash: string): HashParameters {
  const [, memoryCost, timeCost, parallelism] = /m=(\d+),t=(\d+),p=(\d+)/.exec(hash) ?? [];
  return {
    memoryCost: Number(memoryCost),
    timeCost: Number(timeCost),
    parallelism: Number(parallelism),
  };
}

async function postgresVersion(url: string): Promise<string> {
  const database = openPg({ url, poolSize: 1 });
  const [row] = await database.query<{ version: string }>(
    `select split_part(current_setting('server_version'), ' ', 1) as version`,
  );
  await database.close();
  return `PostgreSQL ${row?.version}`;
}

async function redisVersion(url: string): Promise<string> {
  const redis = new Redis(url);
  const info = await redis.info('server');
  redis.disconnect();
  return `Redis ${/redis_version:(\S+)/.exec(info)?.[1]}`;
}
