/** Limits counted in PostgreSQL, on a server or in-process: one statement per take. */
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database, Value } from '../database/database.ts';
import type { Sweeper } from '../storage/storage.ts';
import { insured } from './insured.ts';
import type { Limiters } from './limiter.ts';

export function postgresLimiters(database: Database): Limiters & Sweeper {
  const storeClient = pgClient(database);
  const limiters: Limiters = (name, limit) =>
    insured(name, limit, (options) => {
      return new RateLimiterPostgres({
        ...options,
        storeClient,
        storeType: 'client',
        tableName: 'throttle',
        tableCreated: true,
        clearExpiredByTimeout: false,
      });
    });
  return Object.assign(limiters, {
    async sweep() {
      const swept = await database.query('delete from throttle where expire <= $1 returning true', [
        Date.now(),
      ]);
      return swept.length;
    },
  });
}

/** What the library needs of node-postgres' client. */
function pgClient(database: Database) {
  return {
    async query({ name, text, values }: { name: string; text: string; values: readonly Value[] }) {
      const rows = await database.query({ name, text }, values);
      return { rows, rowCount: rows.length };
    },
  };
}
