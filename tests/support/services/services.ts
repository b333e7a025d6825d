/**
 * The servers a test run or a script stands on: those named in TEST_DATABASE_URL and TEST_REDIS_URL, else private
 * ones on loopback that live in temporary directories. What TEST_REDIS_URL names is emptied by the tests.
 */
import { type Binaries, findBinaries, type Need } from './binaries.ts';
import { startPostgres } from './postgres.ts';
import { startCluster, startRedis, startSentinel } from './redis.ts';
import type { Server } from './server.ts';

export type Wish = Need & { readonly cluster?: boolean; readonly sentinel?: boolean };

/** Plain data, so that it can be handed to another process. */
export type Addresses = {
  /** A database whose user may create others: see `createDatabase`. */
  readonly postgres?: string;
  readonly redis?: string;
  readonly cluster?: readonly string[];
  readonly sentinel?: { readonly master: string; readonly sentinels: readonly string[] };
  /** Path of the browser. */
  readonly chromium?: string;
};

export type Services = { readonly addresses: Addresses; stop(): Promise<void> };

/** All at once. Throws one sentence when something is missing, and leaves nothing running then. */
export async function startServices(wish: Wish): Promise<Services> {
  const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
  const postgres = wish.postgres === true && !TEST_DATABASE_URL;
  const redis = wish.redis === true && !TEST_REDIS_URL;
  const binaries = await findBinaries({
    postgres,
    redis: redis || wish.cluster === true || wish.sentinel === true,
    chromium: wish.chromium === true,
  });

  const running: Server[] = [];
  const started = async <S extends Server>(wanted: boolean | undefined, start: () => Promise<S>) => {
    if (!wanted) return undefined;
    const server = await start();
    running.push(server);
    return server;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((server) => server.stop()));
  };

  const starts = [
    started(postgres, () => startPostgres(required(binaries, 'postgres'))),
    started(redis, () => startRedis(required(binaries, 'redis'))),
    started(wish.cluster, () => startCluster(required(binaries, 'redis'))),
    started(wish.sentinel, () => startSentinel(required(binaries, 'redis'))),
  ] as const;
  await Promise.allSettled(starts);
  try {
    const [ownPostgres, ownRedis, cluster, sentinel] = await Promise.all(starts);
    const postgresUrl = ownPostgres?.url ?? (wish.postgres ? TEST_DATABASE_URL : undefined);
    const redisUrl = ownRedis?.url ?? (wish.redis ? TEST_REDIS_URL : undefined);
    return {
      addresses: {
        ...(postgresUrl === undefined ? {} : { postgres: postgresUrl }),
        ...(redisUrl === undefined ? {} : { redis: redisUrl }),
        ...(cluster === undefined ? {} : { cluster: cluster.nodes }),
        ...(sentinel === undefined
          ? {}
          : { sentinel: { master: sentinel.master, sentinels: sentinel.sentinels } }),
        ...(binaries.chromium === undefined ? {} : { chromium: binaries.chromium }),
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function required(binaries: Binaries, name: keyof Binaries): string {
  const path = binaries[name];
  if (path === undefined) throw new Error(`${name} was not asked for`);
  return path;
}
