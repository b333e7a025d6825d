import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApplicationStore,
  ApplicationUnderWay,
} from '../../adapters/application-store/application-store.ts';
import { postgresApplications } from '../../adapters/application-store/postgres.ts';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { RegistryApplication } from '../../adapters/registry/registry.ts';
import { engines } from './engines.ts';
import { applicationOf } from './registry/registry-contract.ts';

describe.each(engines)('applications on %s', (_, open) => {
  let database: Database;
  let store: ApplicationStore;
  beforeAll(async () => {
    database = await open();
    store = postgresApplications(database, aesGcm([{ id: 'k', key: randomBytes(32) }]));
  });
  afterAll(() => database.close());

  const account = async (): Promise<string> => {
    const id = randomUUID();
    await database.query('insert into account (id) values ($1)', [id]);
    return id;
  };
  const sign = (accountId: string, application: RegistryApplication) =>
    database.transaction((tx) => store.create(accountId, application, 'МБОУ СОШ № 15', tx));
  const advance = (id: string, state: 'received' | 'accepted' | 'returned' | 'rejected', reason?: string) =>
    database.transaction((tx) => store.advance(id, state, reason, tx));

  it('keeps what the register is to be told, word for word, until it has been told', async () => {
    const [owner, application] = [await account(), applicationOf({ unit: 'Начальная школа' })];
    await sign(owner, application);
    expect(await store.undelivered(application.id)).toEqual(application);
    expect(await store.of(owner)).toMatchObject([
      { id: application.id, state: 'signed', organisation: 'МБОУ СОШ № 15' },
    ]);
    await store.markDelivered(application.id);
    expect(await store.undelivered(application.id)).toBeUndefined();
    expect(await store.of(owner)).toMatchObject([{ state: 'delivered' }]);
  });

  it('has nothing personal in clear while it waits, and nothing at all afterwards', async () => {
    const application = applicationOf({ family: 'Приметная' });
    await sign(await account(), application);
    const row = async () =>
      JSON.stringify(await database.query('select * from application where id = $1', [application.id]));
    expect(await row()).not.toMatch(/Приметная|vetrova|\+7900|1990-05-17/);
    expect(await row()).toContain('"sealed":"k.');
    await store.markDelivered(application.id);
    expect(await row()).toContain('"sealed":null');
  });

  it('one account has one under way, even of ten at once; and another after the decision', async () => {
    const owner = await account();
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => sign(owner, applicationOf())));
    const refused = tries.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(9);
    for (const reason of refused) expect(reason).toBeInstanceOf(ApplicationUnderWay);
    const [first] = await store.of(owner);
    await advance(first?.id ?? '', 'returned', 'Исправьте телефон');
    await sign(owner, applicationOf());
    expect((await store.of(owner)).map(({ state }) => state).sort()).toEqual(['returned', 'signed']);
  });

  it('is not there when its transaction was not committed', async () => {
    const [owner, application] = [await account(), applicationOf()];
    await expect(
      database.transaction(async (tx) => {
        await store.create(owner, application, 'Школа', tx);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await store.of(owner)).toEqual([]);
  });

  it.each([
    [
      ['received', 'accepted'],
      ['received', 'accepted'],
    ],
    [['accepted', 'received'], ['accepted']],
    [
      ['received', 'received', 'returned', 'returned'],
      ['received', 'returned'],
    ],
    [['rejected', 'accepted'], ['rejected']],
  ] as const)('told %j it goes through %j', async (told, through) => {
    const application = applicationOf();
    await sign(await account(), application);
    const gone: string[] = [];
    for (const state of told) {
      const moved = await advance(application.id, state, 'причина');
      if (moved) gone.push(moved.state);
    }
    expect(gone).toEqual(through);
  });

  it('the register may tell of it before we have noted its delivery', async () => {
    const [owner, application] = [await account(), applicationOf()];
    await sign(owner, application);
    await advance(application.id, 'received');
    await store.markDelivered(application.id);
    expect(await store.of(owner)).toMatchObject([{ state: 'received' }]);
    expect(await store.undelivered(application.id)).toBeUndefined();
  });

  it('knows nothing of applications of others', async () => {
    expect(await advance(randomUUID(), 'accepted')).toBeUndefined();
  });

  it('finds those whose job was lost, the eldest first', async () => {
    const ages = [30, 90, 60];
    const ids = [];
    for (const minutes of ages) {
      const signedAt = new Date(Date.now() - minutes * 60_000).toISOString();
      const application = applicationOf({ signedAt });
      await sign(await account(), application);
      ids.push(application.id);
    }
    const [of30, of90, of60] = ids;
    expect(await store.forgotten(45 * 60)).toEqual([of90, of60]);
    expect((await store.forgotten(0)).slice(0, 3)).toEqual([of90, of60, of30]);
  });
});
