/** Settings that put a house on a database and a Redis of the test file's own. */
import { createDatabase, createRedis } from './services/given.ts';

export async function testStores(): Promise<{ DATABASE_URL: string; REDIS_URL: string }> {
  const [database, redis] = await Promise.all([createDatabase(), createRedis()]);
  return { DATABASE_URL: database.url, REDIS_URL: redis.url };
}
