import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { openRedis, type RedisConnection, type RedisTopology } from '../../../adapters/redis/redis.ts';
import { redisStorage } from '../../../adapters/storage/redis.ts';
import { GrantRevoked } from '../../../adapters/storage/storage.ts';
import { given } from '../../support/services/given.ts';
import { type Opened, storageContract } from './storage-contract.ts';

const single = (): RedisTopology => ({ kind: 'single', url: given('redis') });
const cluster = (): RedisTopology => ({ kind: 'cluster', nodes: given('cluster') });
const sentinel = (): RedisTopology => ({ kind: 'sentinel', ...given('sentinel') });

/** Patient, as the machine may be busy: time-outs have tests of their own. */
const open = (topology: RedisTopology): RedisConnection => openRedis({ ...topology, commandTimeout: 5_000 });

async function opened(topology: RedisTopology): Promise<Opened> {
  const connection = open(topology);
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  return {
    storage: redisStorage(connection.client, { namespace }),
    dump: () => dump(connection, namespace),
    close: () => connection.close(),
  };
}

async function dump({ client }: RedisConnection, namespace: string): Promise<string> {
  const texts: string[] = [];
  for (const node of client instanceof Cluster ? client.nodes('master') : [client]) {
    for await (const keys of node.scanStream({ match: `${namespace}:*` })) {
      for (const key of keys as string[]) {
        const isSet = (await node.type(key)) === 'zset';
        texts.push(key, ...(isSet ? await node.zrange(key, '0', '-1') : [(await node.get(key)) ?? '']));
      }
    }
  }
  return texts.join('\n');
}

storageContract('Redis', () => opened(single()));
storageContract('a Redis Cluster', () => opened(cluster()));
storageContract('Redis behind Sentinels', () => opened(sentinel()));

describe('a grant in Redis', () => {
  const namespace = `test-${randomBytes(6).toString('hex')}`;

  it('lists no member that has expired, and ends with its longest', async () => {
    const { client, close } = open(single());
    const storage = redisStorage(client, { namespace });
    for (let index = 0; index < 3; index++) {
      await storage('AccessToken').upsert(`short ${index}`, { grantId: 'g' }, 1);
    }
    await sleep(1_100);
    await storage('RefreshToken').upsert('long', { grantId: 'g' }, 100);
    await storage('AccessToken').upsert('shorter', { grantId: 'g' }, 50);
    const [grant] = await client.keys(`${namespace}:grant:*`);
    expect(await client.zcard(grant!)).toBe(2);
    expect(await client.ttl(grant!)).toBeGreaterThan(90);
    await storage('AccessToken').revokeByGrantId('g');
    expect(await client.zrange(grant!, '0', '-1')).toEqual(['revoked']);
    expect(await client.ttl(grant!)).toBeGreaterThan(29 * 24 * 3_600);
    await close();
  });

  it('whose revocation was cut short is revoked wholly by the next try', async () => {
    const { client, close } = open(single());
    const storage = redisStorage(client, { namespace });
    const dying = openRedis({ ...single(), commandTimeout: 5_000 });
    dying.client.del = () => Promise.reject(new Error('killed'));
    await storage('RefreshToken').upsert('token', { grantId: 'h' }, 100);
    const revoking = redisStorage(dying.client, { namespace })('RefreshToken').revokeByGrantId('h');
    await expect(revoking).rejects.toThrow('killed');
    await expect(storage('RefreshToken').upsert('later', { grantId: 'h' }, 100)).rejects.toBeInstanceOf(
      GrantRevoked,
    );
    await storage('RefreshToken').revokeByGrantId('h');
    expect(await storage('RefreshToken').find('token')).toBeUndefined();
    await Promise.all([close(), dying.close()]);
  });

  it('of a Cluster refuses an artefact whose node is late', async () => {
    const [{ client, close }, late] = [open(cluster()), open(cluster())];
    const set = late.client.set.bind(late.client) as (...args: unknown[]) => Promise<'OK'>;
    late.client.set = ((...args: unknown[]) => sleep(40).then(() => set(...args))) as typeof late.client.set;
    const storage = redisStorage(client, { namespace });
    await client.ping();
    await late.client.ping();
    const writing = redisStorage(late.client, { namespace })('RefreshToken').upsert(
      'token',
      { grantId: 'i' },
      100,
    );
    const refused = expect(writing).rejects.toBeInstanceOf(GrantRevoked);
    await sleep(20);
    await storage('RefreshToken').revokeByGrantId('i');
    await refused;
    expect(await storage('RefreshToken').find('token')).toBeUndefined();
    await Promise.all([close(), late.close()]);
  });
});
