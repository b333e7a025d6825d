/** The database in this very process (PGlite): a laptop, a pilot school, an integrator's CI. One process only. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdir } from 'node:fs/promises';
import { PGlite, type Transaction, types } from '@electric-sql/pglite';
import type { BulkLoader, Database, Queryable, Statement, Value } from './database.ts';
import { lockDirectory } from './directory-lock.ts';

/** COPY takes its input whole here, so rows go in by pieces of this many lines. */
const LINES_PER_COPY = 5_000;

export class AskedBesideTransaction extends Error {
  override name = 'AskedBesideTransaction';
}

/**
 * Throws DirectoryInUse. `directory` undefined: in memory, for tests, which may begin with the `contents` of another
 * (`handle.dumpDataDir()`). The handle is for libraries that know PGlite themselves.
 */
export async function openPglite(
  directory?: string,
  contents?: Blob,
): Promise<Database & BulkLoader & { handle: PGlite }> {
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  const unlock = directory === undefined ? () => {} : lockDirectory(directory);
  const handle = await PGlite.create({
    ...(directory !== undefined && { dataDir: directory }),
    ...(contents && { loadDataDir: contents }),
    parsers: { [types.DATE]: (text: string) => text },
  });

  // There is one connection. Whoever holds it and asks beside her own transaction would wait for herself for ever, and
  // everybody else with her.
  const inside = new AsyncLocalStorage<{ over: boolean }>();
  const refuseBeside = (): void => {
    if (inside.getStore()?.over === false) throw new AskedBesideTransaction();
  };
  const own = on(handle);

  return {
    handle,
    async query<Row extends object>(statement: Statement, values?: readonly Value[]) {
      refuseBeside();
      return own.query<Row>(statement, values);
    },
    async script(text) {
      refuseBeside();
      return own.script(text);
    },
    async transaction(work) {
      refuseBeside();
      const holding = { over: false };
      try {
        return await handle.transaction((tx) => inside.run(holding, () => work(on(tx))));
      } finally {
        holding.over = true;
      }
    },
    async copy(table, columns, lines) {
      const piece: string[] = [];
      const flush = async (): Promise<void> => {
        const blob = new Blob([piece.map((line) => `${line}\n`).join('')]);
        await handle.query(`copy ${table} (${columns.join(', ')}) from '/dev/blob'`, [], { blob });
        piece.length = 0;
      };
      for await (const line of lines) {
        piece.push(line);
        if (piece.length === LINES_PER_COPY) await flush();
      }
      if (piece.length > 0) await flush();
    },
    async close() {
      await handle.close();
      unlock();
    },
  };
}

function on(client: PGlite | Transaction): Queryable {
  return {
    async query<Row extends object>(statement: Statement, values: readonly Value[] = []) {
      const text = typeof statement === 'string' ? statement : statement.text;
      const { rows } = await client.query<Row>(text, values as Value[]);
      return rows;
    },
    async script(text) {
      await client.exec(text);
    },
  };
}
