/** Settings that put a house on a database and a Redis of the test file's own. */
import { createDatabase, createRedis } from './services/given.ts';

export async function testStores() {
  const [database, redis] = await Promise.all([createDatabase(), createRedis()]);
  return {
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    // A house in the test's own process stands still whenever the test, or the machine, has other work.
    REDIS_TIMEOUT_MILLISECONDS: '2000',
  };
}
