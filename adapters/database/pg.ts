/** The database on a PostgreSQL server, through a bounded pool. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { BulkLoader, Database, Queryable, Statement, Value } from './database.ts';

const DATE_OID = 1082;
// A DATE has no zone: node-postgres would make it a local midnight and shift birthdays by a day.
pg.types.setTypeParser(DATE_OID, (text) => text);

export type PgOptions = {
  readonly url: string;
  /** Connections this process may hold. */
  readonly poolSize: number;
  /** Milliseconds to wait for a connection; default 1 000. */
  readonly connectionTimeout?: number;
  /** Told about connections that break while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void;
};

/**
 * Waits at most 1 s for a connection and 5 s for a statement, so that a locked table becomes a quick refusal
 * instead of a queue.
 */
export function openPg({
  url,
  poolSize,
  connectionTimeout = 1_000,
  onIdleError,
}: PgOptions): Database & BulkLoader {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectionTimeout,
    idleTimeoutMillis: 30_000,
    statement_timeout: 5_000,
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'union-id',
  });
  pool.on('error', (error) => onIdleError?.(error));

  return {
    ...on(pool),
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('begin');
        const result = await work(on(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((rollbackError: Error) => {
          broken = rollbackError;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async copy(table, columns, lines) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query('set statement_timeout = 0');
        const sink = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`));
        await pipeline(Readable.from(withLineBreaks(lines)), sink);
        await client.query('reset statement_timeout');
      } catch (error) {
        broken = error as Error;
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async close() {
      await pool.end();
    },
  };
}

function on(client: pg.Pool | pg.PoolClient): Queryable {
  return {
    async query<Row extends object>(statement: Statement, values: readonly Value[] = []) {
      const config = typeof statement === 'string' ? { text: statement } : statement;
      const { rows } = await client.query<Row & pg.QueryResultRow>({ ...config, values: values as Value[] });
      return rows as Row[];
    },
    async script(text) {
      await client.query(text);
    },
  };
}

async function* withLineBreaks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}
