/** Leaving for an upstream and coming back, with an upstream that does as it is told. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import { AlreadyConsumed, type Payload, type Storage } from '../../../adapters/storage/storage.ts';
import {
  type Probe,
  type RemoteSignOut,
  type Upstream,
  UpstreamFault,
} from '../../../adapters/upstream/upstream.ts';
import { openUpstreams } from '../../../provider/upstreams/open-upstreams.ts';
import type { AttemptOwner } from '../../../provider/upstreams/upstreams.ts';

const OWNER: AttemptOwner = { kind: 'interaction', uid: 'one' };
const HOUSE = '192.0.2.1';
const IDENTITY = { issuer: 'https://issuer.example.test', subject: '1', claims: {} };
const outage = new UpstreamFault('outage', 'timeout');

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-21T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

/** The store's promises without a database. */
function memory(): Storage {
  const kept = new Map<string, Payload>();
  return (model) => ({
    upsert: async (id, payload) => void kept.set(`${model}:${id}`, payload),
    find: async (id) => kept.get(`${model}:${id}`),
    async consume(id) {
      const found = kept.get(`${model}:${id}`);
      if (!found || found.consumed) throw new AlreadyConsumed();
      kept.set(`${model}:${id}`, { ...found, consumed: 1 });
    },
    destroy: async (id) => void kept.delete(`${model}:${id}`),
    findByUid: async () => undefined,
    findByUserCode: async () => undefined,
    findReferenced: async () => undefined,
    revokeByGrantId: async () => {},
  });
}

function scene() {
  const off = new Set<string>();
  const told: string[] = [];
  const acts = {
    begin: async (): Promise<unknown> => ({}),
    probe: async (): Promise<void> => {},
    complete: async (): Promise<unknown> => IDENTITY,
  };
  const upstream = (id: string): Upstream & Probe & RemoteSignOut => ({
    id,
    async begin({ state }) {
      await acts.begin();
      return {
        url: new URL(`https://issuer.example.test/auth?state=${state}`),
        secret: { verifier: 'kept' },
      };
    },
    complete: () => acts.complete() as never,
    probe: () => acts.probe(),
    signOutUrl(returnTo) {
      if (id === 'oidc') throw new UpstreamFault('outage', 'no_sign_out');
      return new URL(`https://issuer.example.test/logout?to=${returnTo.href}`);
    },
  });
  const upstreams = openUpstreams(
    (['esia', 'oidc'] as const).map((kind) => ({
      settings: { id: kind, kind, name: { ru: 'имя', en: 'name' } },
      upstream: upstream(kind),
    })),
    {
      issuer: 'https://id.example.test',
      storage: memory(),
      switches: { isOn: (id) => !off.has(id) },
      clock: systemClock,
      events: {
        upstreamDeparted: (id, outcome) => void told.push(`${id} departed: ${outcome}`),
        upstreamArrived: (id, outcome) => void told.push(`${id} arrived: ${outcome}`),
        upstreamFailed: (id, { code }) => void told.push(`${id} failed: ${code}`),
        upstreamStateChanged: async (id, state) => void told.push(`${id} is ${state}`),
      },
    },
  );
  const stateOf = (id: string) => upstreams.offers().find((offer) => offer.id === id)?.state;
  const leave = async (owner = OWNER, id = 'esia', source = HOUSE) => {
    const departure = await upstreams.depart(id, owner, source);
    if (departure.kind !== 'away') throw new Error('unavailable');
    const state = departure.to.searchParams.get('state') ?? '';
    return { state, callback: new URL(`https://id.example.test/callback/${id}?code=c&state=${state}`) };
  };
  return { acts, off, told, upstreams, stateOf, leave };
}

const START_AGAIN = { kind: 'refused', reason: 'start_again' };

