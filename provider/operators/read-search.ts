/** What an operator has typed becomes a question to the search, or a word on what is wrong with it. Pure. */
import type { ExactClue, NameClue } from '../../adapters/person-search/person-search.ts';
import { parseBirthdate } from '../data-rules/calendar-date.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { parseNamePart } from '../data-rules/person-name.ts';
import { parsePhoneNumber } from '../data-rules/phone-number.ts';
import { parseSnils } from '../data-rules/snils.ts';
import { parseTicketNumber } from '../data-rules/ticket-number.ts';
import type { FieldProblem } from '../http/screens/shared.ts';

export const SEARCH_FIELDS = ['clue', 'family', 'given', 'middle', 'birthdate', 'organisation'] as const;
export type SearchField = (typeof SEARCH_FIELDS)[number];
export type TypedSearch = Readonly<Record<SearchField, string>>;
export type SearchProblem = FieldProblem<SearchField>;

/** Fewer letters are half of the country. */
const LEAST_LETTERS = 3;
const ACCOUNT_ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export type Search =
  | { readonly by: 'clue'; readonly clues: readonly ExactClue[] }
  | { readonly by: 'name'; readonly clue: Omit<NameClue, 'organisations'>; readonly organisation: string };

export type ReadSearch =
  | { readonly ok: true; readonly search: Search }
  | { readonly ok: false; readonly problem: SearchProblem };

export function readSearch(
  typed: TypedSearch,
  { today, snilsDigest }: { readonly today: string; readonly snilsDigest: (snils: string) => Buffer },
): ReadSearch {
  const clue = typed.clue.trim();
  if (clue !== '') {
    const clues = cluesIn(clue, snilsDigest);
    return clues.length === 0
      ? refused('clue', 'search_clue_unknown')
      : { ok: true, search: { by: 'clue', clues } };
  }
  return readNames(typed, today);
}

/** Eleven digits may be a telephone number and a SNILS: both are looked for. */
function cluesIn(typed: string, snilsDigest: (snils: string) => Buffer): readonly ExactClue[] {
  if (ACCOUNT_ID.test(typed)) return [{ kind: 'account', value: typed.toLowerCase() }];
  const email = parseEmailAddress(typed);
  if (email.ok) return [{ kind: 'email', value: email.key }];
  const ticket = parseTicketNumber(typed);
  if (ticket.ok) return [{ kind: 'ticket', value: ticket.value }];
  const snils = parseSnils(typed, { trusted: true });
  const phone = parsePhoneNumber(typed);
  return [
    ...(snils.ok ? [{ kind: 'snils', value: snilsDigest(snils.value) } as const] : []),
    ...(phone.ok ? [{ kind: 'phone', value: phone.value } as const] : []),
  ];
}

function readNames(typed: TypedSearch, today: string): ReadSearch {
  const parts: Partial<Record<'family' | 'given' | 'middle', string>> = {};
  for (const field of ['family', 'given', 'middle'] as const) {
    if (typed[field].trim() === '') continue;
    const part = parseNamePart(typed[field]);
    if (!part.ok) {
      return refused(
        field,
        part.fault === 'name_too_long' ? `${field}_too_long` : `${field}_forbidden_character`,
      );
    }
    parts[field] = part.value;
  }
  const born = typed.birthdate.trim() === '' ? undefined : parseBirthdate(typed.birthdate, today);
  if (born && !born.ok) return refused('birthdate', born.fault);
  const letters = [...(parts.family ?? '')].length;
  if (letters === 0 && !born) return refused('family', 'search_empty');
  if (letters < LEAST_LETTERS && !born) return refused('family', 'search_too_short');
  const clue = { ...parts, ...(born && { birthdate: born.value }) };
  return { ok: true, search: { by: 'name', clue, organisation: typed.organisation.trim() } };
}

const refused = (field: SearchField, code: SearchProblem['code']) =>
  ({ ok: false, problem: { field, code } }) as const;
