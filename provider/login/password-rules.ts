/**
 * Which passwords may be set: long ones that nobody tries first. No rules about digits and signs, no expiry
 * (security.md #57–60, NIST SP 800-63B-4 §3.1.1.2).
 */
import { isCommonPassword } from './common-passwords/common-passwords.ts';
import { coreOf, foldCase } from './common-passwords/fold.ts';
import { asLatinKeys, withoutRuns } from './keyboard.ts';

/** In code points after NFC. */
export const SHORTEST_PASSWORD = 12;
/** For whoever sees data of others (design.md §3). */
export const SHORTEST_STAFF_PASSWORD = 15;
export const LONGEST_PASSWORD = 128;

/** What must be left of a password without its runs and repetitions. */
const LEAST_SURPRISE = 8;
/** What must be left without the word, name or address that anybody would guess. */
const LEAST_BESIDE_WORDS = 10;
/** Shorter ones are part of too many other words. */
const SHORTEST_OWN_WORD = 4;

const SERVICE_WORDS = [
  ...['профсоюз', 'profsoyuz', 'profsouz', 'profcards', 'союз', 'union', 'unionid'],
  ...['диктант', 'diktant', 'dictation', 'компас', 'kompas', 'compass', 'epos', 'эпос', 'eseur', 'rsaa'],
];

const LOOKALIKE_OF: Readonly<Record<string, string>> = {
  '@': 'a',
  $: 's',
  '!': 'i',
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
};

export type PasswordFault =
  | 'password_too_short'
  | 'password_too_long'
  | 'password_too_common'
  | 'password_too_personal';

/** What everybody who knows the person would try. */
export type OwnWords = {
  readonly email?: string;
  readonly names: readonly (string | undefined)[];
  readonly ticket?: string;
};

/** Undefined when the password will do. `minimum`: 15 for staff (design.md §3). */
export function judgePassword(
  password: string,
  own: OwnWords,
  minimum: number = SHORTEST_PASSWORD,
): PasswordFault | undefined {
  // A code point is at most two units, and NFC makes at most three of one.
  if (password.length > 6 * LONGEST_PASSWORD) return 'password_too_long';
  const length = [...password.normalize('NFC')].length;
  if (length < minimum) return 'password_too_short';
  if (length > LONGEST_PASSWORD) return 'password_too_long';

  const folded = foldCase(password);
  if (isPersonal(folded, own)) return 'password_too_personal';
  if (isCommon(folded)) return 'password_too_common';
  return undefined;
}

/**
 * «Похоже, включена русская раскладка»: Cyrillic letters and no Latin one. A text with spaces is a phrase somebody
 * meant to write.
 */
export function looksLikeWrongLayout(text: string): boolean {
  return /\p{Script=Cyrillic}/u.test(text) && !/[\p{Script=Latin}\s]/u.test(text);
}

function isCommon(folded: string): boolean {
  if (spellingsOf(folded).some(isCommonPassword)) return true;
  if (surpriseOf(folded) < LEAST_SURPRISE) return true;
  const core = coreOf(folded);
  const isKnownWord = spellingsOf(repeatedUnit(core)).some(isCommonPassword);
  if (isKnownWord && isGuessedWith(folded, [core])) return true;
  return isGuessedWith(folded, SERVICE_WORDS);
}

function isPersonal(folded: string, { email = '', names, ticket = '' }: OwnWords): boolean {
  if (ticket !== '' && folded.replace(/[^0-9]/g, '').includes(ticket)) return true;
  const address = foldCase(email);
  const [local = ''] = address.split('@');
  const parts = [local, ...names.map((name) => foldCase(name ?? ''))];
  const words = [address, ...parts, ...parts.flatMap((part) => part.split(/[^\p{L}\p{N}]+/u))];
  return isGuessedWith(
    folded,
    words.filter((word) => [...word].length >= SHORTEST_OWN_WORD),
  );
}

/** The words stand in it, whatever the layout, and too little stands beside them. */
function isGuessedWith(folded: string, words: readonly string[]): boolean {
  const keys = asLatinKeys(folded);
  const longestFirst = words.map(asLatinKeys).sort((one, other) => other.length - one.length);
  const left = longestFirst.reduce((text, word) => text.replaceAll(word, ''), keys);
  return left !== keys && surpriseOf(left) < LEAST_BESIDE_WORDS;
}

/** As typed, as the same keys of the Latin layout, and with signs for letters undone. */
function spellingsOf(folded: string): readonly string[] {
  const undone = [...folded].map((character) => LOOKALIKE_OF[character] ?? character).join('');
  return [folded, asLatinKeys(folded), undone];
}

/** Length of what is left when runs, doubled letters and repetitions count once. */
function surpriseOf(folded: string): number {
  const spellings = [folded, asLatinKeys(folded)].flatMap((text) => [text, unlaced(text)]);
  return Math.min(
    ...spellings.map((text) => [...withoutRuns(withoutDoubles(repeatedUnit(text)))].length),
    2 * new Set(folded).size,
  );
}

/** «q1w2e3» → «qwe123». */
function unlaced(text: string): string {
  const characters = [...text];
  const every = (parity: number) => characters.filter((_, at) => at % 2 === parity).join('');
  return every(0) + every(1);
}

function withoutDoubles(text: string): string {
  const characters = [...text];
  return characters.filter((character, at) => character !== characters[at - 1]).join('');
}

/** «абвабваб» → «абв»; the text itself when it repeats nothing. */
function repeatedUnit(text: string): string {
  const characters = [...text];
  const period = characters.findIndex(
    (_, step) =>
      step > 0 && characters.every((character, at) => at < step || character === characters[at - step]),
  );
  // With or without a separator: «пароль пароль».
  return period > 0 && 2 * period <= characters.length + 1 ? characters.slice(0, period).join('') : text;
}