describe('an answer', () => {
  test('proves somebody, once', async () => {
    const { upstreams, leave } = scene();
    const { state, callback } = await leave();
    expect(state).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect(await upstreams.ownerOf('esia', state)).toEqual(OWNER);
    const arrivals = await Promise.all([1, 2, 3].map(() => upstreams.arrive('esia', callback, OWNER)));
    expect(arrivals.filter(({ kind }) => kind === 'identity')).toEqual([
      { kind: 'identity', identity: IDENTITY, upstream: expect.objectContaining({ id: 'esia' }) },
    ]);
    expect(arrivals.filter(({ kind }) => kind === 'refused')).toEqual([START_AGAIN, START_AGAIN]);
    expect(await upstreams.ownerOf('esia', state)).toBeUndefined();
  });

  test.each<[string, AttemptOwner]>([
    ['another interaction', { kind: 'interaction', uid: 'two' }],
    ['a cabinet', { kind: 'cabinet', sessionUid: 'one', accountId: 'a' }],
  ])('of %s proves nobody, and is used up', async (_whose, other) => {
    const { upstreams, leave } = scene();
    const { callback } = await leave();
    expect(await upstreams.arrive('esia', callback, other)).toEqual(START_AGAIN);
    expect(await upstreams.arrive('esia', callback, OWNER)).toEqual(START_AGAIN);
  });

  test('of another account in the same cabinet session proves nobody', async () => {
    const { upstreams, leave } = scene();
    const owner: AttemptOwner = { kind: 'cabinet', sessionUid: 's', accountId: 'a' };
    const { callback } = await leave(owner);
    expect(await upstreams.arrive('esia', callback, { ...owner, accountId: 'b' })).toEqual(START_AGAIN);
  });

  test("at another upstream's callback is not found, and not used up", async () => {
    const { upstreams, leave } = scene();
    const { state, callback } = await leave();
    expect(await upstreams.ownerOf('oidc', state)).toBeUndefined();
    expect(await upstreams.arrive('oidc', callback, OWNER)).toEqual(START_AGAIN);
    expect(await upstreams.arrive('esia', callback, OWNER)).toMatchObject({ kind: 'identity' });
  });

  test.each(['', '?state=', '?state=a&state=b', '?state=00000000-0000-4000-8000-000000000000'])(
    'with the state %j proves nobody',
    async (query) => {
      const { upstreams } = scene();
      const callback = new URL(`https://id.example.test/callback/esia${query}`);
      expect(await upstreams.arrive('esia', callback, OWNER)).toEqual(START_AGAIN);
    },
  );

  test('that the person refused says why', async () => {
    const { upstreams, leave, acts } = scene();
    acts.complete = async () => ({ refused: 'cancelled' });
    const { callback } = await leave();
    expect(await upstreams.arrive('esia', callback, OWNER)).toEqual({ kind: 'refused', reason: 'cancelled' });
  });

  test('that takes too long is no answer', async () => {
    const { upstreams, leave, acts } = scene();
    const { callback } = await leave();
    acts.complete = () => new Promise(() => {});
    const arrival = upstreams.arrive('esia', callback, OWNER);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await arrival).toEqual({ kind: 'unavailable' });
  });
});

test('nobody knows of an upstream that is not configured', async () => {
  const { upstreams } = scene();
  await expect(upstreams.depart('other', OWNER, HOUSE)).rejects.toMatchObject({ code: 'not_found' });
  expect(await upstreams.ownerOf('other', 'state')).toBeUndefined();
});

test('an attempt is out from leaving until coming back, for its owner alone', async () => {
  const { upstreams, leave } = scene();
  expect(await upstreams.isOut('esia', OWNER)).toBe(false);
  const { callback } = await leave();
  expect(await upstreams.isOut('esia', OWNER)).toBe(true);
  expect(await upstreams.isOut('oidc', OWNER)).toBe(false);
  expect(await upstreams.isOut('esia', { kind: 'interaction', uid: 'two' })).toBe(false);
  await upstreams.arrive('esia', callback, OWNER);
  expect(await upstreams.isOut('esia', OWNER)).toBe(false);
});

