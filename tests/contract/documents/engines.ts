/** Both engines a gateway may run on, migrated; the tables belong to the caller, who can do what a thief of them could. */
import type { Database } from '../../../adapters/database/database.ts';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { openEmbedded } from '../../support/services/embedded.ts';
import { createDatabase } from '../../support/services/given.ts';

export const engines: readonly [string, () => Promise<Database>][] = [
  ['PGlite', () => migrated(openEmbedded())],
  ['PostgreSQL', async () => migrated(openPg({ url: (await createDatabase()).url, poolSize: 8 }))],
];

async function migrated(opening: Promise<Database> | Database): Promise<Database> {
  const database = await opening;
  await migrate(database);
  return database;
}

/** As the owner of the tables, past every trigger and every check. */
export async function tamper(database: Database, statement: string): Promise<void> {
  const tables = ['audit', 'audit_seal', 'signing', 'document'];
  await database.transaction(async (tx) => {
    for (const table of tables) await tx.script(`alter table ${table} disable trigger user`);
    await tx.script('alter table document drop constraint if exists document_check');
    await tx.script(statement);
    for (const table of tables) await tx.script(`alter table ${table} enable trigger user`);
  });
}
