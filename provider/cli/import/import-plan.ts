/** What one kind of import is made of: its columns, how a row is judged alone, and how the rows enter the register. */
import type { CopyValue } from './copy-line.ts';
import type { Cells, Columns } from './read-table.ts';

export type Judged =
  | { readonly ok: true; readonly values: readonly CopyValue[] }
  /** Every fault of the row, in words. */
  | { readonly ok: false; readonly reasons: readonly string[] };

/**
 * SQL over the temporary table `import_line (place, line, id, fault, …staged columns)`; `place` numbers the rows, and a
 * row with a fault is refused.
 */
export type ImportPlan = {
  /** For the progress bar, the audit trail and the summary. */
  readonly noun: string;
  readonly columns: Columns;
  /** The column that names a row in the list of rejects. */
  readonly idColumn: string;
  /** Name and SQL type, in the order of `values`. */
  readonly staged: readonly (readonly [name: string, type: string])[];
  judge(cells: Cells): Judged;
  readonly stages: readonly ImportStage[];
};

export type ImportStage = {
  /** Statements that set `fault` where a row does not fit the others or the register. */
  readonly refusals: readonly string[];
  /** Takes the rows with `$1 < place <= $2`; the first statement answers `added` and `changed`. Idempotent. */
  readonly merges: readonly [string, ...string[]];
};

/** For `judge`: gathers the values of a row and every reason against it. */
export function judging() {
  const reasons: string[] = [];
  return {
    reasons,
    /** The value, or undefined after having noted why not. */
    take<T, Fault extends string>(
      column: string,
      parsed: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault },
      words: Readonly<Record<Fault, string>>,
    ): T | undefined {
      if (parsed.ok) return parsed.value;
      reasons.push(`${column} ${words[parsed.fault]}`);
      return undefined;
    },
    /** As it stands, when it fits. */
    match(column: string, value: string, pattern: RegExp, expected: string): string {
      if (value === '') reasons.push(`${column} is empty`);
      else if (!pattern.test(value)) reasons.push(`${column} must be ${expected}`);
      return value;
    },
    oneOf(column: string, value: string, choices: readonly string[]): string {
      if (value === '') reasons.push(`${column} is empty`);
      else if (!choices.includes(value)) reasons.push(`${column} must be one of ${choices.join(', ')}`);
      return value;
    },
  };
}

/** Ids of the register: short, one word, safe in a URL, a log line and a file name. */
export const REGISTER_ID = /^[\p{L}\p{N}][\p{L}\p{N}._:-]{0,63}$/u;
export const REGISTER_ID_WORDS = 'up to 64 letters, digits and . _ : -';
