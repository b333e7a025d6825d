/** What a Redis in trouble may cost: a quick refusal, and nothing once it is back (security.md d 7–9). */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openRedis, type RedisConnection } from '../../../adapters/redis/redis.ts';
import { redisStorage } from '../../../adapters/storage/redis.ts';
import { findBinaries } from '../../support/services/binaries.ts';
import { type FlakyWire, flakyWire } from '../../support/services/flaky-wire.ts';
import { freePort } from '../../support/services/free-port.ts';
import { given } from '../../support/services/given.ts';
import { MASTER_NAME, startSentinel } from '../../support/services/redis.ts';

const NAMESPACE = `trouble-${process.pid}`;
/** «Refused» at the latest, with room for a busy machine; «back» at the latest. */
const REFUSED = 1_000;
const BACK = 5_000;

const milliseconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Tries until it works. */
async function recovered(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch {
      await sleep(20);
    }
  }
}

describe('a Redis at the end of a bad wire', () => {
  let wire: FlakyWire;
  let connection: RedisConnection;
  beforeAll(async () => {
    wire = await flakyWire(given('redis'));
    const url = new URL(given('redis'));
    url.host = `127.0.0.1:${wire.port}`;
    connection = openRedis({ kind: 'single', url: url.href });
    await recovered(() => connection.ping());
  });
  afterEach(async () => {
    await wire.mend();
    await recovered(() => connection.ping());
  });
  afterAll(async () => {
    await connection.close();
    await wire.cut();
  });

  it('that is silent has its commands refused in time, however many, and is back at once', async () => {
    const sessions = redisStorage(connection.client, { namespace: NAMESPACE })('Session');
    await sessions.upsert('a', { uid: 'b' }, 100);
    wire.freeze();
    const refused = await milliseconds(async () => {
      const all = Array.from({ length: 200 }, () => sessions.find('a'));
      for (const each of await Promise.allSettled(all)) expect(each.status).toBe('rejected');
    });
    expect(refused).toBeLessThan(REFUSED);
    await sleep(1_500);
    expect(await milliseconds(() => expect(sessions.find('a')).rejects.toThrow())).toBeLessThan(REFUSED);
    await wire.mend();
    expect(await milliseconds(() => recovered(() => sessions.find('a')))).toBeLessThan(BACK);
    expect(await sessions.find('a')).toEqual({ uid: 'b', jti: 'a' });
  });

  it('that is gone is refused in time, and found again when it returns', async () => {
    const sessions = redisStorage(connection.client, { namespace: NAMESPACE })('Session');
    await sessions.upsert('c', {}, 100);
    await wire.cut();
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await milliseconds(() => expect(sessions.find('c')).rejects.toThrow())).toBeLessThan(REFUSED);
    }
    await wire.mend();
    expect(await milliseconds(() => recovered(() => sessions.find('c')))).toBeLessThan(BACK);
  });
});

it('lets a process start and stop while no Redis of any kind is there', async () => {
  const nowhere = `redis://127.0.0.1:${await freePort()}`;
  for (const topology of [
    { kind: 'single', url: nowhere },
    { kind: 'sentinel', master: `redis://${MASTER_NAME}`, sentinels: [nowhere] },
    { kind: 'cluster', nodes: [nowhere] },
  ] as const) {
    const heard: Error[] = [];
    const connection = openRedis({ ...topology, onError: (error) => heard.push(error) });
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await milliseconds(() => expect(connection.ping()).rejects.toThrow())).toBeLessThan(REFUSED);
    }
    expect(heard.length).toBeGreaterThan(0);
    expect(await milliseconds(() => connection.close())).toBeLessThan(REFUSED);
  }
});

it('follows the Sentinels to another master', async () => {
  const { redis } = await findBinaries({ redis: true });
  const { master, sentinels, stop } = await startSentinel(redis!);
  const connection = openRedis({ kind: 'sentinel', master, sentinels });
  const sessions = redisStorage(connection.client, { namespace: NAMESPACE })('Session');
  const sentinel = new Redis(sentinels[0]!);
  await recovered(() => sessions.upsert('d', { accountId: 'person' }, 100));
  const addressOf = () => sentinel.call('sentinel', 'get-master-addr-by-name', MASTER_NAME);
  const before = await addressOf();

  await recovered(() => sentinel.call('sentinel', 'failover', MASTER_NAME));
  while (JSON.stringify(await addressOf()) === JSON.stringify(before)) await sleep(50);
  const back = await milliseconds(() => recovered(() => sessions.upsert('e', {}, 100)));
  expect(back).toBeLessThan(BACK);
  expect(await sessions.find('d')).toEqual({ accountId: 'person', jti: 'd' });

  sentinel.disconnect();
  await connection.close();
  await stop();
}, 30_000);
