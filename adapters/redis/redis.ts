/**
 * Opens Redis, whatever its shape: one server, a master watched by Sentinels, or a Cluster. Owns timeouts and
 * reconnection, so that a store in trouble is a quick refusal; knows nothing of what is kept there.
 */
import { randomInt } from 'node:crypto';
import { Cluster, type CommonRedisOptions, Redis } from 'ioredis';

/** Addresses are `redis://[user:password@]host[:port][/db]`, or `rediss://` for TLS. */
export type RedisTopology =
  | { readonly kind: 'single'; readonly url: string }
  /** `master` is an address too, with the master's name for a host: `redis://user:password@mymaster/0`. */
  | { readonly kind: 'sentinel'; readonly master: string; readonly sentinels: readonly string[] }
  /** Credentials and TLS are those of the first node; the others are found through any that answers. */
  | { readonly kind: 'cluster'; readonly nodes: readonly string[] };

export type RedisOptions = RedisTopology & {
  /** Milliseconds until an unanswered command is refused; default 250. */
  readonly commandTimeout?: number;
  /** Told about broken connections; they are re-opened without anybody's help. */
  readonly onError?: (error: Error) => void;
};

export type RedisClient = Redis | Cluster;

export type RedisConnection = {
  readonly client: RedisClient;
  /** Rejects when the store does not answer in time. */
  ping(): Promise<void>;
  /** Lets commands under way finish. */
  close(): Promise<void>;
};

/** Connects with the first command, so the process starts while the store is away. */
export function openRedis(options: RedisOptions): RedisConnection {
  const client = connect(options);
  const report = (error: Error): void => options.onError?.(error);
  client.on('error', report);
  // What a Cluster survives, as one of its nodes being away.
  client.on('node error', report);
  return {
    client,
    async ping() {
      await client.ping();
    },
    async close() {
      // A connection that is not there has nothing to finish, and QUIT would wait for it.
      if (client.status === 'ready') await client.quit();
      else client.disconnect();
    },
  };
}

function connect(options: RedisOptions): RedisClient {
  const commandTimeout = options.commandTimeout ?? 250;
  const common = {
    commandTimeout,
    connectTimeout: 1_000,
    // A peer that took commands and stays silent is given up, instead of collecting commands for it.
    socketTimeout: 4 * commandTimeout,
    lazyConnect: true,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 1,
    // A master turned replica answers READONLY: ask again who is master, and repeat the command there.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 2 : false),
    retryStrategy,
  } satisfies CommonRedisOptions;

  switch (options.kind) {
    case 'single':
      return new Redis({ ...common, ...address(options.url) });
    case 'sentinel': {
      const { host: name, port: _, ...credentials } = address(options.master);
      const sentinels = options.sentinels.map(address);
      const { username, password, tls } = sentinels[0] ?? {};
      return new Redis({
        ...common,
        ...credentials,
        name,
        sentinels: sentinels.map(({ host, port }) => ({ host, port: port ?? 26_379 })),
        sentinelRetryStrategy: retryStrategy,
        sentinelCommandTimeout: commandTimeout,
        ...(username === undefined ? {} : { sentinelUsername: username }),
        ...(password === undefined ? {} : { sentinelPassword: password }),
        ...(credentials.tls === undefined ? {} : { enableTLSForSentinelMode: true }),
        ...(tls === undefined ? {} : { sentinelTLS: tls }),
      });
    }
    case 'cluster': {
      const nodes = options.nodes.map(address);
      const { username, password, tls } = nodes[0] ?? {};
      const {
        retryStrategy: clusterRetryStrategy,
        lazyConnect,
        enableAutoPipelining,
        ...redisOptions
      } = common;
      return new Cluster(
        nodes.map(({ host, port }) => ({ host, port: port ?? 6379 })),
        {
          lazyConnect,
          enableAutoPipelining,
          // Commands wait for the Cluster to be found without a time-out of their own; these bounds are theirs.
          clusterRetryStrategy: (attempt) => Math.min(retryStrategy(attempt), commandTimeout),
          slotsRefreshTimeout: 2 * commandTimeout,
          maxRedirections: 4,
          redisOptions: {
            ...redisOptions,
            ...(username === undefined ? {} : { username }),
            ...(password === undefined ? {} : { password }),
            ...(tls === undefined ? {} : { tls }),
          },
          // Names must stay names, or no certificate would match them.
          ...(tls === undefined ? {} : { dnsLookup: (name, callback) => callback(null, name) }),
        },
      );
    }
  }
}

/** 50 ms, doubling to a second, with some jitter so that many processes do not come back in step. */
function retryStrategy(attempt: number): number {
  return Math.min(50 * 2 ** (attempt - 1), 1_000) * (randomInt(75, 126) / 100);
}

type Address = {
  host: string;
  port?: number;
  username?: string;
  password?: string;
  db?: number;
  tls?: { servername?: string };
};

function address(url: string): Address {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  if (protocol !== 'redis:' && protocol !== 'rediss:')
    throw new Error('a Redis address starts with redis:// or rediss://');
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    ...(port === '' ? {} : { port: Number(port) }),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(pathname.length > 1 ? { db: Number(pathname.slice(1)) } : {}),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
