/**
 * Which lines of an uploaded list a look at it opens: the first ones with faults and the first that would write something,
 * or where a link of ours goes on. A list of 20 000 lines costs no more than one of 200.
 */
import {
  LIST_PARTS,
  type ListPart,
  type MemberList,
  type MemberLists,
} from '../../adapters/member-lists/member-lists.ts';
import { type KeptRow, readKept } from './kept-row.ts';

const PAGE = 100;
const IN_A_FILE_AT_ONCE = 500;

/** Without a part: the first page of both. */
export type Place = { readonly part?: ListPart; readonly after: number };
/** `next`: what leads on in the address. */
type Page = { readonly rows: readonly KeptRow[]; readonly next?: string };
type Lines = Pick<MemberLists, 'page'>;

/** As our own links have it; anything else is the beginning. */
export function placeIn(query: Readonly<Record<string, unknown>>): Place {
  const part = LIST_PARTS.find((one) => one === query.part);
  const isLine = typeof query.after === 'string' && /^\d{1,6}$/.test(query.after);
  return part && isLine ? { part, after: Number(query.after) } : { after: 0 };
}

export async function pagesOf(
  lists: Lines,
  list: MemberList,
  { part, after }: Place,
): Promise<Readonly<Record<ListPart, Page>>> {
  const page = async (one: ListPart): Promise<Page> => {
    if (!isShown(list, one) || (part ?? one) !== one) return { rows: [] };
    const found = await lists.page(list.id, one, after, PAGE + 1);
    const rows = found.slice(0, PAGE).map(readKept);
    return { rows, ...(found.length > PAGE && { next: `part=${one}&after=${rows.at(-1)?.line}` }) };
  };
  return { faults: await page('faults'), changes: await page('changes') };
}

/** On its way, it tells how far it is and opens nothing: its page looks again every other second. */
function isShown({ state }: MemberList, part: ListPart): boolean {
  return state === 'checked' || (state === 'done' && part === 'faults');
}

/** For the file of them. */
export async function allFaults(lists: Lines, { id }: MemberList): Promise<readonly KeptRow[]> {
  const rows: KeptRow[] = [];
  for (;;) {
    const lot = await lists.page(id, 'faults', rows.at(-1)?.line ?? 0, IN_A_FILE_AT_ONCE);
    rows.push(...lot.map(readKept));
    if (lot.length < IN_A_FILE_AT_ONCE) return rows;
  }
}
