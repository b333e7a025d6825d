import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { postgresLimiters } from '../../../adapters/limiter/postgres.ts';
import { openEmbedded } from '../../support/services/embedded.ts';
import { freePort } from '../../support/services/free-port.ts';
import { createDatabase } from '../../support/services/given.ts';
import { insuranceContract, limiterContract } from './limiter-contract.ts';

async function onServer(): Promise<{ database: Database; close(): Promise<void> }> {
  const { url, drop } = await createDatabase();
  const database = openPg({ url, poolSize: 10, connectionTimeout: 10_000 });
  return { database, close: () => database.close().then(drop) };
}

limiterContract('PostgreSQL', async () => {
  const { database, close } = await onServer();
  return { limiters: postgresLimiters(database), close };
});

limiterContract('PGlite', async () => {
  const database = await openEmbedded();
  await migrate(database);
  return { limiters: postgresLimiters(database), close: () => database.close() };
});

insuranceContract('PostgreSQL', async () => {
  const database = openPg({ url: `postgres://127.0.0.1:${await freePort()}/nowhere`, poolSize: 1 });
  return { limiters: postgresLimiters(database), close: () => database.close() };
});

it('asks the database once per take', async () => {
  const { database, close } = await onServer();
  let statements = 0;
  const counted: Database = {
    ...database,
    query(...args) {
      statements += 1;
      return database.query(...args);
    },
  };
  const limiter = postgresLimiters(counted)('counted', { points: 2, seconds: 60 });
  for (let taken = 1; taken <= 4; taken++) {
    await limiter.take('a');
    expect(statements).toBe(taken);
  }
  await close();
});

it('sweeps out the counts whose window is over', async () => {
  const { database, close } = await onServer();
  const limiters = postgresLimiters(database);
  await limiters('short', { points: 1, seconds: 1 }).take('a');
  await limiters('long', { points: 1, seconds: 60 }).take('a');
  await sleep(1_100);
  expect(await limiters.sweep()).toBe(1);
  expect(await limiters.sweep()).toBe(0);
  expect(await limiters('long', { points: 1, seconds: 60 }).take('a')).toMatchObject({ allowed: false });
  await close();
});
