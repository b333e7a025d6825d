/** Codes to be kept on paper, as they are made and as they come back. */
import { randomInt } from 'node:crypto';

export const RECOVERY_CODES = 10;
/** Neither I, L, O nor U: nobody mistakes them for digits, or reads words (as Crockford's base 32 does). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 50 bits each: with few tries an hour, nobody guesses one of ten. */
const LENGTH = 10;

export function freshRecoveryCodes(): readonly string[] {
  const fresh = () => Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return Array.from({ length: RECOVERY_CODES }, fresh);
}

/** In two halves, as it is easier to copy. */
export function spelledCode(code: string): string {
  return `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;
}

/** As people copy it: in small letters, with spaces, with O for 0 and I for 1. */
export function typedRecoveryCode(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[\s\u00a0\u2010-\u2014-]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
}

export function looksLikeRecoveryCode(code: string): boolean {
  return code.length === LENGTH && [...code].every((letter) => LETTERS.includes(letter));
}
