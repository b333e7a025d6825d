/**
 * The password on a chair's sheet: made to be copied from paper once and replaced at once. Knows neither whose it is nor
 * where it is kept.
 */
import { randomInt } from 'node:crypto';

/** Nothing that looks like something else in print: neither 0 and O nor 1 and I. Five bits each. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const GROUPS = 4;
const GROUP_LENGTH = 4;
const SHAPE = new RegExp(`^[${ALPHABET}]{${GROUPS * GROUP_LENGTH}}$`);

/** 80 bits, «7K3M-QX9B-…»: no guesses are counted that would find it. */
export function freshOneTimePassword(): string {
  const group = () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** As it was made, however it was typed; undefined when it cannot be one. */
export function readOneTimePassword(typed: string): string | undefined {
  const plain = typed.replace(/[\s\p{Pd}]/gu, '').toUpperCase();
  if (!SHAPE.test(plain)) return undefined;
  return plain.match(new RegExp(`.{${GROUP_LENGTH}}`, 'g'))?.join('-');
}
