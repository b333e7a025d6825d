/**
 * Two records of a person side by side, as whoever settles a case may see them: enough to recognise what a document
 * says, never the other side's value itself. Pure.
 */
import type { MismatchKind } from '../../adapters/case-store/case-store.ts';
import type { ToldPerson } from '../../adapters/link-store/link-store.ts';
import { formatCalendarDate } from '../data-rules/calendar-date.ts';

/** What is compared, in the order of a page. */
const FIELDS = ['family_name', 'given_name', 'middle_name', 'birthdate', 'email'] as const;
export type ComparedField = (typeof FIELDS)[number];

/** A record's data as texts; whatever it does not say is absent. */
export type Compared = Readonly<Partial<Record<ComparedField, string>>>;

export type ComparedRow = {
  readonly field: ComparedField;
  readonly own?: string;
  readonly told?: string;
  readonly differs: boolean;
};

/** `own` as it may be seen; what was told is masked here. */
export function compareMasked(
  own: Compared,
  told: ToldPerson,
  differing: readonly MismatchKind[],
): readonly ComparedRow[] {
  const masked = maskedData(dataOf(told));
  return FIELDS.map((field) => ({
    field,
    ...(own[field] !== undefined && { own: own[field] }),
    ...(masked[field] !== undefined && { told: masked[field] }),
    differs: differing.includes(field),
  }));
}

export function dataOf({ family, given, middle, birthdate, email }: Omit<ToldPerson, 'confirmed'>): Compared {
  return {
    ...(family !== undefined && { family_name: family }),
    ...(given !== undefined && { given_name: given }),
    ...(middle !== undefined && { middle_name: middle }),
    ...(birthdate !== undefined && { birthdate: formatCalendarDate(birthdate) }),
    ...(email !== undefined && { email }),
  };
}

export function maskedData(data: Compared): Compared {
  return Object.fromEntries(
    FIELDS.flatMap((field) => {
      const value = data[field];
      return value === undefined ? [] : [[field, MASKS[field](value)]];
    }),
  );
}

const DOT = '•';
/** A name this short would stand there whole. */
const SHORTEST = 4;

function maskName(name: string): string {
  const letters = [...name];
  const [first = ''] = letters;
  if (letters.length < SHORTEST) return first + DOT.repeat(2);
  return first + DOT.repeat(letters.length - 2) + letters.at(-1);
}

/** 14.03.1984 → 1•.••.•••4 */
function maskDate(date: string): string {
  return [...date]
    .map((sign, at) => (sign === '.' || at === 0 || at === date.length - 1 ? sign : DOT))
    .join('');
}

/** Neither length, nor the rest of the host: a host of one's own is a name, too. */
function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  const [mailbox = ''] = address.slice(0, at);
  const [host = ''] = address.slice(at + 1);
  return `${mailbox}${DOT.repeat(3)}@${host}${DOT.repeat(3)}`;
}

const MASKS: Readonly<Record<ComparedField, (value: string) => string>> = {
  family_name: maskName,
  given_name: maskName,
  middle_name: maskName,
  birthdate: maskDate,
  email: maskEmail,
};
