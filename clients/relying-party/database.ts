/**
 * The portal's one SQLite file. A statement that has returned is on the disk: it survives kill -9 and a power cut.
 * Knows no table; each part brings its own schema.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Database = DatabaseSync;

const BUSY_MS = 5_000;

/** `schemas`: SQL files that may be run again without harm. Throws when the file is no database or cannot be written. */
export function openDatabase(file: string, schemas: readonly URL[]): Database {
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, { timeout: BUSY_MS, enableForeignKeyConstraints: true });
  // FULL: with WAL, anything less promises only what the operating system survives.
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  for (const schema of schemas) database.exec(readFileSync(schema, 'utf8'));
  return database;
}

/** All of `work` or nothing of it, and nobody else writes meanwhile. */
export function inTransaction<Result>(database: Database, work: () => Result): Result {
  database.exec('begin immediate');
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}
