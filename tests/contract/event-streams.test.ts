import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../../adapters/client-store/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import type {
  EventLog,
  EventStreams,
  StreamFact,
  StreamSettings,
} from '../../adapters/event-stream-store/event-stream-store.ts';
import { postgresEventLog } from '../../adapters/event-stream-store/postgres-log.ts';
import { postgresEventStreams } from '../../adapters/event-stream-store/postgres-streams.ts';
import type { Sweeper } from '../../adapters/storage/storage.ts';
import { engines } from './engines.ts';

const SECRET = 'Bearer of the receiver';
const HOUR_AGO = Date.now() - 3_600_000;
const at = (minute: number) => new Date(HOUR_AGO + minute * 60_000);

describe.each(engines)('streams of events on %s', (_name, openDatabase) => {
  let database: Database;
  let streams: EventStreams;
  let log: EventLog & Sweeper;
  let clients: ReturnType<typeof postgresClients>;
  beforeAll(async () => {
    database = await openDatabase();
    const cipher = aesGcm([{ id: 'k', key: randomBytes(32) }]);
    clients = postgresClients(database, cipher);
    streams = postgresEventStreams(database, cipher);
    log = postgresEventLog(database);
  });
  afterAll(() => database.close());

  const save = (settings: StreamSettings) => database.transaction((tx) => streams.save(settings, tx));
  /** With a stream that is polled for `one` and `two`. */
  const newReceiver = async (): Promise<string> => {
    const clientId = randomUUID();
    await clients.save({ client_id: clientId }, 'test');
    await save({ clientId, delivery: { method: 'poll' }, events: ['one', 'two'] });
    return clientId;
  };
  const setStatus = (clientId: string, status: 'enabled' | 'paused' | 'disabled', reason?: string) =>
    database.transaction((tx) => streams.setStatus(clientId, status, reason, tx));
  const append = (clientId: string, fact: Partial<StreamFact> = {}) =>
    database.transaction((tx) =>
      log.append({ clientId, type: 'one', subject: 's', detail: { a: 1 }, at: at(1), ...fact }, tx),
    );
  const waiting = async (clientId: string) =>
    (await log.waiting(clientId, 100)).map(({ subject }) => subject);

  describe('a stream', () => {
    it('is one, changes, and its secret is not to be read in the table', async () => {
      const clientId = await newReceiver();
      const first = await streams.find(clientId);
      expect(first).toMatchObject({
        delivery: { method: 'poll' },
        events: ['one', 'two'],
        status: 'enabled',
      });
      const delivery = { method: 'push', endpoint: 'https://a.test/events', authorization: SECRET } as const;
      await save({ clientId, delivery, events: ['two'] });
      expect(await streams.find(clientId)).toMatchObject({ id: first?.id, delivery, events: ['two'] });
      const [row] = await database.query('select e::text as row from event_stream e where client_id = $1', [
        clientId,
      ]);
      expect(JSON.stringify(row)).not.toContain(SECRET);
      await save({ clientId, delivery: { method: 'push', endpoint: delivery.endpoint }, events: ['two'] });
      expect((await streams.find(clientId))?.delivery).not.toHaveProperty('authorization');
    });

    it('says why it stands still, until it is enabled again', async () => {
      const clientId = await newReceiver();
      expect(await setStatus(clientId, 'paused', 'receiver_unreachable')).toBe(true);
      expect(await streams.find(clientId)).toMatchObject({
        status: 'paused',
        reason: 'receiver_unreachable',
      });
      await setStatus(clientId, 'enabled');
      expect(await streams.find(clientId)).not.toHaveProperty('reason');
      expect(await setStatus('nobody', 'paused')).toBe(false);
    });

    it('goes with its events when its client goes, and is removed once', async () => {
      const clientId = await newReceiver();
      const remove = () => database.transaction((tx) => streams.remove(clientId, tx));
      expect([await remove(), await remove()]).toEqual([true, false]);
      expect(await streams.find(clientId)).toBeUndefined();
      const other = await newReceiver();
      await append(other);
      await database.query('delete from client where client_id = $1', [other]);
      expect([await streams.find(other), await log.list(other, { limit: 10 })]).toEqual([undefined, []]);
    });
  });

  describe('the receivers of a person', () => {
    const grant = (accountId: string, clientId: string, scope: string, hours: number) =>
      database.query(
        `insert into account_grant (id, account_id, client_id, scope, expires_at)
         values ($1, $2, $3, $4, now() + make_interval(hours => $5))`,
        [randomUUID(), accountId, clientId, scope, hours],
      );
    const ids = async (accountId: string) =>
      (await database.transaction((tx) => streams.receiversOf(accountId, tx))).map(
        ({ metadata }) => metadata.client_id,
      );

    it('are those with a grant that lasts or a consent, with all that these allow', async () => {
      const account = randomUUID();
      await database.query('insert into account (id) values ($1)', [account]);
      const granted = await newReceiver();
      const consented = await newReceiver();
      const ended = await newReceiver();
      const stranger = randomUUID();
      await grant(account, granted, 'openid membership', 1);
      await grant(account, granted, 'openid offline_access', 2);
      await database.query('insert into client_consent (account_id, client_id, scope) values ($1, $2, $3)', [
        ...[account, consented, 'openid email'],
      ]);
      await grant(account, ended, 'openid', -1);
      expect((await ids(account)).toSorted()).toEqual([granted, consented].toSorted());
      expect(await ids(stranger)).toEqual([]);
      const receivers = await database.transaction((tx) => streams.receiversOf(account, tx));
      const scopes = receivers.find(({ metadata }) => metadata.client_id === granted)?.scopes;
      expect(new Set(scopes)).toEqual(new Set(['openid', 'membership', 'offline_access']));
    });

    it('are neither blocked clients nor disabled streams; one that is paused is', async () => {
      const account = randomUUID();
      await database.query('insert into account (id) values ($1)', [account]);
      const [blocked, disabled, paused] = [await newReceiver(), await newReceiver(), await newReceiver()];
      for (const clientId of [blocked, disabled, paused]) await grant(account, clientId, 'openid', 1);
      await clients.setBlocked(blocked, true);
      await setStatus(disabled, 'disabled');
      await setStatus(paused, 'paused');
      expect(await ids(account)).toEqual([paused]);
    });
  });

  it('a membership turns when it is another than was told of, by one of ten at a time', async () => {
    const turned = (isMember: boolean) =>
      database.transaction((tx) => streams.membershipTurned('M-1', isMember, tx));
    expect([await turned(true), await turned(true)]).toEqual([true, false]);
    const ended = await Promise.all(Array.from({ length: 10 }, () => turned(false)));
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await turned(true)).toBe(true);
  });

  describe('the log', () => {
    it('takes each fact once: of one session by its name, of a person by its moment', async () => {
      const clientId = await newReceiver();
      expect(await append(clientId)).toBe(true);
      expect(await append(clientId)).toBe(false);
      expect(await append(clientId, { at: at(2) })).toBe(true);
      expect(await append(clientId, { type: 'two' })).toBe(true);
      const session = { session: 'sid' };
      const appended = await Promise.all(
        Array.from({ length: 10 }, (_, minute) => append(clientId, { ...session, at: at(minute) })),
      );
      expect(appended.filter(Boolean)).toHaveLength(1);
      expect(await append(await newReceiver(), session)).toBe(true);
      await expect(
        database.transaction(async (tx) => {
          await log.append({ clientId, type: 'one', subject: 'rolled back', detail: {}, at: at(3) }, tx);
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await waiting(clientId)).toEqual(['s', 's', 's', 's']);
    });

    it('is claimed the oldest first, each by one, and again when its lease is over', async () => {
      const clientId = await newReceiver();
      for (const subject of ['a', 'b']) await append(clientId, { subject });
      const claimed = await Promise.all([1, 2, 3].map(() => log.claim(clientId, 30)));
      expect(claimed.map((event) => event?.subject).toSorted()).toEqual(['a', 'b', undefined]);
      await database.query("update stream_event set next_try_at = now() - interval '1 second'");
      expect((await log.claim(clientId, 30))?.subject).toBe('a');
    });

    it('gives nothing out while the stream stands still, and keeps it', async () => {
      const clientId = await newReceiver();
      await append(clientId);
      for (const status of ['paused', 'disabled'] as const) {
        await setStatus(clientId, status);
        expect([await log.claim(clientId, 30), await waiting(clientId)]).toEqual([undefined, []]);
      }
      await setStatus(clientId, 'enabled');
      expect(await waiting(clientId)).toEqual(['s']);
    });

    it('knows since when a receiver takes nothing, until it takes something', async () => {
      const clientId = await newReceiver();
      await append(clientId);
      const [event] = await log.waiting(clientId, 1);
      if (!event) throw new Error('nothing waits');
      const note = (state: 'waiting' | 'delivered', more = {}) =>
        database.transaction((tx) => log.note(event, { state, ...more }, tx));
      const since = await note('waiting', { reason: 'timeout', nextTryAt: at(59) });
      expect(since).toBeInstanceOf(Date);
      expect(await note('waiting', { status: 503, nextTryAt: at(59) })).toEqual(since);
      expect(await streams.find(clientId)).toMatchObject({ failingSince: since });
      expect(await note('delivered', { status: 202 })).toBeUndefined();
      expect(await streams.find(clientId)).not.toHaveProperty('failingSince');
      const [told] = await log.list(clientId, { limit: 1 });
      expect(told).toMatchObject({
        state: 'delivered',
        attempts: 3,
        status: 202,
        deliveredAt: expect.any(Date),
      });
    });

    it('is acknowledged by its own receiver alone, once', async () => {
      const [clientId, other] = [await newReceiver(), await newReceiver()];
      for (const subject of ['a', 'b', 'c']) await append(clientId, { subject });
      const ids = (await log.waiting(clientId, 100)).map(({ id }) => id);
      await log.acknowledge(other, ids, { state: 'delivered' });
      expect(await waiting(clientId)).toEqual(['a', 'b', 'c']);
      await log.acknowledge(clientId, [ids[0] ?? '', 'nothing'], { state: 'delivered' });
      await log.acknowledge(clientId, [ids[1] ?? ''], { state: 'refused', reason: 'other' });
      await log.acknowledge(clientId, ids.slice(0, 2), { state: 'refused', reason: 'other' });
      expect(await waiting(clientId)).toEqual(['c']);
      const told = await log.list(clientId, { limit: 10 });
      expect(told.map(({ state, attempts }) => [state, attempts])).toEqual([
        ['waiting', 0],
        ['refused', 1],
        ['delivered', 1],
      ]);
    });

    it('is listed the latest first from a place on, and told again from a moment on', async () => {
      const clientId = await newReceiver();
      for (const minute of [1, 2, 3]) await append(clientId, { subject: `s${minute}`, at: at(minute) });
      // Of the stream itself: a verification that came is worth nothing later.
      await database.transaction((tx) =>
        log.append({ clientId, type: 'verification', detail: {}, at: at(4) }, tx),
      );
      const [latest, third] = await log.list(clientId, { limit: 2 });
      expect([latest?.subject, third?.subject]).toEqual([undefined, 's3']);
      const rest = await log.list(clientId, { limit: 10, ...(third && { before: third.seq }) });
      expect(rest.map(({ subject }) => subject)).toEqual(['s2', 's1']);
      const ids = (await log.waiting(clientId, 100)).map(({ id }) => id);
      await log.acknowledge(clientId, ids, { state: 'delivered' });
      const moment = new Date((rest[0]?.at.getTime() ?? 0) - 1);
      expect(await database.transaction((tx) => log.reopen(clientId, moment, tx))).toBe(2);
      const again = await log.waiting(clientId, 100);
      expect(again.map(({ subject, attempts }) => [subject, attempts])).toEqual([
        ['s2', 0],
        ['s3', 0],
      ]);
      expect(again.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    });

    it('is swept after 30 days', async () => {
      const clientId = await newReceiver();
      const days = (count: number) => new Date(Date.now() - count * 24 * 3_600_000);
      await append(clientId, { subject: 'kept', at: days(29) });
      await append(clientId, { subject: 'swept', at: days(31) });
      expect(await log.sweep()).toBe(1);
      expect(await waiting(clientId)).toEqual(['kept']);
    });
  });
});
