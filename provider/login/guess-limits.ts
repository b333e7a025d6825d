/**
 * How often a password may be guessed. Counted before the hash is computed, by account whatever the spelling or the
 * door, and softly by source: a whole school sits behind one address on quiz day (security.md c2 #65–68).
 */
import { createHash } from 'node:crypto';
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
  /** A right password: the count begins anew. */
  forgive(guess: Guess): Promise<void>;
};

/** Five tries, then a quarter of an hour. */
export const PER_ACCOUNT = { points: 5, seconds: 15 * 60 } as const;
/** A known device has tries of its own. */
export const PER_DEVICE = { points: 10, seconds: 15 * 60 } as const;
/** A staff room with a hundred teachers, each of whom mistypes a few times. */
export const PER_SOURCE = { points: 600, seconds: 5 * 60 } as const;

export type GuessLimiters = {
  readonly account: Limiter;
  readonly device: Limiter;
  readonly source: Limiter;
};

export function guessLimits({ account, device, source }: GuessLimiters): GuessLimits {
  const personal = (guess: Guess) =>
    guess.device === undefined
      ? { limiter: account, key: keyOf(guess.target) }
      : { limiter: device, key: keyOf(`${guess.device}:${guess.target}`) };
  const usedBefore = new WeakMap<Guess, number>();

  return {
    async refusal(guess) {
      const { limiter, key } = personal(guess);
      const [mine, shared] = await Promise.all([limiter.take(key), source.take(keyOf(guess.source))]);
      usedBefore.set(guess, mine.used - 1);
      const refused = [mine, shared].filter(({ allowed }) => !allowed);
      return refused.length > 0 ? Math.max(1, ...refused.map(({ retryAfter }) => retryAfter)) : undefined;
    },
    async forgive(guess) {
      // The first try was right: there is nothing to forget but this one, which soon forgets itself.
      if ((usedBefore.get(guess) ?? 0) === 0) return;
      const { limiter, key } = personal(guess);
      await limiter.reset(key);
    },
  };
}

/** No limits at all: the sandbox under load. */
export const unlimitedGuesses: GuessLimits = {
  refusal: async () => undefined,
  forgive: async () => {},
};

const keyOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
