/** What a thief who owns the tables could do to the evidence in them. */
import type { Database } from '../../../adapters/database/database.ts';

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
