import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../../adapters/client-store/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresDeletions } from '../../adapters/deletions/postgres.ts';
import type {
  DeliveryAttempt,
  LogoutDeliveries,
  LogoutDelivery,
} from '../../adapters/logout-deliveries/logout-deliveries.ts';
import { postgresLogoutDeliveries } from '../../adapters/logout-deliveries/postgres.ts';
import type { Sweeper } from '../../adapters/storage/storage.ts';
import { engines } from './engines.ts';

describe.each(engines)('the log of back-channel logouts on %s', (_name, openDatabase) => {
  let database: Database;
  let deliveries: LogoutDeliveries & Sweeper;
  beforeAll(async () => {
    database = await openDatabase();
    deliveries = postgresLogoutDeliveries(database);
    const clients = postgresClients(database, aesGcm([{ id: 'k', key: randomBytes(32) }]));
    for (const client_id of ['quiz', 'guide', 'paged', 'old']) await clients.save({ client_id }, 'test');
  });
  afterAll(() => database.close());

  const open = (clientId: string, accountId = 'a') =>
    database.transaction((tx) => deliveries.open({ clientId, accountId, sid: `sid of ${accountId}` }, tx));
  const note = (id: string, attempt: DeliveryAttempt) =>
    database.transaction((tx) => deliveries.note(id, attempt, tx));
  const reopen = (id: string) => database.transaction((tx) => deliveries.reopen(id, tx));

  it('has an entry from the commit on, and none of what was rolled back', async () => {
    const id = await open('quiz');
    expect(await deliveries.find(id)).toMatchObject({ id, clientId: 'quiz', state: 'waiting', attempts: 0 });
    let lost = '';
    await expect(
      database.transaction(async (tx) => {
        lost = await deliveries.open({ clientId: 'quiz', accountId: 'a', sid: 's' }, tx);
        expect(await deliveries.find(lost, tx)).toMatchObject({ state: 'waiting' });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await deliveries.find(lost)).toBeUndefined();
    expect(await deliveries.find('nothing')).toBeUndefined();
  });

  it('counts attempts and keeps what came of the last', async () => {
    const id = await open('quiz');
    const nextTryAt = new Date(Date.UTC(2026, 10, 2, 10));
    await note(id, { state: 'waiting', reason: 'timeout', nextTryAt });
    const waiting = await deliveries.find(id);
    expect(waiting).toMatchObject({ state: 'waiting', attempts: 1, reason: 'timeout', nextTryAt });
    expect(waiting).not.toHaveProperty('status');
    await note(id, { state: 'delivered', status: 204 });
    const delivered = await deliveries.find(id);
    expect(delivered).toMatchObject({ state: 'delivered', attempts: 2, status: 204 });
    expect(delivered).not.toHaveProperty('reason');
    expect(delivered).not.toHaveProperty('nextTryAt');
  });

  it('is told once more by one of ten at a time, and not while it waits', async () => {
    const id = await open('guide', 'b');
    expect(await reopen(id)).toBeUndefined();
    await note(id, { state: 'given_up', status: 503 });
    const before = (await deliveries.find(id))?.begunAt;
    const all = await Promise.all(Array.from({ length: 10 }, () => reopen(id)));
    expect(all.filter(Boolean)).toEqual([{ clientId: 'guide', accountId: 'b', sid: 'sid of b' }]);
    const again = await deliveries.find(id);
    expect(again).toMatchObject({ state: 'waiting', attempts: 0 });
    expect(again?.begunAt.getTime()).toBeGreaterThan(before?.getTime() ?? Number.POSITIVE_INFINITY);
    expect(await reopen('nothing')).toBeUndefined();
  });

  it('keeps the entry of an account that is gone, and signs nobody out for it', async () => {
    await database.query("insert into account (id) values ('gone')");
    const id = await open('guide', 'gone');
    await note(id, { state: 'given_up' });
    const deletions = postgresDeletions(database);
    await database.transaction((tx) => deletions.request('gone', -1, tx));
    await database.transaction((tx) => deletions.close('gone', tx));
    await database.transaction((tx) => deletions.erase('gone', 3, tx));
    expect(await deliveries.find(id)).toMatchObject({ state: 'given_up' });
    expect(await reopen(id)).toBeUndefined();
  });

  it('lists the latest first, page by page, of one relying party or of all', async () => {
    const ids: string[] = [];
    for (let number = 0; number < 5; number += 1) ids.unshift(await open('paged'));
    for (const [index, id] of ids.entries()) {
      // The second and the third, on two pages, are of the same moment: neither is left out nor told twice.
      const seconds = index === 2 ? 1 : index;
      await database.query(
        `update logout_delivery set created_at = '2100-01-01 00:00:00.123456Z'::timestamptz - make_interval(secs => $2)
          where id = $1`,
        [id, seconds],
      );
    }
    const seen: string[] = [];
    for (let page: readonly LogoutDelivery[] = []; ; ) {
      const after = page.at(-1)?.id;
      page = await deliveries.list({ clientId: 'paged', limit: 2, ...(after !== undefined && { after }) });
      seen.push(...page.map(({ id }) => id));
      if (page.length < 2) break;
    }
    expect([seen[0], ...seen.slice(1, 3).toSorted(), ...seen.slice(3)]).toEqual([
      ...[ids[0], ...ids.slice(1, 3).toSorted(), ...ids.slice(3)],
    ]);
    expect(new Set((await deliveries.list({ limit: 100 })).map(({ clientId }) => clientId))).toEqual(
      new Set(['quiz', 'guide', 'paged']),
    );
  });

  it('is swept after 30 days, and goes with its relying party', async () => {
    const [kept, swept] = [await open('old'), await open('old')];
    const age = (id: string, days: number) =>
      database.query(
        'update logout_delivery set created_at = now() - make_interval(days => $2) where id = $1',
        [...[id, days]],
      );
    await age(kept, 29);
    await age(swept, 31);
    expect(await deliveries.sweep()).toBe(1);
    expect(await deliveries.find(swept)).toBeUndefined();
    expect(await deliveries.find(kept)).toBeDefined();
    await database.query("delete from client where client_id = 'old'");
    expect(await deliveries.find(kept)).toBeUndefined();
  });
});
