/** What every limiter promises, parallel takes included. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Limiter, Limiters } from '../../../adapters/limiter/limiter.ts';

export type Opened = { readonly limiters: Limiters; close(): Promise<void> };

const takeMany = (limiter: Limiter, key: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => limiter.take(key)));

export function limiterContract(name: string, open: () => Promise<Opened>): void {
  describe(`limiter on ${name}`, () => {
    let opened: Opened;
    let limiters: Limiters;
    beforeAll(async () => {
      opened = await open();
      limiters = opened.limiters;
    });
    afterAll(() => opened?.close());

    it('counts, and says when it is worth trying again', async () => {
      const limiter = limiters('counting', { points: 2, seconds: 60 });
      const key = randomUUID();
      expect(await limiter.take(key)).toEqual({ allowed: true, used: 1, retryAfter: 0 });
      expect(await limiter.take(key)).toEqual({ allowed: true, used: 2, retryAfter: 0 });
      const refused = await limiter.take(key);
      expect(refused).toMatchObject({ allowed: false, used: 3 });
      expect(refused.retryAfter).toBeGreaterThan(55);
      expect(refused.retryAfter).toBeLessThanOrEqual(60);
    });

    it('allows exactly four of twenty parallel takes', async () => {
      const limiter = limiters('parallel', { points: 4, seconds: 60 });
      for (let round = 0; round < 5; round++) {
        const verdicts = await takeMany(limiter, randomUUID(), 20);
        expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(4);
        expect(verdicts.map(({ used }) => used).sort((a, b) => a - b)).toEqual(
          verdicts.map((_, index) => index + 1),
        );
      }
    });

    it('lets several pass together, or counts none of them', async () => {
      const limiter = limiters('several', { points: 5, seconds: 60 });
      const key = randomUUID();
      expect(await limiter.take(key, 3)).toEqual({ allowed: true, used: 3, retryAfter: 0 });
      const refused = await limiter.take(key, 3);
      expect(refused).toMatchObject({ allowed: false, used: 6 });
      expect(refused.retryAfter).toBeGreaterThan(55);
      expect(await limiter.take(key, 2)).toMatchObject({ allowed: true, used: 5 });
      expect(await limiter.take(key)).toMatchObject({ allowed: false });
    });

    it('forgets what is given back, and no more', async () => {
      const limiter = limiters('returns', { points: 3, seconds: 60 });
      const key = randomUUID();
      await limiter.take(key, 3);
      await limiter.giveBack(key, 2);
      expect(await limiter.take(key, 2)).toMatchObject({ allowed: true, used: 3 });
      expect(await limiter.take(key)).toMatchObject({ allowed: false });
    });

    it('tells for how long the next one would be refused, and counts nothing by that', async () => {
      const limiter = limiters('looked-at', { points: 2, seconds: 60 });
      const key = randomUUID();
      expect(await limiter.heldFor(key)).toBe(0);
      await limiter.take(key);
      expect(await limiter.heldFor(key)).toBe(0);
      expect(await limiter.take(key)).toMatchObject({ allowed: true, used: 2 });
      expect(await limiter.heldFor(key)).toBeGreaterThan(55);
      expect(await limiter.take(key)).toMatchObject({ allowed: false, used: 3 });
      await limiter.reset(key);
      expect(await limiter.heldFor(key)).toBe(0);
    });

    it('shares the count with whoever has the same name, and with nobody else', async () => {
      const [one, same] = [1, 2].map(() => limiters('shared', { points: 1, seconds: 60 }));
      const other = limiters('other', { points: 1, seconds: 60 });
      const key = randomUUID();
      expect(await one?.take(key)).toMatchObject({ allowed: true });
      expect(await same?.take(key)).toMatchObject({ allowed: false });
      expect(await other.take(key)).toMatchObject({ allowed: true });
      expect(await one?.take(randomUUID())).toMatchObject({ allowed: true });
    });

    it.concurrent('begins anew when the window is over', async () => {
      const limiter = limiters('window', { points: 1, seconds: 1 });
      const key = randomUUID();
      await takeMany(limiter, key, 3);
      await sleep(1_100);
      expect(await limiter.take(key)).toMatchObject({ allowed: true, used: 1 });
    });

    it.concurrent('refuses for the time of the block, however short the window', async () => {
      const limiter = limiters('block', { points: 1, seconds: 1, blockSeconds: 60 });
      const key = randomUUID();
      await limiter.take(key);
      expect(await limiter.take(key)).toMatchObject({ allowed: false, retryAfter: 60 });
      await sleep(1_100);
      expect(await limiter.take(key)).toMatchObject({ allowed: false });
    });

    it('forgets a key when told', async () => {
      const limiter = limiters('reset', { points: 1, seconds: 60 });
      const key = randomUUID();
      await takeMany(limiter, key, 3);
      await limiter.reset(key);
      expect(await limiter.take(key)).toMatchObject({ allowed: true, used: 1 });
      await expect(limiter.reset(randomUUID())).resolves.toBeUndefined();
    });
  });
}

/** `opened` is a limiter whose store does not answer. */
export function insuranceContract(name: string, open: () => Promise<Opened>): void {
  it(`limiter on ${name} without its store counts in the process, and more strictly`, async () => {
    const { limiters, close } = await open();
    const limiter = limiters('insured', { points: 8, seconds: 60 });
    const key = randomUUID();
    const verdicts = await takeMany(limiter, key, 8);
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(2);
    expect(await limiter.take(randomUUID())).toMatchObject({ allowed: true });
    await limiter.reset(key);
    expect(await limiter.take(key)).toMatchObject({ allowed: true, used: 1 });
    await close();
  });
}
