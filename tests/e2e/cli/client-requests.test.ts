/** Requests of developers, decided at the command line. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../../../adapters/client-store/postgres.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { postgresIntegrations } from '../../../adapters/integration-store/postgres.ts';
import { postgresIntegrationRequests } from '../../../adapters/integration-store/postgres-requests.ts';
import { type Environment, unionId, withDatabase } from './union-id.ts';

let database: Database;
let environment: Environment;
beforeAll(async () => {
  ({ environment, database } = await withDatabase());
  await database.query("insert into account (id) values ('developer')");
});
afterAll(() => database.close());

async function ask(clientId: string): Promise<string> {
  const clients = postgresClients(database, aesGcm([{ id: 'k1', key: Buffer.alloc(32, 7) }]));
  const id = `request-${clientId}`;
  await database.transaction(async (tx) => {
    const metadata = { client_id: clientId, client_name: 'Викторина', scope: 'openid', stage: 'test' };
    await clients.save(metadata, 'developer', tx);
    const site = 'https://quiz.example.ru';
    await postgresIntegrations(database).add({ clientId, ownerId: 'developer', kind: 'web', site }, 20, tx);
    await postgresIntegrationRequests(database).add(
      {
        ...{ id, clientId, askedBy: 'developer', wanted: 'production', scopes: ['ticket'] },
        ...{ purpose: 'Скидки', contact: 'dev@example.test' },
      },
      tx,
    );
  });
  return id;
}

test('what is approved counts, once', async () => {
  const id = await ask('quiz');
  const listed = await unionId(environment, 'clients', 'requests');
  expect(listed.out).toContain(id);
  expect(listed.out).toContain('Скидки');
  expect(await unionId(environment, 'clients', 'approve', id)).toMatchObject({
    code: 0,
    out: 'quiz: approved\n',
  });
  const found = await postgresIntegrations(database).find('quiz');
  expect(found).toMatchObject({
    stage: 'production',
    metadata: { scope: 'openid ticket', stage: 'production' },
  });
  expect((await unionId(environment, 'clients', 'list')).out).toMatch(/quiz .*active +production/);
  expect(await unionId(environment, 'clients', 'approve', id)).toMatchObject({ code: 1 });
  const trail = await database.query("select actor from audit where event = 'integration_approved'");
  expect(trail).toEqual([{ actor: 'operator' }]);
});

test('a refusal needs its reason, and changes nothing', async () => {
  const id = await ask('other');
  expect(await unionId(environment, 'clients', 'refuse', id)).toMatchObject({ code: 2 });
  expect(await unionId(environment, 'clients', 'refuse', id, '--reason', 'Не сказано, зачем')).toMatchObject({
    code: 0,
  });
  expect(await postgresIntegrations(database).find('other')).toMatchObject({ stage: 'test' });
  expect((await postgresIntegrationRequests(database).find(id))?.decided?.note).toBe('Не сказано, зачем');
});
