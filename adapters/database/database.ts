/**
 * PostgreSQL as the rest of the house sees it: parametrised statements and transactions.
 * Knows no table; the same SQL runs on a server (`pg.ts`) and in-process (`pglite.ts`).
 */

/** A named statement is prepared once per connection: use it on the hot path. */
export type Statement = string | { readonly name: string; readonly text: string };

/** What PostgreSQL takes as a parameter; objects and arrays are sent as JSON only where cast (`$1::jsonb`). */
export type Value = string | number | boolean | Date | Buffer | null | readonly string[] | readonly number[];

export interface Queryable {
  /** Rows as objects with the column names as keys. DATE comes as `yyyy-mm-dd`, TIMESTAMPTZ as Date. */
  query<Row extends object = Record<string, unknown>>(
    statement: Statement,
    values?: readonly Value[],
  ): Promise<Row[]>;
  /** Several statements at once, without parameters. */
  script(text: string): Promise<void>;
}

export interface Database extends Queryable {
  /**
   * Commits when `work` resolves, rolls back when it throws; the error passes through. Whatever `work` asks it asks of
   * `tx`: beside it, it would wait for a second connection, of which there may be none.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A second, rarer ability: the stream of rows goes in as one COPY, in bounded memory. */
export interface BulkLoader {
  /** `lines` are rows in COPY text format without the line break; `columns` are trusted names. */
  copy(table: string, columns: readonly string[], lines: AsyncIterable<string>): Promise<void>;
}

/** SQLSTATE of a broken unique index. */
const UNIQUE_VIOLATION = '23505';

export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === UNIQUE_VIOLATION;
}
