import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConsentEvents } from '../../adapters/consent-events/consent-events.ts';
import { postgresConsentEvents } from '../../adapters/consent-events/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { Channel } from '../../adapters/document-store/document-store.ts';
import type { MessageChannels } from '../../adapters/message-channels/message-channels.ts';
import { postgresMessageChannels } from '../../adapters/message-channels/postgres.ts';
import type { NewsIssue, NewsStore } from '../../adapters/news-store/news-store.ts';
import { postgresNews } from '../../adapters/news-store/postgres.ts';
import { engines } from './engines.ts';

const at = (day: number) => new Date(Date.UTC(2026, 9, day));

describe.each(engines)('consents and what follows, on %s', (_name, openDatabase) => {
  let database: Database;
  let events: ConsentEvents;
  let channels: MessageChannels;
  let news: NewsStore;
  beforeAll(async () => {
    database = await openDatabase();
    events = postgresConsentEvents(database);
    channels = postgresMessageChannels(database);
    news = postgresNews(database);
  });
  afterAll(() => database.close());

  const newAccount = async (phone: string | null = null, memberId: string | null = null) => {
    const id = randomUUID();
    await database.query('insert into account (id, phone, member_id) values ($1, $2, $3)', [
      id,
      phone,
      memberId,
    ]);
    return id;
  };

  describe('the outbox of consent events', () => {
    const append = (subject: string, type: 'granted' | 'withdrawn', day: number, version?: string) =>
      database.transaction((tx) =>
        events.append('r', { subject, type, at: at(day), ...(version !== undefined && { version }) }, tx),
      );

    it('says what has changed, in order, and nothing that is known', async () => {
      expect(await append('s1', 'withdrawn', 1)).toBe(false);
      expect(await append('s1', 'granted', 2, '1')).toBe(true);
      expect(await append('s1', 'granted', 3, '1')).toBe(false);
      expect(await append('s1', 'granted', 4, '2')).toBe(true);
      expect(await append('s1', 'withdrawn', 5)).toBe(true);
      expect(await append('s1', 'withdrawn', 6)).toBe(false);
      // A tick on paper that is older than what the person has done since.
      expect(await append('s1', 'granted', 4)).toBe(false);
      const waiting = await events.undelivered('r', [], 10);
      expect(waiting.map(({ type, version }) => [type, version])).toEqual([
        ['granted', '1'],
        ['granted', '2'],
        ['withdrawn', undefined],
      ]);
      expect(await events.undelivered('r', ['s1'], 10)).toEqual([]);
      expect(await events.undelivered('somebody else', [], 10)).toEqual([]);
      for (const { id } of waiting) await events.markDelivered(id);
      expect(await events.undelivered('r', [], 10)).toEqual([]);
    });

    it('is written once by twenty at a time, and not at all when the transaction fails', async () => {
      await append('s2', 'granted', 1, '1');
      const said = await Promise.all(Array.from({ length: 20 }, () => append('s2', 'withdrawn', 2)));
      expect(said.filter(Boolean)).toHaveLength(1);
      await expect(
        database.transaction(async (tx) => {
          await events.append('r', { subject: 's3', type: 'granted', at: at(1) }, tx);
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      const subjects = (await events.undelivered('r', [], 10)).map(({ subject }) => subject);
      expect(subjects).toEqual(['s2', 's2']);
    });
  });

  describe('the channels of messages', () => {
    const open = (id: string, wanted: readonly Channel[], day: number) =>
      database.transaction((tx) =>
        channels.open(
          id,
          { channels: wanted, senders: ['union'], at: at(day), tokenOf: (channel) => `${id}:${channel}` },
          tx,
        ),
      );
    const closeByLink = (token: string) => database.transaction((tx) => channels.closeByToken(token, tx));
    const openOnes = async (id: string) =>
      (await channels.channelsOf(id)).filter(({ closed }) => !closed).map(({ channel }) => channel);

    it('are those of the latest consent', async () => {
      const id = await newAccount();
      await open(id, ['email', 'sms'], 1);
      expect(await openOnes(id)).toEqual(['email', 'sms']);
      await open(id, ['sms', 'push'], 2);
      expect(await openOnes(id)).toEqual(['push', 'sms']);
      expect((await channels.channelsOf(id)).find(({ channel }) => channel === 'email')?.closed).toEqual({
        at: at(2),
        by: 'new_consent',
      });
      await database.transaction((tx) => channels.closeAll(id, at(3), 'withdrawal', tx));
      expect(await openOnes(id)).toEqual([]);
    });

    it('are closed one by one by their link: once of twenty, with time and source, the others stay', async () => {
      const id = await newAccount();
      await open(id, ['email', 'sms'], 1);
      const closed = await Promise.all(Array.from({ length: 20 }, () => closeByLink(`${id}:email`)));
      expect(closed.filter(Boolean)).toEqual([{ accountId: id, channel: 'email' }]);
      expect(await openOnes(id)).toEqual(['sms']);
      const [email] = await channels.channelsOf(id);
      expect(email?.closed?.by).toBe('link');
      expect(await closeByLink('nobody’s')).toBeUndefined();
      // The same consent told again, as the register does, opens nothing that was closed since.
      await open(id, ['email', 'sms'], 1);
      expect(await openOnes(id)).toEqual(['sms']);
      // A new consent does, and the old link still works.
      await open(id, ['email', 'sms'], 400);
      expect(await openOnes(id)).toEqual(['email', 'sms']);
      expect(await closeByLink(`${id}:email`)).toBeDefined();
    });

    it('keep no token that could be used', async () => {
      const id = await newAccount();
      await open(id, ['email'], 1);
      const [row] = await database.query<{ token_hash: Buffer }>(
        'select token_hash from message_channel where account_id = $1',
        [id],
      );
      expect(Buffer.from(row?.token_hash ?? '')).toEqual(createHash('sha256').update(`${id}:email`).digest());
    });
  });

  describe('the list of news', () => {
    const issue = (id: string, from: NewsIssue['from'] = { sender: 'union' }): NewsIssue => ({
      id,
      channel: 'push',
      from,
      subject: 'Новости',
      body: 'Текст',
    });
    const agree = (id: string, senders: readonly ('union' | 'organisations')[] = ['union']) =>
      database.transaction((tx) =>
        channels.open(
          id,
          { channels: ['push'], senders, at: at(1), tokenOf: (channel) => `${id}:${channel}` },
          tx,
        ),
      );
    const listAll = async (of: NewsIssue) => {
      const added: number[] = [];
      for (let after: string | undefined; ; ) {
        const step = await news.list(of, after, 2);
        if (!step) return added.reduce((sum, one) => sum + one, 0);
        after = step.last;
        added.push(step.added);
      }
    };

    it('holds whoever has agreed, each once, however often it is written', async () => {
      await database.query('delete from message_channel');
      const people = await Promise.all(Array.from({ length: 5 }, () => newAccount('+79000000001')));
      const [first = '', second = '', third = ''] = people;
      for (const id of [first, second, third]) await agree(id);
      const all = issue('i1');
      await news.announce(all);
      await news.announce(all);
      expect(await news.audience(all)).toEqual({ agreed: 3, listed: 0 });
      expect(await listAll(all)).toBe(3);
      expect(await listAll(all)).toBe(0);
      expect(await news.audience(all)).toEqual({ agreed: 3, listed: 3 });

      await database.transaction((tx) => channels.closeByToken(`${second}:push`, tx));
      const seen: string[] = [];
      const work = () =>
        news.work(10, async ({ accountId, agreed, phone }) => {
          seen.push(`${accountId} ${agreed} ${phone}`);
          return agreed ? { state: 'handed_over' } : { state: 'skipped', reason: 'channel_closed' };
        });
      await Promise.all([work(), work()]);
      expect(seen.sort()).toEqual(
        [first, second, third].map((id) => `${id} ${id !== second} +79000000001`).sort(),
      );
      expect(await work()).toBe(0);
      expect(await listAll(all)).toBe(0);
      expect((await news.delivery('i1', second))?.agreed).toBe(false);
    });

    it('leaves a delivery waiting when the work on it fails', async () => {
      const id = await newAccount();
      await agree(id);
      const one = issue('i2');
      await news.announce(one);
      await listAll(one);
      await expect(
        news.work(10, async () => {
          throw new Error('down');
        }),
      ).rejects.toThrow('down');
      expect(await news.work(10, async () => ({ state: 'handed_over' }))).toBeGreaterThan(0);
    });

    it('of an organisation holds its own members, and those of the ones below it', async () => {
      await database.script(`
        insert into organisation (id, kind, parent_id, name, short_name, region) values
          ('T', 'territorial', null, 'T', 'T', 'R'), ('P', 'primary', 'T', 'P', 'P', 'R'), ('X', 'primary', null, 'X', 'X', 'R');
        insert into member (id, organisation_id, family_name, given_name, birthdate, membership) values
          ('m1', 'P', 'А', 'Б', '1990-01-01', 'member'), ('m2', 'X', 'А', 'Б', '1990-01-01', 'member');`);
      const mine = await newAccount(null, 'm1');
      const others = await newAccount(null, 'm2');
      await agree(mine, ['organisations']);
      await agree(others, ['organisations']);
      expect(await news.organisationExists('T')).toBe(true);
      expect(await news.organisationExists('no such')).toBe(false);
      const from = { sender: 'organisation', organisationId: 'T' } as const;
      expect(await news.audience(issue('i3', from))).toEqual({ agreed: 1, listed: 0 });
    });
  });
});
