/** What an operator sees of back-channel logouts, and how one is told again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { postgresLogoutDeliveries } from '../../../adapters/logout-deliveries/postgres.ts';
import { testStores } from '../../support/stores.ts';
import { configured, type Environment, unionId } from './union-id.ts';

let environment: Environment;
let database: Database;
beforeAll(async () => {
  const stores = await testStores();
  environment = configured(stores);
  expect((await unionId(environment, 'migrate')).code).toBe(0);
  database = openPg({ url: stores.DATABASE_URL, poolSize: 2 });
});
afterAll(() => database.close());

const run = (...args: string[]) => unionId(environment, 'deliveries', ...args);

test('deliveries: listed, told again once, an unknown one is named', { timeout: 120_000 }, async () => {
  const deliveries = postgresLogoutDeliveries(database);
  const open = (clientId: string) =>
    database.transaction(async (tx) => {
      await tx.query("insert into client (client_id, metadata, registered_by) values ($1, '{}', 'test')", [
        clientId,
      ]);
      return deliveries.open({ clientId, accountId: 'somebody', sid: 'her session' }, tx);
    });
  const [quiz, guide] = [await open('quiz'), await open('guide')];
  await database.transaction((tx) => deliveries.note(quiz, { state: 'given_up', status: 503 }, tx));

  const list = await run('list');
  expect(list.code).toBe(0);
  expect(list.out).toMatch(new RegExp(`${quiz} +quiz .*given_up +1 +503`));
  expect(list.out).toMatch(new RegExp(`${guide} +guide .*waiting +0`));
  expect(list.out).not.toMatch(/somebody|her session/);
  expect((await run('list', '--client', 'guide')).out).not.toContain(quiz);

  expect(await run('replay', quiz)).toMatchObject({ code: 0, out: expect.stringContaining('waiting again') });
  expect(await run('replay', quiz)).toMatchObject({
    code: 1,
    err: expect.stringContaining('is waiting already'),
  });
  expect(await run('replay', 'nothing')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no delivery'),
  });
  const jobs = await database.query<{ data: { deliveryId: string } }>(
    "select data from pgboss.job where name = 'backchannel-logout'",
  );
  expect(jobs.map(({ data }) => data.deliveryId)).toEqual([quiz]);
  const audit = await database.query("select client_id, actor from audit where event = 'logout_replay'");
  expect(audit).toEqual([{ client_id: 'quiz', actor: 'operator' }]);
});
