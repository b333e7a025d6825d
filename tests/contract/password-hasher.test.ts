/** security.md c2 #58, #61, classes 5 and 19, on real Argon2id. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { argon2id } from '../../adapters/password-hasher/argon2id.ts';
import { HasherOverloaded } from '../../adapters/password-hasher/password-hasher.ts';

const old = { id: 'k1', key: randomBytes(32) };
const fresh = { id: 'k2', key: randomBytes(32) };
const light = { memoryCost: 1_024, timeCost: 1, parallelism: 1 };
/** About a third of a second each: long enough to find the line occupied. */
const heavy = { memoryCost: 19_456, timeCost: 60, parallelism: 1 };

describe('a hash', () => {
  const hasher = argon2id({ peppers: [fresh], parameters: light });

  it('is Argon2id with the parameters of the decision, unless told otherwise', async () => {
    expect(await argon2id({ peppers: [fresh] }).hash('ласточка над озером')).toMatch(
      /^k2:\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
  });

  it('matches its password alone, and is never twice the same', async () => {
    const hash = await hasher.hash('ласточка над озером');
    expect(await hasher.hash('ласточка над озером')).not.toBe(hash);
    expect(await hasher.verify(hash, 'ласточка над озером')).toEqual({ matches: true, outdated: false });
    for (const wrong of ['Ласточка над озером', 'ласточка над озеро', 'ласточка над озером ', '']) {
      expect((await hasher.verify(hash, wrong)).matches).toBe(false);
    }
  });

  it('takes composed and decomposed letters for the same', async () => {
    const hash = await hasher.hash('ёлка и йод'.normalize('NFD'));
    expect((await hasher.verify(hash, 'ёлка и йод'.normalize('NFC'))).matches).toBe(true);
  });

  it('never truncates', async () => {
    const long = 'я'.repeat(4_096);
    const hash = await hasher.hash(long);
    expect((await hasher.verify(hash, long)).matches).toBe(true);
    expect((await hasher.verify(hash, `${long}я`)).matches).toBe(false);
    await expect(hasher.hash(`${long}я`)).rejects.toThrow(RangeError);
  });

  it('of nobody never matches', async () => {
    expect(await hasher.verify(undefined, '')).toEqual({ matches: false, outdated: false });
    expect(await hasher.verify(undefined, 'ласточка над озером')).toEqual({
      matches: false,
      outdated: false,
    });
  });

  it('that is none, or of a pepper that is gone, is a fault and not a wrong password', async () => {
    const foreign = await argon2id({ peppers: [old], parameters: light }).hash('ласточка над озером');
    await expect(hasher.verify(foreign, 'ласточка над озером')).rejects.toThrow('pepper');
    await expect(hasher.verify('k2:nonsense', 'ласточка над озером')).rejects.toThrow();
  });

  it('is worth nothing without the pepper', async () => {
    const hash = await hasher.hash('ласточка над озером');
    const thief = argon2id({ peppers: [{ id: 'k2', key: randomBytes(32) }], parameters: light });
    expect((await thief.verify(hash, 'ласточка над озером')).matches).toBe(false);
  });
});

describe('is outdated', () => {
  it('when the parameters have changed', async () => {
    const before = await argon2id({ peppers: [fresh], parameters: light }).hash('ласточка над озером');
    const hasher = argon2id({ peppers: [fresh], parameters: { ...light, timeCost: 2 } });
    expect(await hasher.verify(before, 'ласточка над озером')).toEqual({ matches: true, outdated: true });
    const after = await hasher.hash('ласточка над озером');
    expect(await hasher.verify(after, 'ласточка над озером')).toEqual({ matches: true, outdated: false });
  });

  it('when the pepper has', async () => {
    const before = await argon2id({ peppers: [old], parameters: light }).hash('ласточка над озером');
    const hasher = argon2id({ peppers: [fresh, old], parameters: light });
    expect(await hasher.verify(before, 'ласточка над озером')).toEqual({ matches: true, outdated: true });
    expect((await hasher.hash('ласточка над озером')).startsWith('k2:')).toBe(true);
  });
});

describe('the line', () => {
  const options = { peppers: [fresh] as const, parameters: heavy, atOnce: 1 };

  it('computes no more at once than it may', async () => {
    const hasher = argon2id({ peppers: [fresh], parameters: light, atOnce: 2 });
    const running = Array.from({ length: 6 }, () => hasher.hash('x'));
    expect(hasher.stats()).toEqual({ inFlight: 2, queued: 4 });
    await Promise.all(running);
    expect(hasher.stats()).toEqual({ inFlight: 0, queued: 0 });
  });

  it('lets the others wait in their order', async () => {
    const hasher = argon2id({ peppers: [fresh], parameters: light, atOnce: 1 });
    const done: number[] = [];
    await Promise.all([0, 1, 2, 3, 4, 5].map((at) => hasher.hash('x').then(() => done.push(at))));
    expect(done).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('sends away at once whoever would wait too long, saying when to come back', async () => {
    const hasher = argon2id({ ...options, queueLength: 1 });
    const first = hasher.hash('x');
    const second = hasher.hash('x');
    const since = performance.now();
    const refused = await hasher.verify(undefined, 'x').catch((error: unknown) => error);
    expect(performance.now() - since).toBeLessThan(50);
    expect(refused).toBeInstanceOf(HasherOverloaded);
    expect((refused as HasherOverloaded).retryAfter).toBeGreaterThanOrEqual(1);
    expect(Number.isInteger((refused as HasherOverloaded).retryAfter)).toBe(true);
    await Promise.all([first, second]);
  });

  it('learns how long a turn takes', async () => {
    const hasher = argon2id({ ...options, queueMilliseconds: 200 });
    await hasher.hash('x');
    const running = hasher.hash('x');
    const queued = Array.from({ length: 20 }, () => hasher.hash('x').catch((error: unknown) => error));
    expect(hasher.stats().queued).toBeLessThan(10);
    expect(
      (await Promise.all(queued)).filter((answer) => answer instanceof HasherOverloaded),
    ).not.toHaveLength(0);
    await running;
  });

  it('lets nobody wait past the deadline', async () => {
    const hasher = argon2id({ ...options, queueMilliseconds: 60 });
    const running = hasher.hash('x');
    await expect(hasher.hash('x')).rejects.toThrow(HasherOverloaded);
    expect(hasher.stats()).toEqual({ inFlight: 1, queued: 0 });
    await running;
    await expect(hasher.hash('x')).resolves.toBeTypeOf('string');
  });

  it('drops whoever has gone, and computes nothing for them', async () => {
    const hasher = argon2id(options);
    const running = hasher.hash('x');
    const gone = new AbortController();
    const dropped = hasher.hash('x', { signal: gone.signal });
    const last = hasher.hash('x');
    gone.abort(new Error('the client has hung up'));
    await expect(dropped).rejects.toThrow('the client has hung up');
    expect(hasher.stats()).toEqual({ inFlight: 1, queued: 1 });
    await Promise.all([running, last]);
    await expect(hasher.hash('x', { signal: gone.signal })).rejects.toThrow('the client has hung up');
    expect(hasher.stats()).toEqual({ inFlight: 0, queued: 0 });
  });

  it('gives the place back when the work fails', async () => {
    const hasher = argon2id({ peppers: [fresh], parameters: light, atOnce: 1 });
    await expect(hasher.verify('k2:nonsense', 'x')).rejects.toThrow();
    expect(hasher.stats()).toEqual({ inFlight: 0, queued: 0 });
  });

  it('leaves the event loop free', async () => {
    const hasher = argon2id(options);
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 5);
    await hasher.hash('x');
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(5);
  });
});

it('takes as long for nobody as for a wrong password', async () => {
  const hasher = argon2id({ peppers: [fresh], atOnce: 1 });
  const hash = await hasher.hash('ласточка над озером');
  const timed = async (stored: string | undefined): Promise<number> => {
    const since = performance.now();
    await hasher.verify(stored, 'не тот пароль');
    return performance.now() - since;
  };
  const pairs: [number, number][] = [];
  for (let at = 0; at < 60; at += 1) {
    // Which comes first alternates, so that neither always finds the caches warm.
    const unknownFirst = at % 2 === 0;
    const first = await timed(unknownFirst ? undefined : hash);
    const second = await timed(unknownFirst ? hash : undefined);
    pairs.push(unknownFirst ? [first, second] : [second, first]);
  }
  const auc = areaUnderCurve(
    pairs.map(([unknown]) => unknown),
    pairs.map(([, wrong]) => wrong),
  );
  expect(auc).toBeGreaterThan(0.3);
  expect(auc).toBeLessThan(0.7);
});

/** The chance that one of the first is larger than one of the second: 0.5 when nothing can be told. */
function areaUnderCurve(some: readonly number[], others: readonly number[]): number {
  const wins = some.flatMap((one) =>
    others.map((other): number => (one > other ? 1 : one === other ? 0.5 : 0)),
  );
  return wins.reduce((sum, win) => sum + win, 0) / wins.length;
}
