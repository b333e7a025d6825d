/** The services of this run as a test file sees them: a database and a Redis of its own. */
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { createDatabase as createDatabaseOn, type TestDatabase } from './database.ts';
import type { Addresses } from './services.ts';

/** The address of a service; throws when the project does not ask for it in `global-setup.ts`. */
export function given<Name extends keyof Addresses>(name: Name): NonNullable<Addresses[Name]> {
  const address = inject('services')[name];
  if (address === undefined) throw new Error(`this project does not start ${name}: see global-setup.ts`);
  return address;
}

/** A migrated database, or an empty one. */
export function createDatabase(options?: { empty?: boolean }): Promise<TestDatabase> {
  return createDatabaseOn(given('postgres'), options);
}

export type TestRedis = { readonly url: string; drop(): Promise<void> };

/** An empty database of the Redis server, by number and in turn. */
export function createRedis(): Promise<TestRedis> {
  return createRedisOn(given('redis'));
}

export async function createRedisOn(server: string): Promise<TestRedis> {
  const admin = new Redis(server);
  const [, count] = (await admin.config('GET', 'databases')) as string[];
  const url = new URL(server);
  url.pathname = String(1 + ((await admin.incr('test-databases')) % (Number(count) - 1)));
  admin.disconnect();
  const flush = async (): Promise<void> => {
    const redis = new Redis(url.href);
    await redis.flushdb();
    redis.disconnect();
  };
  await flush();
  return { url: url.href, drop: flush };
}
