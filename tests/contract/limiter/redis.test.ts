import { randomBytes } from 'node:crypto';
import { redisLimiters } from '../../../adapters/limiter/redis.ts';
import { openRedis, type RedisOptions } from '../../../adapters/redis/redis.ts';
import { freePort } from '../../support/services/free-port.ts';
import { given } from '../../support/services/given.ts';
import { insuranceContract, limiterContract, type Opened } from './limiter-contract.ts';

async function opened(options: RedisOptions): Promise<Opened> {
  const { client, close } = openRedis(options);
  return { limiters: redisLimiters(client, { namespace: `test-${randomBytes(6).toString('hex')}` }), close };
}

/** Patient, as the machine may be busy. */
const commandTimeout = 5_000;

limiterContract('Redis', () => opened({ kind: 'single', url: given('redis'), commandTimeout }));
limiterContract('a Redis Cluster', () =>
  opened({ kind: 'cluster', nodes: given('cluster'), commandTimeout }),
);
limiterContract('Redis behind Sentinels', () =>
  opened({ kind: 'sentinel', ...given('sentinel'), commandTimeout }),
);
insuranceContract('Redis', async () =>
  opened({ kind: 'single', url: `redis://127.0.0.1:${await freePort()}` }),
);
