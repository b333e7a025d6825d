/**
 * Parts of a person's name: what may be written, and when two spellings are the same name (domain.md §3.6). Never
 * fuzzy: a near miss admits nobody.
 */
import { normalForm } from './normal-form.ts';

const LONGEST_PART = 100;
const DASHES = /\s*[-‐‑‒–—−﹣－]\s*/g;
const APOSTROPHES = /[’ʼ‘`´]/g;
// security.md class 34: no character that could make a link or a tag of a name in somebody's letter.
const ALLOWED = /^[\p{Script=Cyrillic}\p{Script=Latin} .'-]+$/u;
// «evil.com» is letters and a dot, but no name; initials («А.Б.») are.
const LINK_LIKE = /\.[\p{L}]{2}/u;
const NO_PATRONYMIC = new Set(['', '-', 'нет', 'отсутствует', 'б/о']);

const LATIN_LOOKALIKES = 'ABCEHKMOPTXYaceokpxy';
const CYRILLIC_TWINS = 'АВСЕНКМОРТХУасеокрху';
const TWIN_OF = new Map([...LATIN_LOOKALIKES].map((letter, at) => [letter, CYRILLIC_TWINS.charAt(at)]));
/** Words as the look-alike rule sees them. */
const WORD = /[^ '.-]+/g;

export type NamePartFault = 'name_missing' | 'name_too_long' | 'name_forbidden_character';
type Refused = { readonly ok: false; readonly fault: NamePartFault };
export type ParsedNamePart = { readonly ok: true; readonly value: string } | Refused;
export type ParsedPatronymic = { readonly ok: true; readonly value: string | undefined } | Refused;

export type PersonName = { readonly family: string; readonly given: string; readonly middle?: string };
/** `patronymic_missing`: one side has none, the rest agrees; enough only beside an exact ticket and birth date. */
export type NameComparison = 'match' | 'patronymic_missing' | 'mismatch';

/** A family or given name as it is to be shown; case and letters stay as typed. */
export function parseNamePart(typed: string): ParsedNamePart {
  if (typed.length > 10 * LONGEST_PART) return { ok: false, fault: 'name_too_long' };
  const value = tidy(typed);
  if (value === '') return { ok: false, fault: 'name_missing' };
  if ([...value].length > LONGEST_PART) return { ok: false, fault: 'name_too_long' };
  if (!ALLOWED.test(value) || !/\p{L}/u.test(value) || LINK_LIKE.test(value)) {
    return { ok: false, fault: 'name_forbidden_character' };
  }
  return { ok: true, value };
}

/** `value` undefined when there is none: left empty, a dash, «нет», «отсутствует», «б/о». */
export function parsePatronymic(typed: string): ParsedPatronymic {
  if (typed.length <= LONGEST_PART && isNoPatronymic(typed)) return { ok: true, value: undefined };
  return parseNamePart(typed);
}

/** Both sides as they were typed or registered; no need to parse them before. */
export function comparePersonNames(one: PersonName, other: PersonName): NameComparison {
  const parts = differingNameParts(one, other);
  if (parts.length === 0) return 'match';
  return parts.every((part) => part === 'middle') && isPatronymicMissing(one, other)
    ? 'patronymic_missing'
    : 'mismatch';
}

/** Which parts are not the same name; a patronymic on one side alone is a difference, too. */
export function differingNameParts(one: PersonName, other: PersonName): readonly (keyof PersonName)[] {
  const parts: readonly (keyof PersonName)[] = ['family', 'given', 'middle'];
  return parts.filter((part) => !isSamePart(one, other, part));
}

/** True when one side has none, which is no contradiction, and no agreement either. */
export function isPatronymicMissing(one: PersonName, other: PersonName): boolean {
  return isNoPatronymic(one.middle ?? '') !== isNoPatronymic(other.middle ?? '');
}

/** «Римская» and «Римская-Корсакова»: two surnames, and perhaps one person. Never enough to admit anybody. */
export function shareSurnamePart(one: PersonName, other: PersonName): boolean {
  const parts = (name: PersonName) => keysOf(name, 'family').flatMap((key) => key.split('-'));
  return meet(parts(one), parts(other));
}

/** Latin letters among Cyrillic ones: the comparison forgives it, the register wants it cleaned. */
export function hasLookalikes(part: string): boolean {
  const tidied = tidy(part);
  return withoutLookalikes(tidied) !== tidied;
}

function isSamePart(one: PersonName, other: PersonName, part: keyof PersonName): boolean {
  if (part === 'middle' && [one, other].some(({ middle }) => isNoPatronymic(middle ?? ''))) {
    return !isPatronymicMissing(one, other);
  }
  return meet(keysOf(one, part), keysOf(other, part));
}

/** The spelling, and for «OPEX» among Cyrillic parts also its Cyrillic twin. */
function keysOf(name: PersonName, part: keyof PersonName): readonly string[] {
  const text = tidy(name[part] ?? '');
  const others = Object.entries(name).filter(([key]) => key !== part);
  const amongCyrillic = others.some(([, other]) => /\p{Script=Cyrillic}/u.test(other));
  const isAllLookalikes = [...text.replace(/[ '.-]/g, '')].every((letter) => TWIN_OF.has(letter));
  const spellings = [withoutLookalikes(text)];
  if (amongCyrillic && isAllLookalikes) spellings.push(asCyrillic(text));
  return spellings.map((spelling) => foldPart(spelling, part));
}

function foldPart(text: string, part: keyof PersonName): string {
  const folded = text.toLocaleUpperCase('ru').replaceAll('Ё', 'Е');
  // «Римская Корсакова» is «Римская-Корсакова».
  if (part === 'family') return folded.replaceAll(' ', '-');
  // «Али оглы», «Али-оглы», «Алиоглы».
  if (part === 'middle' && /(ОГЛЫ|КЫЗЫ|УЛЫ)$/.test(folded)) return folded.replace(/[ -]/g, '');
  return folded;
}

function tidy(text: string): string {
  // Apostrophes first: NFKC makes a space and a combining accent of «´».
  return normalForm(text.replace(APOSTROPHES, "'")).replace(/\s+/g, ' ').replace(DASHES, '-');
}

function isNoPatronymic(text: string): boolean {
  return NO_PATRONYMIC.has(tidy(text).toLocaleLowerCase('ru'));
}

/** Latin look-alikes become Cyrillic in every word that has a Cyrillic letter. */
export function withoutLookalikes(text: string): string {
  return text.replace(WORD, (word) => (/\p{Script=Cyrillic}/u.test(word) ? asCyrillic(word) : word));
}

function asCyrillic(word: string): string {
  return [...word].map((letter) => TWIN_OF.get(letter) ?? letter).join('');
}

function meet(some: readonly string[], others: readonly string[]): boolean {
  return some.some((key) => others.includes(key));
}
