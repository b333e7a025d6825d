/** Limits counted in Redis: one script per take. */
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisClient } from '../redis/redis.ts';
import { insured } from './insured.ts';
import type { Limiters } from './limiter.ts';

export function redisLimiters(redis: RedisClient, { namespace }: { readonly namespace: string }): Limiters {
  return (name, limit) =>
    insured(`${namespace}:limit:${name}`, limit, (options) => {
      return new RateLimiterRedis({ ...options, storeClient: redis });
    });
}
