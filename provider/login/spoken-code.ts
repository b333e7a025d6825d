/**
 * A code that is read off one screen and typed on another, such as BDFG-HJKL: no vowels, so that it is no word, and no
 * digits that look like letters. Forgiving about how it is typed.
 */
import { randomInt } from 'node:crypto';

/** As the library's `base-20` (RFC 8628 §6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;
const CODE = new RegExp(`^[${LETTERS}]{${LENGTH}}$`);
/** Letters that look the same; whoever reads «Н» types «Н». */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  ...{ В: 'B', С: 'C', Н: 'H', К: 'K', М: 'M', Р: 'P', Т: 'T', Х: 'X' },
};

export function freshSpokenCode(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** In two halves, as it is shown. */
export function spoken(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}

/** What was meant, whatever alphabet, case, spaces and dashes it came in. */
export function typedSpokenCode(text: string): string {
  return [...text.normalize('NFKC').toUpperCase()]
    .map((letter) => LOOK_ALIKES[letter] ?? letter)
    .filter((letter) => /[\p{L}\d]/u.test(letter))
    .join('');
}

export function looksLikeSpokenCode(code: string): boolean {
  return CODE.test(code);
}
