/**
 * How many letters of registration somebody may cause, and how often the page tells that an address is taken (C-06).
 * Wide enough for a school behind one address; nobody can use up another person's share from elsewhere.
 */
import { createHash } from 'node:crypto';
import type { Limiters } from '../../adapters/limiter/limiter.ts';

const HOUR = 3_600;
/** A school on quiz morning: every letter of it, first ones and repeated ones. */
const LETTERS_PER_SOURCE = { points: 600, seconds: 600 } as const;
/** What one mailbox has to bear, whoever writes the address. */
const LETTERS_PER_ADDRESS = { points: 20, seconds: HOUR } as const;
/** domain.md §3.10. */
const LETTERS_PER_ADDRESS_AND_SOURCE = { points: 5, seconds: HOUR } as const;
const PAUSE = { points: 1, seconds: 60 } as const;
/** More who did not remember that they have an account do not sit in one school. */
const TOLD_PER_SOURCE = { points: 30, seconds: HOUR } as const;
const TOLD_PER_ADDRESS = { points: 5, seconds: HOUR } as const;

export type RegistrationLimits = {
  /** Seconds to wait before a letter may leave; undefined when it may. Already counted. */
  letter(source: string, emailKey: string): Promise<number | undefined>;
  /** The same for another letter of one registration: not while the last one can still be on its way. */
  again(registration: string): Promise<number | undefined>;
  /** Whether the page may say that the address is taken; if not it says what it says of any other. Already counted. */
  mayTell(source: string, emailKey: string): Promise<boolean>;
};

export function registrationLimits(limiters: Limiters): RegistrationLimits {
  const letters = [
    { limiter: limiters('register-pair', LETTERS_PER_ADDRESS_AND_SOURCE), keyOf: pairKey },
    { limiter: limiters('register-address', LETTERS_PER_ADDRESS), keyOf: addressKey },
    { limiter: limiters('register-source', LETTERS_PER_SOURCE), keyOf: sourceKey },
  ];
  const pause = limiters('register-pause', PAUSE);
  const told = [
    { limiter: limiters('told-address', TOLD_PER_ADDRESS), keyOf: addressKey },
    { limiter: limiters('told-source', TOLD_PER_SOURCE), keyOf: sourceKey },
  ];
  return {
    async letter(source, emailKey) {
      // One after the other: what the first refuses must not use up the share of everybody else.
      for (const { limiter, keyOf } of letters) {
        const { allowed, retryAfter } = await limiter.take(keyOf(source, emailKey));
        if (!allowed) return Math.max(1, retryAfter);
      }
      return undefined;
    },
    async again(registration) {
      const { allowed, retryAfter } = await pause.take(hashed(registration));
      return allowed ? undefined : Math.max(1, retryAfter);
    },
    async mayTell(source, emailKey) {
      for (const { limiter, keyOf } of told) {
        if (!(await limiter.take(keyOf(source, emailKey))).allowed) return false;
      }
      return true;
    },
  };
}

const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url');
const pairKey = (source: string, emailKey: string): string => hashed(`${source} ${emailKey}`);
const addressKey = (_source: string, emailKey: string): string => hashed(emailKey);
const sourceKey = (source: string): string => hashed(source);
