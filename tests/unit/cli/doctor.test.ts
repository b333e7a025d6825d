import { expect, test } from 'vitest';
import type { RedisConnection } from '../../../adapters/redis/redis.ts';
import {
  type Registry,
  type RegistryOrganisation,
  RegistryUnavailable,
} from '../../../adapters/registry/registry.ts';
import type { SigningKey, SigningKeys } from '../../../adapters/signing-keys/signing-keys.ts';
import { checkClock } from '../../../provider/cli/checks/check-clock.ts';
import { checkKeys } from '../../../provider/cli/checks/check-keys.ts';
import { checkRedis } from '../../../provider/cli/checks/check-redis.ts';
import { checkRegister } from '../../../provider/cli/checks/check-register.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const clock = { now: () => NOW };
const at = (milliseconds: number) => ({
  name: 'the store',
  read: async () => new Date(NOW.getTime() + milliseconds),
});

test.each([
  [0, 'ok', 'the store agrees with this machine'],
  [2_000, 'ok', 'the store agrees with this machine'],
  [2_001, 'wrong', 'the store is 2.0 s ahead'],
  [-90_000, 'wrong', 'the store is 90.0 s behind'],
])('a clock %i ms apart', async (skew, state, text) => {
  expect(await checkClock(clock, [at(skew)])).toEqual([expect.objectContaining({ state, text })]);
});

test('a slow answer is not a wrong clock', async () => {
  const times = [NOW, new Date(NOW.getTime() + 10_000)];
  const slow = { now: () => times.shift() ?? NOW };
  expect(await checkClock(slow, [at(5_000)])).toEqual([expect.objectContaining({ state: 'ok' })]);
});

const redisSaying = (info: Record<string, string>) =>
  ({
    ping: async () => {},
    client: {
      info: async () =>
        `# Memory\r\n${Object.entries(info)
          .map((pair) => pair.join(':'))
          .join('\r\n')}\r\n`,
    },
  }) as unknown as RedisConnection;

test.each([
  ['noeviction', '1', true, ['ok', 'ok', 'ok']],
  ['noeviction', '0', true, ['ok', 'ok', 'wrong']],
  ['noeviction', '0', false, ['ok', 'ok']],
  ['allkeys-lru', '1', true, ['ok', 'wrong', 'ok']],
  ['volatile-ttl', '0', false, ['ok', 'wrong']],
])('Redis with %s and AOF %s, sessions there: %s', async (policy, aof, keepsSessions, states) => {
  const redis = redisSaying({ maxmemory_policy: policy, aof_enabled: aof });
  const { found } = await checkRedis(redis, keepsSessions);
  expect(found.map(({ state }) => state)).toEqual(states);
});

const key = (alg: SigningKey['alg'], state: SigningKey['state'], days: number): SigningKey => ({
  kid: `${alg}-${state}`,
  alg,
  state,
  stateSince: new Date(NOW.getTime() - days * 24 * 3_600_000),
  jwk: { kty: 'EC', kid: `${alg}-${state}` },
});
const keysOf = (...listed: SigningKey[]) => ({ list: async () => listed }) as unknown as SigningKeys;

test('keys: there, missing, old', async () => {
  const found = await checkKeys(
    keysOf(key('ES256', 'current', 181), key('ES256', 'next', 9), key('RS256', 'current', 1)),
    NOW,
  );
  expect(found.map(({ state, text }) => [state, text])).toEqual([
    ['warning', 'ES256: the current key has signed for 181 days'],
    ['wrong', 'RS256: no next key'],
  ]);
  expect(await checkKeys(keysOf(), NOW)).toEqual([expect.objectContaining({ state: 'warning' })]);
});

const school: RegistryOrganisation = {
  ...{ id: 'P-01', name: 'Школа', shortName: 'Школа', region: 'R-01', admits: true, units: [] },
};
const away = new RegistryUnavailable('the register does not answer', {
  cause: new Error('connect ECONNREFUSED'),
});

test.each<[string, Registry['searchOrganisations'], string, RegExp]>([
  ['that answers', async () => [school], 'ok', /finds organisations/],
  ['that is empty', async () => [], 'warning', /finds no school/],
  ['that is away', () => Promise.reject(away), 'wrong', /ECONNREFUSED/],
])('a register %s', async (_which, searchOrganisations, state, text) => {
  expect(await checkRegister({ searchOrganisations })).toEqual([
    expect.objectContaining({ state, text: expect.stringMatching(text) }),
  ]);
});
