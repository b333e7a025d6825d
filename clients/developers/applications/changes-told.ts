/** The log of an application's changes as its page tells it: one line for each value, before and after. Pure. */
import type { z } from 'zod';
import type { changeShape } from '../api/shapes.ts';

/** Those the pages have words for. */
export const CHANGES = [
  ...['created', 'changed', 'deleted', 'secret_added', 'secret_removed', 'requested', 'request_withdrawn'],
  ...['approved', 'refused', 'blocked', 'unblocked'],
] as const;

type Change = z.output<typeof changeShape>;

export function changesTold(changes: readonly Change[]) {
  return changes.map(({ at, by, what, before = {}, after = {} }) => ({
    ...{ at, by, what },
    known: (CHANGES as readonly string[]).includes(what),
    lines: [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .map((name) => ({ name, before: wordsOf(before[name]), after: wordsOf(after[name]) }))
      .filter((line) => line.before !== undefined || line.after !== undefined),
  }));
}

function wordsOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.length > 0 ? value.map(String).join('\n') : undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
