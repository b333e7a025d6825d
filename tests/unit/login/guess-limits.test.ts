import { describe, expect, it } from 'vitest';
import type { Limiter } from '../../../adapters/limiter/limiter.ts';
import { guessLimits } from '../../../provider/login/guess-limits.ts';

function counting(points: number): Limiter & { taken: Map<string, number> } {
  const taken = new Map<string, number>();
  return {
    taken,
    async take(key) {
      const used = (taken.get(key) ?? 0) + 1;
      taken.set(key, used);
      return { allowed: used <= points, used, retryAfter: used <= points ? 0 : 900 };
    },
    async reset(key) {
      taken.delete(key);
    },
  };
}

const limitsOf = () => {
  const limiters = { account: counting(5), device: counting(10), source: counting(20) };
  return { ...limiters, limits: guessLimits(limiters) };
};
const guess = (change = {}) => ({ target: 'account-1', source: '203.0.113.7', device: undefined, ...change });

describe('guess limits', () => {
  it('let five tries at one account through and refuse the sixth', async () => {
    const { limits } = limitsOf();
    for (let round = 0; round < 5; round += 1) expect(await limits.refusal(guess())).toBeUndefined();
    expect(await limits.refusal(guess())).toBe(900);
  });

  it('a lock by strangers does not keep out a known device', async () => {
    const { limits } = limitsOf();
    for (let round = 0; round < 9; round += 1) await limits.refusal(guess());
    expect(await limits.refusal(guess({ device: 'hers' }))).toBeUndefined();
  });

  it('a right password forgets the wrong ones before it', async () => {
    const { limits } = limitsOf();
    for (let round = 0; round < 4; round += 1) await limits.refusal(guess());
    const right = guess();
    await limits.refusal(right);
    await limits.forgive(right);
    expect(await limits.refusal(guess())).toBeUndefined();
  });

  it('costs a first right try no second operation', async () => {
    const { limits, account } = limitsOf();
    const right = guess();
    await limits.refusal(right);
    await limits.forgive(right);
    expect([...account.taken.values()]).toEqual([1]);
  });

  it('stops one source that tries many accounts', async () => {
    const { limits } = limitsOf();
    for (let round = 0; round < 20; round += 1) {
      expect(await limits.refusal(guess({ target: `account-${round}` }))).toBeUndefined();
    }
    expect(await limits.refusal(guess({ target: 'one more' }))).toBe(900);
  });

  it('keeps no identifier in clear', async () => {
    const { limits, account, source } = limitsOf();
    await limits.refusal(guess({ target: 'email:someone@example.test' }));
    expect(JSON.stringify([...account.taken.keys(), ...source.taken.keys()])).not.toMatch(/someone|203/);
  });
});
