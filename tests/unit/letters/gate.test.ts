/** What may leave: a dead server is probed, not stormed; a domain that refuses rests; nobody waits for another. */
import { BrokenCircuitError } from 'cockatiel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import type { Limiter } from '../../../adapters/limiter/limiter.ts';
import { DeliveryFailed } from '../../../adapters/mailer/mailer.ts';
import { type Gate, openGate, rateOf } from '../../../provider/letters/gate.ts';

const serverDown = () => Promise.reject(new DeliveryFailed('ECONNECTION', 'server', false));
const later = () => Promise.reject(new DeliveryFailed('EENVELOPE 450', 'letter', false));
const taken = () => Promise.resolve('250 ok');

/** Three a window for every key. */
function threeEach(): Limiter {
  const used = new Map<string, number>();
  return {
    async take(key) {
      used.set(key, (used.get(key) ?? 0) + 1);
      const allowed = (used.get(key) ?? 0) <= 3;
      return { allowed, used: used.get(key) ?? 0, retryAfter: allowed ? 0 : 6 };
    },
    async heldFor(key) {
      return (used.get(key) ?? 0) < 3 ? 0 : 6;
    },
    async giveBack() {},
    async reset() {},
  };
}

let gate: Gate;
beforeEach(() => {
  vi.useFakeTimers();
  gate = openGate({ rate: threeEach(), clock: systemClock, probeSeconds: 15 });
});
afterEach(() => {
  vi.useRealTimers();
});
const attempt = (group: string, send: () => Promise<string>) =>
  gate.pass(group, send).catch((error) => error);

describe('a server that takes nothing', () => {
  it('is asked 45 times in ten minutes, however many letters wait, and at once again when it is back', async () => {
    let asked = 0;
    const end = Date.now() + 600_000;
    const server = () => {
      asked += 1;
      return Date.now() < end ? serverDown() : taken();
    };
    while (Date.now() < end) {
      if (gate.turn()) await attempt('a', server);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(asked).toBeGreaterThanOrEqual(43);
    expect(asked).toBeLessThanOrEqual(45);
    expect(gate.isOpen()).toBe(false);

    await vi.advanceTimersByTimeAsync(15_000);
    expect(await gate.pass('a', server)).toBe('250 ok');
    expect(gate.isOpen()).toBe(true);
    expect(gate.turn()).toEqual({ exceptGroups: [] });
  });

  it('gets one probe at a time', async () => {
    for (let times = 0; times < 5; times += 1) await attempt('a', serverDown);
    expect(gate.turn()).toBeUndefined();
    expect(await attempt('a', taken)).toBeInstanceOf(BrokenCircuitError);
    await vi.advanceTimersByTimeAsync(15_000);
    const answer = Promise.withResolvers<string>();
    expect(gate.turn()).toBeDefined();
    const probe = gate.pass('a', () => answer.promise);
    expect(gate.turn()).toBeUndefined();
    expect(await attempt('b', taken)).toBeInstanceOf(BrokenCircuitError);
    answer.resolve('250 ok');
    expect(await probe).toBe('250 ok');
    expect(gate.turn()).toBeDefined();
  });

  it('is not taken for dead because it refuses letters', async () => {
    for (let times = 0; times < 20; times += 1) await attempt(`group ${times}`, later);
    for (let times = 0; times < 4; times += 1) await attempt('a', serverDown);
    await attempt('a', taken);
    await attempt('a', serverDown);
    expect(gate.isOpen()).toBe(true);
  });
});

describe('a receiving domain', () => {
  it('rests when it refuses one letter after the other, and after that at the first one', async () => {
    for (let times = 0; times < 4; times += 1) await attempt('a', later);
    await attempt('a', taken);
    for (let times = 0; times < 4; times += 1) await attempt('a', later);
    expect(gate.turn()).toEqual({ exceptGroups: [] });
    await attempt('a', later);
    expect(gate.turn()).toEqual({ exceptGroups: ['a'] });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(gate.turn()).toEqual({ exceptGroups: [] });
    await attempt('a', later);
    expect(gate.turn()).toEqual({ exceptGroups: ['a'] });
  });

  it('waits when it has had its share, and no other does', async () => {
    for (let times = 0; times < 3; times += 1) expect(await gate.wait('a')).toBeUndefined();
    expect(await gate.wait('a')).toBe(6);
    expect(await gate.wait('b')).toBeUndefined();
    expect(gate.turn()).toEqual({ exceptGroups: ['a'] });
    await vi.advanceTimersByTimeAsync(6_000);
    expect(gate.turn()).toEqual({ exceptGroups: [] });
  });

  it('has its letters of a minute in ten windows', () => {
    expect(rateOf(600)).toEqual({ points: 60, seconds: 6 });
    expect(rateOf(5)).toEqual({ points: 1, seconds: 6 });
  });
});
