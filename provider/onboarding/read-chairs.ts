/**
 * A list of chairs – name, e-mail, organisation – as credentials to be issued, and what is wrong with which line. Pure;
 * which organisations there are, it is told.
 */
import type { IssuedName } from '../../adapters/credential-store/credential-store.ts';
import type { PlacedBelow } from '../../adapters/onboarding/onboarding.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { parseNamePart, parsePatronymic } from '../data-rules/person-name.ts';
import type { SheetRow } from '../exchange/sheet.ts';
import type { ProblemCode } from '../http/texts.ts';

/** Every primary organisation of the largest territories. */
export const LONGEST_LIST = 2_000;
/** A first line that names the columns is none of the list. */
const HEADING = /^(ф\.? ?и\.? ?о|фамилия|председатель|name)/iu;

export type ListedChair = {
  readonly line: number;
  readonly name: IssuedName;
  readonly email: { readonly key: string; readonly original: string };
  /** Id, INN or short name, as it was written. */
  readonly organisation: string;
};

export type LineFault = {
  readonly line: number;
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, number>>;
};

export type ReadChairs = { readonly chairs: readonly ListedChair[]; readonly faults: readonly LineFault[] };
export type PlacedChair = ListedChair & { readonly at: PlacedBelow };

/** Columns in this order: surname, name and patronymic; e-mail; organisation. */
export function readChairs(rows: readonly SheetRow[]): ReadChairs {
  const [first] = rows;
  const listed = HEADING.test(first?.cells[0]?.trim() ?? '') ? rows.slice(1) : rows;
  if (listed.length === 0) return { chairs: [], faults: [{ line: 1, code: 'issue_list_empty' }] };
  if (listed.length > LONGEST_LIST) {
    const over = listed[LONGEST_LIST]?.line ?? LONGEST_LIST;
    return {
      chairs: [],
      faults: [{ line: over, code: 'issue_list_too_long', params: { count: LONGEST_LIST } }],
    };
  }
  const chairs: ListedChair[] = [];
  const faults: LineFault[] = [];
  for (const { line, cells, faults: cellFaults } of listed) {
    if (cellFaults.length > 0) {
      faults.push({ line, code: 'issue_cell_unreadable' });
      continue;
    }
    const [nameCell = '', emailCell = '', organisation = ''] = cells;
    const [family = '', given = '', ...rest] = nameCell.trim().split(/\s+/);
    const read = readChair({ family, given, middle: rest.join(' '), email: emailCell });
    const missing = organisation.trim() === '' ? [{ code: 'issue_organisation_unknown' } as const] : [];
    const found = 'problems' in read ? [...read.problems, ...missing] : missing;
    faults.push(...found.map(({ code }) => ({ line, code })));
    if (!('problems' in read) && missing.length === 0) {
      chairs.push({ line, ...read, organisation: organisation.trim() });
    }
  }
  return { chairs, faults };
}

export type TypedChair = {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly email: string;
};
type ChairProblem = { readonly field: keyof TypedChair; readonly code: ProblemCode };

/** One of them, from the list or from a form: every problem at once. */
export function readChair(
  typed: TypedChair,
): Pick<ListedChair, 'name' | 'email'> | { readonly problems: readonly ChairProblem[] } {
  const problems: ChairProblem[] = [];
  const part = (field: 'family' | 'given'): string => {
    const parsed = parseNamePart(typed[field]);
    if (parsed.ok) return parsed.value;
    problems.push({ field, code: `${field}_${ENDING[parsed.fault]}` });
    return '';
  };
  const family = part('family');
  const given = part('given');
  const middle = parsePatronymic(typed.middle);
  if (!middle.ok) {
    // «Missing» cannot be: none is a patronymic, too.
    const code = middle.fault === 'name_too_long' ? 'middle_too_long' : 'middle_forbidden_character';
    problems.push({ field: 'middle', code });
  }
  const email = typed.email.trim() === '' ? undefined : parseEmailAddress(typed.email);
  if (!email?.ok) problems.push({ field: 'email', code: email ? email.fault : 'email_missing' });
  if (problems.length > 0 || !email?.ok || !middle.ok) return { problems };
  return {
    name: { family, given, ...(middle.value !== undefined && { middle: middle.value }) },
    email: { key: email.key, original: email.value },
  };
}

const ENDING = {
  name_missing: 'missing',
  name_too_long: 'too_long',
  name_forbidden_character: 'forbidden_character',
} as const;

/** Each at an organisation below; nobody twice at the same one, and no second chair whom nobody meant. */
export function placeChairs(
  chairs: readonly ListedChair[],
  placed: ReadonlyMap<string, PlacedBelow>,
  areSecondMeant: boolean,
): { readonly chairs: readonly PlacedChair[]; readonly faults: readonly LineFault[] } {
  const faults: LineFault[] = [];
  const lineOf = new Map<string, number>();
  const led = new Set([...placed.values()].flatMap(({ id, hasChair }) => (hasChair ? [id] : [])));
  const found: PlacedChair[] = [];
  for (const chair of chairs) {
    const at = placed.get(chair.organisation);
    if (!at) {
      faults.push({ line: chair.line, code: 'issue_organisation_unknown' });
      continue;
    }
    const key = JSON.stringify([at.id, chair.email.key]);
    const before = lineOf.get(key);
    if (before !== undefined) {
      faults.push({ line: chair.line, code: 'issue_repeated', params: { line: before } });
      continue;
    }
    lineOf.set(key, chair.line);
    if (led.has(at.id) && !areSecondMeant) faults.push({ line: chair.line, code: 'issue_second_chair' });
    led.add(at.id);
    found.push({ ...chair, at });
  }
  return { chairs: found, faults };
}
