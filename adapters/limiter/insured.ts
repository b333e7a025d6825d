/** What the limiters of every store share: the stand-in while the store is away, and the library's answer as ours. */
import {
  type IRateLimiterStoreOptions,
  RateLimiterMemory,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible';
import type { Limit, Limiter, Verdict } from './limiter.ts';

/** Several processes then count apart, so each allows but a part. */
const STRICTER = 4;

type Options = Omit<IRateLimiterStoreOptions, 'storeClient'>;

export function insured(
  name: string,
  limit: Limit,
  create: (options: Options) => RateLimiterStoreAbstract,
): Limiter {
  const { points, seconds: duration, blockSeconds: blockDuration = 0 } = limit;
  const limiter = create({
    keyPrefix: name,
    points,
    duration,
    blockDuration,
    insuranceLimiter: new RateLimiterMemory({
      keyPrefix: name,
      points: Math.max(1, Math.floor(points / STRICTER)),
      duration,
      blockDuration,
    }),
  });
  return {
    async take(key, count = 1) {
      try {
        const result = await limiter.consume(key, count);
        return { allowed: true, used: result.consumedPoints, retryAfter: 0 };
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        // One too many is one too many; of several, some might still have passed.
        if (count > 1) await limiter.reward(key, count);
        return refused(refusal);
      }
    },
    async heldFor(key) {
      const standing = await limiter.get(key);
      return standing && standing.consumedPoints >= points ? secondsOf(standing) : 0;
    },
    async giveBack(key, count) {
      await limiter.reward(key, count);
    },
    async reset(key) {
      await limiter.delete(key);
    },
  };
}

const secondsOf = ({ msBeforeNext }: RateLimiterRes): number => Math.max(1, Math.ceil(msBeforeNext / 1_000));

function refused(refusal: RateLimiterRes): Verdict {
  return { allowed: false, used: refusal.consumedPoints, retryAfter: secondsOf(refusal) };
}
