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
    async heldFor(key) {
      return (taken.get(key) ?? 0) < points ? 0 : 900;
    },
    async giveBack() {},
    async reset(key) {
      taken.delete(key);
    },
  };
}

const limitsOf = () => {
  const limiters = { account: counting(5), device: counting(10), source: counting(20) };
  return { ...limiters, limits: guessLimits(limiters, { now: () => new Date(0) }) };
};
const guess = (change = {}) => ({ target: 'account-1', source: '203.0.113.7', device: undefined, ...change });

describe('guess limits', () => {
  it('let five tries at one account through and refuse the sixth', async () => {
    const { limits } = limitsOf();
    for (let round = 0; round < 5; round += 1) expect(await limits.refusal(guess())).toBeUndefined();
    expect(await limits.refusal(guess())).toBe(900);
  });

  it('tell until when an account is held back, and count nothing by that', async () => {
    const { limits, account } = limitsOf();
    expect(await limits.heldUntil('account-1')).toBeUndefined();
    for (let round = 0; round < 5; round += 1) await limits.refusal(guess());
    expect(await limits.heldUntil('account-1')).toEqual(new Date(900_000));
    expect([...account.taken.values()]).toEqual([5]);
    await limits.forget('account-1');
    expect(await limits.heldUntil('account-1')).toBeUndefined();
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
    await limits.right(right);
    expect(await limits.refusal(guess())).toBeUndefined();
  });

  it('costs a first right try no second operation', async () => {
    const { limits, account } = limitsOf();
    const right = guess();
    await limits.refusal(right);
    await limits.right(right);
    expect([...account.taken.values()]).toEqual([1]);
  });

  it('stops one source that guesses wrong at many accounts', async () => {
    const { limits } = limitsOf();
    for (let round = 0; round < 21; round += 1) {
      const wrong = guess({ target: `account-${round}` });
      expect(await limits.refusal(wrong)).toBeUndefined();
      await limits.wrong(wrong);
    }
    expect(await limits.refusal(guess({ target: 'one more' }))).toBe(900);
    expect(await limits.refusal(guess({ target: 'one more', source: '198.51.100.1' }))).toBeUndefined();
  });

  it('a school full of right passwords uses up nothing of its source', async () => {
    const { limits, source } = limitsOf();
    for (let round = 0; round < 100; round += 1) {
      const right = guess({ target: `account-${round}` });
      expect(await limits.refusal(right)).toBeUndefined();
      await limits.right(right);
    }
    expect(source.taken.size).toBe(0);
  });

  it('keeps no identifier in clear', async () => {
    const { limits, account, source } = limitsOf();
    const wrong = guess({ target: 'email:someone@example.test' });
    await limits.refusal(wrong);
    await limits.wrong(wrong);
    expect(JSON.stringify([...account.taken.keys(), ...source.taken.keys()])).not.toMatch(/someone|203/);
  });
});
