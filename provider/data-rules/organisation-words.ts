/**
 * How an organisation is found by its name, town or INN (domain.md §3.9): the words it is indexed by, and what somebody
 * typed cut into such words. Knows no database; whoever searches needs every typed word among the indexed ones.
 */
import { type InnFault, parseInn } from './inn.ts';
import { normalForm } from './normal-form.ts';
import { withoutLookalikes } from './person-name.ts';

/** At most this many results, and no more typed text than this is looked at. */
const MOST_FOUND = 20;
const LONGEST_QUERY = 300;
const MOST_WORDS = 16;
/** Shorter beginnings would find half the country. */
const SHORTEST_PREFIX = 2;
/** Numbers of schools are shorter, an INN that lost its zeros is not. */
const SHORTEST_INN_ATTEMPT = 8;

/** Each side stands for the other. The words of a full form may stand in any order and among others. */
const ABBREVIATIONS: readonly (readonly [short: string, full: string])[] = [
  ['мбоу', 'муниципальное бюджетное общеобразовательное учреждение'],
  ['маоу', 'муниципальное автономное общеобразовательное учреждение'],
  ['мкоу', 'муниципальное казенное общеобразовательное учреждение'],
  ['мбдоу', 'муниципальное бюджетное дошкольное образовательное учреждение'],
  ['мадоу', 'муниципальное автономное дошкольное образовательное учреждение'],
  ['мкдоу', 'муниципальное казенное дошкольное образовательное учреждение'],
  ['гбоу', 'государственное бюджетное общеобразовательное учреждение'],
  ['гбпоу', 'государственное бюджетное профессиональное образовательное учреждение'],
  ['гапоу', 'государственное автономное профессиональное образовательное учреждение'],
  ['фгбоу во', 'федеральное государственное бюджетное образовательное учреждение высшего образования'],
  ['сош', 'средняя общеобразовательная школа'],
  ['оош', 'основная общеобразовательная школа'],
  ['дс', 'детский сад'],
];
const EQUIVALENTS = ABBREVIATIONS.map(([short, full]) => [short.split(' '), full.split(' ')] as const);
/** Everybody lives in one, so it says nothing beside other words. */
const TOWN_WORDS = new Set(['г', 'гор', 'город', 'города', 'городе']);

const NUMBER_SIGN = /(?<![\p{L}\p{N}])(?:#|n[oо]?)[^\p{L}\p{N}]*(?=[0-9])/giu;
const KINDERGARTEN = /(?<![\p{L}\p{N}])д\s*\/\s*с(?![\p{L}\p{N}])/giu;
const WORD = /[\p{L}\p{N}]+/gu;

export type SearchableOrganisation = {
  readonly name: string;
  readonly shortName: string;
  readonly town?: string | undefined;
  readonly inn?: string | undefined;
};

export type OrganisationWord = { readonly text: string; readonly whole: boolean };
export type OrganisationQueryFault = InnFault | 'organisation_query_too_short';
export type ParsedOrganisationQuery =
  | {
      readonly ok: true;
      readonly value: {
        readonly words: readonly OrganisationWord[];
        readonly inn?: string;
        readonly limit: number;
      };
    }
  | { readonly ok: false; readonly fault: OrganisationQueryFault };

/** In normal form, each once: of every abbreviation also what it stands for, and the other way round. */
export function organisationWords({ name, shortName, town, inn }: SearchableOrganisation): string[] {
  const words = new Set([name, shortName, town ?? '', inn ?? ''].flatMap(wordsOf));
  for (const [short, full] of EQUIVALENTS) {
    const [has, lacks] = [short, full].map((form) => form.every((word) => words.has(word)));
    if (has || lacks) for (const word of [...short, ...full]) words.add(word);
  }
  return [...words].sort();
}

/** What somebody typed to find an organisation: words of its names and town, or its INN. */
export function parseOrganisationQuery(typed: string): ParsedOrganisationQuery {
  const text = typed.slice(0, LONGEST_QUERY);
  const digits = normalForm(text).replace(/\s/g, '');
  if (/^[0-9]+$/.test(digits) && digits.length >= SHORTEST_INN_ATTEMPT) return byInn(digits);
  const all = [...new Set(wordsOf(text))];
  const telling = all.filter((word) => !TOWN_WORDS.has(word));
  const words = (telling.length > 0 ? telling : all).slice(0, MOST_WORDS).map((word) => ({
    text: word,
    // «15» must not find «150»; one letter is no beginning of anything.
    whole: /[0-9]/.test(word) || word.length < SHORTEST_PREFIX,
  }));
  const enough = words.some(({ text: word, whole }) => !whole || /[0-9]/.test(word));
  if (!enough) return { ok: false, fault: 'organisation_query_too_short' };
  return { ok: true, value: { words, limit: MOST_FOUND } };
}

function byInn(digits: string): ParsedOrganisationQuery {
  const parsed = parseInn(digits);
  if (!parsed.ok) return parsed;
  // A person's number is right, but no organisation's.
  if (parsed.holder === 'person') return { ok: false, fault: 'inn_length' };
  return { ok: true, value: { words: [], inn: parsed.value, limit: MOST_FOUND } };
}

function wordsOf(text: string): string[] {
  // NFKC would make a word of «№»: «No».
  const bare = normalForm(text.replaceAll('№', '#')).replace(NUMBER_SIGN, ' ').replace(KINDERGARTEN, ' дс ');
  const folded = withoutLookalikes(bare).toLocaleLowerCase('ru').replaceAll('ё', 'е');
  return folded.match(WORD) ?? [];
}
