/** The two databases a gateway may run on, migrated and empty; closing one leaves nothing of it on the server. */
import type { BulkLoader, Database } from '../../adapters/database/database.ts';
import { openPg } from '../../adapters/database/pg.ts';
import { openEmbedded } from '../support/services/embedded.ts';
import { createDatabase } from '../support/services/given.ts';

const POOL_SIZE = 8;

export const engines: readonly [string, () => Promise<Database & BulkLoader>][] = [
  ['PGlite', openEmbedded],
  ['PostgreSQL', openServed],
];

async function openServed(): Promise<Database & BulkLoader> {
  const { url, drop } = await createDatabase();
  // A busy machine answers a burst of parallel connections late.
  const database = openPg({ url, poolSize: POOL_SIZE, connectionTimeout: 20_000 });
  const close = async (): Promise<void> => {
    await database.close();
    await drop();
  };
  return { ...database, close };
}
