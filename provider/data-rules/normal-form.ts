/** What every typed value passes first (domain.md §3): compatibility forms joined, invisible characters removed. */

// Zero-width space and joiners, byte order mark, soft hyphen: alternatives, since the joiners would join in a class.
const INVISIBLE = /\u200B|\u200C|\u200D|\uFEFF|\u00AD/g;

/** Callers cap the length first: NFKC may make eighteen characters of one. */
export function normalForm(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '').trim();
}
