import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../../adapters/client-store/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresDeletions } from '../../adapters/deletions/postgres.ts';
import { postgresIdempotencyKeys } from '../../adapters/idempotency-keys/postgres.ts';
import { postgresIntegrations, postgresTesters } from '../../adapters/integration-store/postgres.ts';
import { postgresIntegrationChanges } from '../../adapters/integration-store/postgres-changes.ts';
import { postgresIntegrationRequests } from '../../adapters/integration-store/postgres-requests.ts';
import { postgresIntegrationSecrets } from '../../adapters/integration-store/postgres-secrets.ts';
import { engines } from './engines.ts';

const cipher = aesGcm([{ id: 'k1', key: Buffer.alloc(32, 7) }]);
const SITE = 'https://portal.example.ru';

describe.each(engines)('integrations on %s', (_name, openDatabase) => {
  let database: Database;
  let serial = 0;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  const clients = () => postgresClients(database, cipher);
  const integrations = () => postgresIntegrations(database);
  const testers = () => postgresTesters(database);
  const secrets = () => postgresIntegrationSecrets(database, cipher);
  const requests = () => postgresIntegrationRequests(database);
  const changes = () => postgresIntegrationChanges(database);
  const keys = () => postgresIdempotencyKeys(database, cipher);

  const account = async () => {
    const id = `developer-${++serial}`;
    await database.query('insert into account (id) values ($1)', [id]);
    return id;
  };
  const add = (ownerId: string, clientId = `app-${++serial}`, atMost = 20) =>
    database.transaction(async (tx) => {
      await clients().save({ client_id: clientId, client_name: `Приложение ${clientId}` }, 'developer', tx);
      const isAdded = await integrations().add({ clientId, ownerId, kind: 'web', site: SITE }, atMost, tx);
      if (!isAdded) throw new Error('exhausted');
      return clientId;
    });
  const count = async (table: string, clientId: string) => {
    const rows = await database.query(`select 1 from ${table} where client_id = $1`, [clientId]);
    return rows.length;
  };

  it('are created in the stage «test», and found with what their client is', async () => {
    const ownerId = await account();
    const clientId = await add(ownerId);
    expect(await integrations().find(clientId)).toMatchObject({
      ...{ clientId, ownerId, kind: 'web', stage: 'test', site: SITE, version: 1 },
      metadata: { client_id: clientId, client_name: `Приложение ${clientId}` },
    });
    expect(await integrations().find('nobody')).toBeUndefined();
  });

  it('of ten that are created at once no more come to be than one may have', async () => {
    const ownerId = await account();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => add(ownerId, undefined, 3)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(await integrations().ofOwner(ownerId, { limit: 10 })).toHaveLength(3);
  });

  it('are listed page by page, each once', async () => {
    const ownerId = await account();
    const made = [await add(ownerId), await add(ownerId), await add(ownerId)];
    const first = await integrations().ofOwner(ownerId, { limit: 2 });
    const rest = await integrations().ofOwner(ownerId, { limit: 2, after: first[1]?.position ?? '' });
    expect([...first, ...rest].map(({ item }) => item.clientId)).toEqual(made);
  });

  it('are found by a part of the name, the site or the whole id, never by a pattern', async () => {
    const clientId = await add(await account());
    const found = async (text: string) =>
      (await integrations().search(text, { limit: 1_000 })).map(({ item }) => item.clientId);
    expect(await found(clientId.toUpperCase())).toContain(clientId);
    expect(await found(`ПРИЛОЖЕНИЕ ${clientId}`)).toEqual([clientId]);
    expect(await found('PORTAL.example')).toContain(clientId);
    expect(await found('%')).toEqual([]);
  });

  it('count their changes, and tell of a block with its reason', async () => {
    const clientId = await add(await account());
    await database.transaction(async (tx) => {
      await clients().setBlocked(clientId, true, tx);
      await integrations().change(clientId, { stage: 'production', blockReason: 'Жалобы' }, tx);
    });
    expect(await integrations().find(clientId)).toMatchObject({
      ...{ version: 2, stage: 'production', blocked: { reason: 'Жалобы' } },
    });
    await database.transaction(async (tx) => {
      await clients().setBlocked(clientId, false, tx);
      await integrations().change(clientId, { blockReason: null }, tx);
    });
    const again = await integrations().find(clientId);
    expect(again?.blocked).toBeUndefined();
    expect(again).toMatchObject({ version: 3, stage: 'production', site: SITE });
  });

  it('that somebody waited for are as the one before has left them, their client, too', async () => {
    const clientId = await add(await account());
    const [held, changing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = database.transaction(async (tx) => {
      await integrations().find(clientId, tx);
      held.resolve();
      await changing.promise;
      await clients().save({ client_id: clientId, client_name: 'Новое имя' }, 'developer', tx);
      await integrations().change(clientId, { stage: 'production' }, tx);
    });
    await held.promise;
    const second = database.transaction((tx) => integrations().find(clientId, tx));
    // Long enough for the other one to come to the lock; on one connection it has not even begun.
    await new Promise((resolve) => setTimeout(resolve, 100));
    changing.resolve();
    await first;
    expect(await second).toMatchObject({
      ...{ version: 2, stage: 'production', metadata: { client_name: 'Новое имя' } },
    });
  });

  it('let in their owner and whoever was named, and nobody else', async () => {
    const [ownerId, other] = [await account(), await account()];
    const clientId = await add(ownerId);
    const named = [{ key: 'tester@example.test', original: 'Tester@Example.test' }];
    await database.transaction((tx) => testers().replace(clientId, named, tx));
    expect(await testers().of(clientId)).toEqual(named);
    expect(await testers().admits(clientId, { accountId: ownerId })).toBe(true);
    expect(await testers().admits(clientId, { accountId: other, email: 'tester@example.test' })).toBe(true);
    expect(await testers().admits(clientId, { accountId: other, email: 'other@example.test' })).toBe(false);
    expect(await testers().admits(clientId, { accountId: other })).toBe(false);
    await database.transaction((tx) => testers().replace(clientId, [], tx));
    expect(await testers().admits(clientId, { accountId: other, email: 'tester@example.test' })).toBe(false);
  });

  describe('secrets', () => {
    const rotate = (clientId: string, hours: number) => {
      const id = `secret-${++serial}`;
      return database
        .transaction((tx) => secrets().add(clientId, { id, value: `value of ${id}` }, hours, tx))
        .then(() => id);
    };

    it('are two while one takes the place of the other, never three', async () => {
      const clientId = await add(await account());
      const [, second] = [await rotate(clientId, 0), await rotate(clientId, 24)];
      const third = await rotate(clientId, 24);
      const known = await secrets().of(clientId);
      expect(known.map(({ id }) => id)).toEqual([third, second]);
      expect(known[0]?.expiresAt).toBeUndefined();
      expect(known[1]?.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 23 * 3_600_000);
      const record = await clients().find(clientId);
      expect(record?.secrets.map(({ value }) => value)).toEqual([`value of ${third}`, `value of ${second}`]);
      expect(record?.metadata.client_secret).toBe(`value of ${third}`);
    });

    it('end at once without an overlap, and none lies in clear', async () => {
      const clientId = await add(await account());
      await rotate(clientId, 0);
      const second = await rotate(clientId, 0);
      expect((await secrets().of(clientId)).map(({ id }) => id)).toEqual([second]);
      const rows = await database.query('select sealed from integration_secret where client_id = $1', [
        clientId,
      ]);
      expect(JSON.stringify(rows)).not.toContain('value of');
    });

    it('count no more after their time, and are swept out', async () => {
      const clientId = await add(await account());
      const first = await rotate(clientId, 0);
      await rotate(clientId, 24);
      await database.query(
        "update integration_secret set expires_at = now() - interval '1 second' where id = $1",
        [first],
      );
      expect((await clients().find(clientId))?.secrets).toHaveLength(1);
      expect(await secrets().sweep()).toBeGreaterThanOrEqual(1);
      expect(await count('integration_secret', clientId)).toBe(1);
    });

    it('remember their last use, and are removed once', async () => {
      const clientId = await add(await account());
      const id = await rotate(clientId, 0);
      const at = new Date('2026-11-21T10:00:00.000Z');
      await secrets().noteUse(id, at);
      await secrets().noteUse(id, new Date('2026-11-21T09:00:00.000Z'));
      expect((await secrets().of(clientId))[0]?.lastUsedAt).toEqual(at);
      const remove = () => database.transaction((tx) => secrets().remove(clientId, id, tx));
      expect([await remove(), await remove()]).toEqual([true, false]);
    });
  });

  describe('requests', () => {
    const ask = (clientId: string, askedBy: string, id = `request-${++serial}`) =>
      database.transaction((tx) =>
        requests().add(
          {
            ...{ id, clientId, askedBy, wanted: 'scopes', scopes: ['ticket'] },
            ...{ purpose: 'Скидки', contact: 'dev@example.test' },
          },
          tx,
        ),
      );

    it('wait one at a time, also when asked at once', async () => {
      const ownerId = await account();
      const clientId = await add(ownerId);
      const asked = await Promise.all(Array.from({ length: 5 }, () => ask(clientId, ownerId)));
      expect(asked.filter(Boolean)).toHaveLength(1);
    });

    it('are decided once, and then another may be asked', async () => {
      const ownerId = await account();
      const clientId = await add(ownerId);
      const id = `request-${++serial}`;
      await ask(clientId, ownerId, id);
      const decide = (state: 'approved' | 'refused') =>
        database.transaction((tx) => requests().decide(id, { state, by: 'M-25', note: 'Так' }, tx));
      const decided = await Promise.all([decide('approved'), decide('refused'), decide('approved')]);
      expect(decided.filter(Boolean)).toHaveLength(1);
      expect((await requests().find(id))?.decided).toMatchObject({ by: 'M-25', note: 'Так' });
      expect(await ask(clientId, ownerId)).toBe(true);
      expect(await requests().of(clientId)).toHaveLength(2);
      const waiting = await requests().inState('pending', { limit: 1_000 });
      expect(waiting.map(({ item }) => item.clientId)).toContain(clientId);
    });
  });

  it('keep what was changed, the latest first, and longer than the integration', async () => {
    const clientId = await add(await account());
    await database.transaction(async (tx) => {
      await changes().append(clientId, { actor: 'a', what: 'created', after: { site: SITE } }, tx);
      await changes().append(clientId, { actor: 'operator', what: 'blocked' }, tx);
    });
    await clients().remove(clientId);
    expect(await integrations().find(clientId)).toBeUndefined();
    const [latest] = await changes().of(clientId, { limit: 1 });
    expect(latest?.item).toMatchObject({ actor: 'operator', what: 'blocked' });
    const [first] = await changes().of(clientId, { limit: 5, after: latest?.position ?? '' });
    expect(first?.item).toMatchObject({ what: 'created', after: { site: SITE } });
  });

  describe('keys of calls', () => {
    const call = async (more: object = {}) => ({
      ...{ accountId: await account(), key: 'a key of mine', digest: 'digest' },
      ...more,
    });

    it('of ten at once one is new, and the others are told its answer', async () => {
      const one = await call();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () =>
          database.transaction(async (tx) => {
            const claim = await keys().claim(one, tx);
            if (claim.kind !== 'new') return claim;
            await keys().settle(one, 'the answer', tx);
            return claim;
          }),
        ),
      );
      expect(answers.filter(({ kind }) => kind === 'new')).toHaveLength(1);
      expect(
        answers.filter((answer) => answer.kind === 'done' && answer.answer === 'the answer'),
      ).toHaveLength(9);
    });

    it('are free again when the call came to nothing, and never for another call', async () => {
      const one = await call();
      const failing = database.transaction(async (tx) => {
        await keys().claim(one, tx);
        throw new Error('refused');
      });
      await expect(failing).rejects.toThrow('refused');
      const claim = (of = one) => database.transaction((tx) => keys().claim(of, tx));
      expect(await claim()).toEqual({ kind: 'new' });
      expect(await claim({ ...one, digest: 'another' })).toEqual({ kind: 'other' });
    });

    it('are forgotten after a day, and the answer does not lie in clear', async () => {
      const one = await call();
      await database.transaction(async (tx) => {
        await keys().claim(one, tx);
        await keys().settle(one, 'a secret', tx);
      });
      const rows = await database.query('select answer from idempotency_key where account_id = $1', [
        one.accountId,
      ]);
      expect(JSON.stringify(rows)).not.toContain('a secret');
      await database.query("update idempotency_key set created_at = now() - interval '25 hours'");
      expect(await database.transaction((tx) => keys().claim(one, tx))).toEqual({ kind: 'new' });
      await database.query("update idempotency_key set created_at = now() - interval '25 hours'");
      expect(await keys().sweep()).toBeGreaterThanOrEqual(1);
    });
  });

  it('of an owner who leaves are blocked at once, and forget her afterwards', async () => {
    const ownerId = await account();
    const clientId = await add(ownerId);
    await database.transaction(async (tx) => {
      await testers().replace(clientId, [{ key: 'a@example.test', original: 'a@example.test' }], tx);
      await requests().add(
        {
          ...{ id: `request-${++serial}`, clientId, askedBy: ownerId, wanted: 'production', scopes: [] },
          ...{ purpose: 'Для всех', contact: '+7 900 000-00-00' },
        },
        tx,
      );
    });
    const deletions = postgresDeletions(database);
    await database.transaction((tx) => deletions.request(ownerId, 0, tx));
    await database.transaction((tx) => deletions.close(ownerId, tx));
    expect(await integrations().find(clientId)).toMatchObject({ blocked: { reason: 'owner_left' }, ownerId });
    await database.transaction((tx) => deletions.erase(ownerId, 3, tx));
    const left = await integrations().find(clientId);
    expect(left?.ownerId).toBeUndefined();
    expect(await testers().of(clientId)).toEqual([]);
    const [request] = await requests().of(clientId);
    expect(request).toMatchObject({ state: 'withdrawn', contact: '' });
    expect(request?.askedBy).toBeUndefined();
  });
});
