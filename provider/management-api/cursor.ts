/** Where the next page of a list begins: signed, so that nobody reads with it what is not hers to list. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Translate } from '../http/texts.ts';
import { inputProblem } from './read-input.ts';

const LONGEST_PAGE = 100;
const USUAL_PAGE = 20;

/** Of every list; `limit` counts, `cursor` is `next` of the page before. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LONGEST_PAGE).default(USUAL_PAGE),
  cursor: z.string().max(1_000).optional(),
});

export type Cursors = {
  seal(list: string, after: string): string;
  /** Undefined for what was not sealed here for this very list. */
  open(list: string, cursor: string): string | undefined;
};

export function cursors(key: Buffer): Cursors {
  const mark = (list: string, after: string) =>
    createHmac('sha256', key).update(`${list}\n${after}`).digest();
  return {
    seal: (list, after) =>
      `${Buffer.from(after).toString('base64url')}.${mark(list, after).toString('base64url')}`,
    open(list, cursor) {
      const [text = '', given = ''] = cursor.split('.');
      const after = Buffer.from(text, 'base64url').toString('utf8');
      const [a, b] = [Buffer.from(given, 'base64url'), mark(list, after)];
      return a.length === b.length && timingSafeEqual(a, b) ? after : undefined;
    },
  };
}

/** One page of what was read with one item more than asked for. */
export function pageOf<Item>(
  found: readonly Item[],
  limit: number,
  seal: (last: Item) => string,
): { items: Item[]; next?: string } {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, ...(found.length > limit && last !== undefined && { next: seal(last) }) };
}

/** Where a page begins. Throws `invalid_input` for a cursor that is not of this list. */
export function afterOf(
  cursors: Cursors,
  list: string,
  cursor: string | undefined,
  t: Translate,
): { readonly after?: string } {
  if (cursor === undefined) return {};
  const after = cursors.open(list, cursor);
  if (after === undefined) throw inputProblem([{ pointer: '/cursor', code: 'wrong_value' }], t);
  return { after };
}