describe('leaving', () => {
  test('asks first whether anybody is there, once for everybody, and not again within five seconds', async () => {
    const { acts, leave } = scene();
    const probe = vi.spyOn(acts, 'probe');
    await Promise.all([leave(), leave({ kind: 'interaction', uid: 'two' })]);
    await leave();
    expect(probe).toHaveBeenCalledTimes(1);
    vi.setSystemTime(Date.now() + 5_000);
    await leave();
    expect(probe).toHaveBeenCalledTimes(2);
  });

  test.each(['probe', 'begin'] as const)('not when %s fails', async (part) => {
    const { acts, upstreams, told } = scene();
    acts[part] = () => Promise.reject(outage);
    expect(await upstreams.depart('esia', OWNER, HOUSE)).toEqual({ kind: 'unavailable' });
    expect(told).toContain('esia failed: timeout');
    expect(await upstreams.isOut('esia', OWNER)).toBe(false);
  });

  test.each(['probe', 'begin'] as const)('not when %s hangs: within five seconds', async (part) => {
    const { acts, upstreams } = scene();
    acts[part] = () => new Promise(() => {});
    const departure = upstreams.depart('esia', OWNER, HOUSE);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(await departure).toEqual({ kind: 'unavailable' });
  });

  test('not when it is off; whoever has left may still come back', async () => {
    const { upstreams, leave, off, stateOf } = scene();
    const { callback } = await leave();
    off.add('esia');
    expect(stateOf('esia')).toBe('off');
    expect(await upstreams.depart('esia', OWNER, HOUSE)).toEqual({ kind: 'unavailable' });
    expect(await upstreams.arrive('esia', callback, OWNER)).toMatchObject({ kind: 'identity' });
  });

  test('not after three faults in a row, until somebody may try again', async () => {
    const { acts, upstreams, leave, stateOf } = scene();
    acts.complete = () => Promise.reject(new UpstreamFault('untrusted', 'id_token_signature'));
    for (let person = 0; person < 3; person++) {
      await upstreams.arrive('esia', (await leave()).callback, OWNER);
    }
    expect(stateOf('esia')).toBe('degraded');
    expect(await upstreams.depart('esia', OWNER, HOUSE)).toEqual({ kind: 'unavailable' });
    acts.complete = async () => IDENTITY;
    vi.setSystemTime(Date.now() + 10_000);
    await upstreams.arrive('esia', (await leave()).callback, OWNER);
    expect(stateOf('esia')).toBe('up');
  });

  test('again and again from one house makes it neither look away nor look well', async () => {
    const { upstreams, leave, stateOf } = scene();
    const left = [];
    for (let person = 0; person < 20; person++) left.push(await leave());
    vi.setSystemTime(Date.now() + 46_000);
    expect(stateOf('esia')).toBe('up');
    for (let house = 0; house < 9; house++) await leave(OWNER, 'esia', `192.0.2.${house + 2}`);
    vi.setSystemTime(Date.now() + 46_000);
    for (const { callback } of left) await upstreams.arrive('esia', callback, OWNER);
    expect(stateOf('esia')).toBe('degraded');
  });

  test('is barred by nothing that only browsers tell', async () => {
    const { acts, upstreams, leave, stateOf, told } = scene();
    acts.complete = () => Promise.reject(new UpstreamFault('ours', 'ESIA-007053', { isHearsay: true }));
    for (let forged = 0; forged < 7; forged++) {
      expect(await upstreams.arrive('esia', (await leave()).callback, OWNER)).toEqual({
        kind: 'unavailable',
      });
    }
    expect(stateOf('esia')).toBe('up');
    expect(told).toContain('esia failed: ESIA-007053');
  });
});

test('in trouble it is looked at every ten seconds, and its button recovers by itself', async () => {
  const { acts, upstreams, stateOf, told } = scene();
  acts.probe = () => Promise.reject(outage);
  const probe = vi.spyOn(acts, 'probe');
  upstreams.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(stateOf('esia')).toBe('degraded');
  expect(probe).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(probe).toHaveBeenCalledTimes(4);
  probe.mockImplementation(async () => {});
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stateOf('esia')).toBe('up');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(probe).toHaveBeenCalledTimes(6);
  upstreams.close();
  expect(vi.getTimerCount()).toBe(0);
  expect(told.filter((line) => line.startsWith('esia is'))).toEqual(['esia is degraded', 'esia is up']);
});

test('no. 21: signing out there comes back to our own start page, and is offered only where it is known', () => {
  const { upstreams } = scene();
  expect(upstreams.signOutUrl('esia')?.href).toBe(
    'https://issuer.example.test/logout?to=https://id.example.test/',
  );
  expect(upstreams.signOutUrl('oidc')).toBeUndefined();
});
