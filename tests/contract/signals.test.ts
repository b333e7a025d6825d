/** Who is told of what has happened to a person, and what becomes of a receiver that takes nothing. */
import { randomBytes, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../../adapters/client-store/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import { migrate } from '../../adapters/database/migrate.ts';
import { openPg } from '../../adapters/database/pg.ts';
import { postgresEventLog } from '../../adapters/event-stream-store/postgres-log.ts';
import { postgresEventStreams } from '../../adapters/event-stream-store/postgres-streams.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { OutwardFault } from '../../adapters/outward/outward.ts';
import type { NewLetter } from '../../provider/letters/post.ts';
import { pushEvents } from '../../provider/signals/push.ts';
import { EVENT_TYPES, type Signal, SUPPORTED_EVENTS } from '../../provider/signals/signal.ts';
import { type TellReceivers, tellReceivers } from '../../provider/signals/tell.ts';
import { createDatabase } from '../support/services/given.ts';

const DAY = 24 * 3_600_000;
/** What each of them knows of the person by her grant. */
const CLIENTS = {
  bonus: { scope: 'openid membership', claims_by_consent: { finfort_pd: ['ticket_number'] } },
  quiz: { scope: 'openid membership' },
  bulletin: { scope: 'openid' },
  school: { scope: 'openid edu_role', education: true, sector: 'epos' },
} as const;
type ClientId = keyof typeof CLIENTS;
const IDS = Object.keys(CLIENTS) as ClientId[];

describe('signals', () => {
  let database: Database;
  let streams: ReturnType<typeof postgresEventStreams>;
  let log: ReturnType<typeof postgresEventLog>;
  let tell: TellReceivers;
  const jobs: { name: string; clientId: string; afterSeconds?: number }[] = [];
  const queue = {
    add: async (name: string, data: object, _within: unknown, options: { afterSeconds?: number } = {}) => {
      jobs.push({ name, ...(data as { clientId: string }), ...options });
    },
  };
  beforeAll(async () => {
    database = openPg({ url: (await createDatabase()).url, poolSize: 4 });
    await migrate(database);
    const cipher = aesGcm([{ id: 'k', key: randomBytes(32) }]);
    const clients = postgresClients(database, cipher);
    streams = postgresEventStreams(database, cipher);
    log = postgresEventLog(database);
    for (const [client_id, metadata] of Object.entries(CLIENTS)) {
      await clients.save({ client_id, redirect_uris: [`https://${client_id}.test/cb`], ...metadata }, 'test');
      await begin(client_id as ClientId, { method: 'poll' });
    }
    const subjectOf = (sector: string, accountId: string) => `${accountId} at ${sector}`;
    tell = tellReceivers({ database, streams, log, jobs: queue, subjectOf });
  });
  afterAll(() => database.close());

  const begin = (
    clientId: ClientId,
    delivery: { method: 'poll' } | { method: 'push'; endpoint: string },
    events = SUPPORTED_EVENTS,
  ) => database.transaction((tx) => streams.save({ clientId, delivery, events }, tx));
  const newPerson = async (knownTo: readonly ClientId[] = IDS): Promise<string> => {
    const id = randomUUID();
    await database.query('insert into account (id) values ($1)', [id]);
    for (const clientId of knownTo) {
      await database.query(
        `insert into account_grant (id, account_id, client_id, scope, expires_at)
         values ($1, $2, $3, $4, now() + interval '1 hour')`,
        [randomUUID(), id, clientId, CLIENTS[clientId].scope],
      );
    }
    return id;
  };
  const heard = async (accountId: string) => {
    const all = await Promise.all(IDS.map((id) => log.list(id, { limit: 100 })));
    return all.flat().filter(({ subject }) => subject?.startsWith(accountId));
  };
  const hearers = async (accountId: string) =>
    (await heard(accountId)).map(({ clientId }) => clientId).toSorted();

  const at = new Date(Date.UTC(2026, 10, 1, 12));
  it.each<[what: string, Omit<Signal, 'accountId' | 'at'>, readonly ClientId[]]>([
    [
      'the consent to ФИНФОРТ: who lives on it',
      { name: 'consent-withdrawn', consent: 'finfort_pd' } as never,
      ['bonus'],
    ],
    [
      'the consent to the Union: all but the region',
      { name: 'consent-withdrawn', consent: 'union_pd' } as never,
      ['bonus', 'bulletin', 'quiz'],
    ],
    [
      'the consent to messages: nobody',
      { name: 'consent-withdrawn', consent: 'union_messages' } as never,
      [],
    ],
    [
      'a portal disconnected: that portal',
      { name: 'consent-withdrawn', consent: 'portal', clientId: 'quiz' } as never,
      ['quiz'],
    ],
    ['a membership: who may read it, never the region', { name: 'membership-ended' }, ['bonus', 'quiz']],
    ['an account disabled: all', { name: 'account-disabled' }, ['bonus', 'bulletin', 'quiz', 'school']],
    ['an account enabled: all', { name: 'account-enabled' }, ['bonus', 'bulletin', 'quiz', 'school']],
    ['an account purged: all', { name: 'account-purged' }, ['bonus', 'bulletin', 'quiz', 'school']],
    [
      'all sessions: all',
      { name: 'session-revoked', initiator: 'user' } as never,
      ['bonus', 'bulletin', 'quiz', 'school'],
    ],
  ])('%s', async (_what, signal, expected) => {
    const person = await newPerson();
    await newPerson();
    await tell({ ...signal, accountId: person, at } as Signal);
    await tell({ ...signal, accountId: person, at } as Signal);
    expect(await hearers(person)).toEqual(expected);
    const names = new Set((await heard(person)).map(({ type }) => type));
    expect([...names]).toEqual(expected.length === 0 ? [] : [EVENT_TYPES[signal.name]]);
  });

  it('of one session hears who had a part in it, each by its own names', async () => {
    const person = await newPerson();
    const sessions = new Map([
      ['quiz', 'sid of quiz'],
      ['bonus', undefined],
    ]);
    await tell({ name: 'session-revoked', initiator: 'admin', accountId: person, at, sessions });
    const told = (await heard(person)).toSorted((a, b) => a.clientId.localeCompare(b.clientId));
    expect(told).toMatchObject([
      { clientId: 'bonus', subject: `${person} at bonus.test` },
      { clientId: 'quiz', subject: `${person} at quiz.test`, session: 'sid of quiz' },
    ]);
    expect(told[0]).not.toHaveProperty('session');
    expect(told[0]?.detail).toEqual({ event_timestamp: at.getTime() / 1_000, initiating_entity: 'admin' });
  });

  it('is told to nobody who does not know the person, or did not ask for it', async () => {
    const person = await newPerson(['quiz', 'bulletin']);
    await begin('bulletin', { method: 'poll' }, [EVENT_TYPES['account-purged']]);
    await tell({ name: 'account-disabled', accountId: person, at });
    expect(await hearers(person)).toEqual(['quiz']);
    await begin('bulletin', { method: 'poll' });
  });

  it('is not told of what did not happen', async () => {
    const person = await newPerson();
    await expect(
      database.transaction(async (tx) => {
        await tell({ name: 'account-disabled', accountId: person, at }, tx);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await heard(person)).toEqual([]);
  });

  it('three days of failure pause a receiver; its owner has one letter, and the events wait', async () => {
    await begin('quiz', { method: 'push', endpoint: 'https://quiz.test/events' });
    jobs.length = 0;
    const person = await newPerson();
    await database.query("update stream_event set state = 'delivered' where client_id = 'quiz'");
    await tell({ name: 'account-disabled', accountId: person, at });
    expect(jobs).toEqual([{ name: 'event-stream', clientId: 'quiz' }]);

    const letters: NewLetter[] = [];
    let now = new Date();
    let isDown = true;
    const taken: string[] = [];
    let push = async (_clientId: string): Promise<void> => {};
    const worker = {
      work: async (_: string, handle: (data: { clientId: string }) => Promise<void>) => {
        push = (clientId) => handle({ clientId });
      },
    };
    await pushEvents(worker as Partial<JobWorker> as JobWorker, {
      ...{ database, streams, log, jobs: queue, clock: { now: () => now } },
      outward: async (url) => {
        if (isDown) throw new OutwardFault('timeout');
        taken.push(String(url));
        return { status: 202, headers: new Headers(), body: Buffer.alloc(0), url } as never;
      },
      writeToken: async () => 'token',
      integrations: {
        find: async () => ({ ownerId: 'owner', metadata: { client_name: 'Викторина' } }) as never,
      },
      post: { send: async (letter) => void letters.push(letter) },
      logger: pino({ level: 'silent' }),
    });
    const due = () => database.query("update stream_event set next_try_at = now() - interval '1 second'");
    for (const days of [0, 1, 2.9]) {
      now = new Date(Date.now() + days * DAY);
      jobs.length = 0;
      await due();
      await push('quiz');
      expect(await streams.find('quiz')).toMatchObject({ status: 'enabled', failingSince: expect.any(Date) });
      expect(jobs).toEqual([
        { name: 'event-stream', clientId: 'quiz', afterSeconds: expect.any(Number) as number },
      ]);
    }
    expect(letters).toEqual([]);
    now = new Date(Date.now() + 3.1 * DAY);
    jobs.length = 0;
    for (let time = 0; time < 2; time += 1) {
      await due();
      await push('quiz');
    }
    const stream = await streams.find('quiz');
    expect(stream).toMatchObject({ status: 'paused', reason: 'receiver_unreachable' });
    expect(jobs).toEqual([]);
    const since = stream?.failingSince;
    expect(letters).toEqual([
      { template: 'event-stream-paused', to: { accountId: 'owner' }, facts: { since, name: 'Викторина' } },
    ]);

    isDown = false;
    await database.transaction((tx) => streams.setStatus('quiz', 'enabled', undefined, tx));
    await due();
    await push('quiz');
    expect(taken).toEqual(['https://quiz.test/events']);
    expect((await heard(person)).find(({ clientId }) => clientId === 'quiz')).toMatchObject({
      ...{ state: 'delivered', attempts: 5 },
    });
  });
});
