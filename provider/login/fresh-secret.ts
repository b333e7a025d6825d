/** Codes to be typed and links to be followed, as they leave the house; what the store keeps of them is its own matter. */
import { randomBytes, randomInt } from 'node:crypto';

const CODE_DIGITS = 6;
const LINK_BYTES = 32;

/** Six digits: few guesses and little time make them enough (domain.md §3.10). */
export function freshCode(): string {
  return String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
}

/** 256 bits: part of an address that nobody guesses. */
export function freshLink(): string {
  return randomBytes(LINK_BYTES).toString('base64url');
}

const LINK = new RegExp(`^[\\w-]{${Math.ceil((LINK_BYTES * 8) / 6)}}$`);

export function looksLikeLink(text: string): boolean {
  return LINK.test(text);
}

/** As people copy them: with spaces between the digits and around them. */
export function typedCode(text: string): string {
  return text.replace(/[\s\u00a0-]/g, '');
}
