/**
 * How often a password may be guessed. Counted before the hash is computed, by account whatever the spelling or the
 * door; and, softly, by source once a guess was wrong: a whole school sits behind one address on quiz day
 * (security.md c2 #65–68).
 */
import { createHash } from 'node:crypto';
import type { Clock } from '../../adapters/clock.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';

export type Guess = {
  /** The account, or the normal form of an identifier nobody has: both are counted alike. */
  readonly target: string;
  readonly source: string;
  /** The random part of a recognised device mark. */
  readonly device: string | undefined;
};

export type GuessLimits = {
  /** Seconds to wait when the guess may not be judged; undefined when it may. Already counted. */
  refusal(guess: Guess): Promise<number | undefined>;
  /** A right password: the count of the account begins anew. */
  right(guess: Guess): Promise<void>;
  /** A wrong one: counts against the source. */
  wrong(guess: Guess): Promise<void>;
  /** Until when no password of the account is judged, wherever it is tried first; undefined when it would be. Counts nothing. */
  heldUntil(accountId: string): Promise<Date | undefined>;
  /** The account proved itself another way: what was counted against it is forgotten. */
  forget(accountId: string): Promise<void>;
};

/** Five tries, then a quarter of an hour. */
export const PER_ACCOUNT = { points: 5, seconds: 15 * 60 } as const;
/** A known device has tries of its own. */
export const PER_DEVICE = { points: 10, seconds: 15 * 60 } as const;
/** A staff room with a hundred teachers, each of whom mistypes a few times. */
export const PER_SOURCE = { points: 600, seconds: 5 * 60 } as const;

const REMEMBERED_SOURCES = 10_000;

export type GuessLimiters = {
  readonly account: Limiter;
  readonly device: Limiter;
  readonly source: Limiter;
};

export function guessLimits({ account, device, source }: GuessLimiters, clock: Clock): GuessLimits {
  const personal = (guess: Guess) =>
    guess.device === undefined
      ? { limiter: account, key: keyOf(guess.target) }
      : { limiter: device, key: keyOf(`${guess.device}:${guess.target}`) };
  const usedBefore = new WeakMap<Guess, number>();
  // Sources that have used up their share, until when (ms): known without asking the store, so that honest sign-ins
  // pay nothing for it. Each process learns it from the first wrong guess that is too many.
  const exhausted = new Map<string, number>();

  return {
    async refusal(guess) {
      const now = clock.now().getTime();
      const until = exhausted.get(guess.source);
      if (until !== undefined && until > now) return Math.ceil((until - now) / 1_000);
      const { limiter, key } = personal(guess);
      const { allowed, used, retryAfter } = await limiter.take(key);
      usedBefore.set(guess, used - 1);
      return allowed ? undefined : Math.max(1, retryAfter);
    },
    async right(guess) {
      // The first try was right: there is nothing to forget but this one, which soon forgets itself.
      if ((usedBefore.get(guess) ?? 0) === 0) return;
      const { limiter, key } = personal(guess);
      await limiter.reset(key);
    },
    async wrong(guess) {
      const { allowed, retryAfter } = await source.take(keyOf(guess.source));
      if (allowed) return;
      if (exhausted.size >= REMEMBERED_SOURCES) exhausted.clear();
      exhausted.set(guess.source, clock.now().getTime() + retryAfter * 1_000);
    },
    async heldUntil(accountId) {
      const seconds = await account.heldFor(keyOf(accountId));
      return seconds === 0 ? undefined : new Date(clock.now().getTime() + seconds * 1_000);
    },
    async forget(accountId) {
      await account.reset(keyOf(accountId));
    },
  };
}

/** No limits at all: the sandbox under load. */
export const unlimitedGuesses: GuessLimits = {
  refusal: async () => undefined,
  right: async () => {},
  wrong: async () => {},
  heldUntil: async () => undefined,
  forget: async () => {},
};

const keyOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
