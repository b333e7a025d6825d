/** Brings the schema forward. Numbered SQL, never backward; safe when several processes start at once. */
import { readdir, readFile } from 'node:fs/promises';
import type { Database } from './database.ts';

const DIRECTORY = new URL('./migrations/', import.meta.url);
const FILE_NAME = /^(?<number>\d{4})-(?<name>[a-z0-9-]+)\.sql$/;
/** Any number nobody else uses as an advisory lock: «OPO» in hexadecimal. */
const LOCK = 0x4f504f;

export type Migration = { readonly number: number; readonly name: string };

/** Applies what is missing, each file in a transaction of its own. Returns what this call applied. */
export async function migrate(database: Database, onApplied: (migration: Migration) => void = () => {}) {
  await database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await tx.script(`create table if not exists schema_migration (
      number integer primary key, name text not null, applied_at timestamptz not null default now())`);
  });
  const applied: Migration[] = [];
  for (const migration of await knownMigrations()) {
    const sql = await readFile(new URL(migration.file, DIRECTORY), 'utf8');
    const mine = await database.transaction(async (tx) => {
      // An index over millions of rows takes longer than a request may, and so does waiting for whoever came first.
      await tx.script('set local statement_timeout = 0');
      // The number goes in first: whoever comes second waits here, and then finds the work done.
      const inserted = await tx.query(
        'insert into schema_migration (number, name) values ($1, $2) on conflict do nothing returning number',
        [migration.number, migration.name],
      );
      if (inserted.length === 0) return false;
      // Whoever asks for a table later stands in the queue behind: one that is held is tried at the next start.
      await tx.script("set local lock_timeout = '5s'");
      await tx.script(sql);
      return true;
    });
    if (mine) {
      applied.push(migration);
      onApplied(migration);
    }
  }
  return applied;
}

/** Migrations in the code that the database has not seen; empty when the schema is current. */
export async function pendingMigrations(database: Database): Promise<readonly Migration[]> {
  const [{ present } = { present: false }] = await database.query<{ present: boolean }>(
    "select to_regclass('schema_migration') is not null as present",
  );
  if (!present) return knownMigrations();
  const rows = await database.query<{ number: number }>('select number from schema_migration');
  const seen = new Set(rows.map((row) => row.number));
  return (await knownMigrations()).filter(({ number }) => !seen.has(number));
}

async function knownMigrations(): Promise<(Migration & { file: string })[]> {
  const files = (await readdir(DIRECTORY)).sort();
  return files.map((file) => {
    const { number, name } = FILE_NAME.exec(file)?.groups ?? {};
    if (number === undefined || name === undefined) throw new Error(`not a migration: ${file}`);
    return { number: Number(number), name, file };
  });
}
