/** What the register tells happens here: once, as a whole, and whatever else is odd about it. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postgresAccounts } from '../../../adapters/account-store/postgres.ts';
import { postgresApplications } from '../../../adapters/application-store/postgres.ts';
import { postgresAuditLog } from '../../../adapters/audit-log/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { openPglite } from '../../../adapters/database/pglite.ts';
import { postgresDocuments } from '../../../adapters/document-store/postgres.ts';
import { postgresFeedPosition } from '../../../adapters/feed-position/postgres.ts';
import { postgresMirror } from '../../../adapters/registry/mirror.ts';
import {
  type Registry,
  type RegistryChange,
  type RegistryMember,
  RegistryUnavailable,
} from '../../../adapters/registry/registry.ts';
import { organisationWords } from '../../../provider/data-rules/organisation-words.ts';
import { createEvents } from '../../../provider/events.ts';
import type { Post } from '../../../provider/letters/post.ts';
import { createMetrics } from '../../../provider/metrics.ts';
import {
  type Following,
  type FollowNeeds,
  followChanges,
} from '../../../provider/register/follow-changes.ts';
import { createDatabase } from '../../support/services/given.ts';
import { applicationOf } from './registry-contract.ts';

const PAGE = 2;
const EVERY_SECONDS = 0.1;
const OLD = '9900000000000193';
const NEW = '9900000000000201';
const engines: [string, () => Promise<Database>][] = [
  ['PGlite', async () => openPglite()],
  ['PostgreSQL', async () => openPg({ url: (await createDatabase()).url, poolSize: 5 })],
];

const memberWith = (changes: Partial<RegistryMember> = {}): RegistryMember => ({
  id: 'M-19',
  family: 'Жуков',
  given: 'Яков',
  middle: 'Ильич',
  birthdate: '1972-07-27',
  membership: 'member',
  organisation: {
    id: 'P-03',
    name: 'Лицей № 1',
    shortName: 'Лицей № 1',
    region: 'Край',
    admits: true,
    units: [],
  },
  tickets: [{ number: OLD, state: 'issued' }],
  ...changes,
});
const replaced = memberWith({
  tickets: [
    { number: OLD, state: 'replaced' },
    { number: NEW, state: 'number_assigned' },
  ],
});

describe.each(engines)('changes of the register on %s', (_, open) => {
  let database: Database;
  let feed: RegistryChange[];
  let away: boolean;
  let needs: FollowNeeds;
  let following: Following[];
  beforeEach(async () => {
    database = await open();
    await migrate(database);
    await database.script(
      'create table letter_seen (number bigint generated always as identity, template text, account_id text, facts text)',
    );
    feed = [];
    away = false;
    following = [];
    const registry: Pick<Registry, 'changes'> = {
      async changes(cursor) {
        if (away) throw new RegistryUnavailable('away');
        const from = Number(cursor ?? 0);
        const changes = feed.slice(from, from + PAGE);
        return { changes, cursor: changes.length === 0 ? cursor : String(from + changes.length) };
      },
    };
    // Committed with the change or not at all, as the real one does it.
    const post: Post = {
      async send({ template, to, facts }, within = database) {
        const account = 'accountId' in to ? to.accountId : '';
        await within.query('insert into letter_seen (template, account_id, facts) values ($1, $2, $3)', [
          template,
          account,
          JSON.stringify(facts),
        ]);
      },
    };
    const log = pino({ level: 'silent' });
    needs = {
      database,
      registry,
      position: postgresFeedPosition(database, 'test'),
      accounts: postgresAccounts(database),
      applications: postgresApplications(database, aesGcm([{ id: 'k', key: randomBytes(32) }])),
      documents: postgresDocuments(database),
      rememberMember: postgresMirror(organisationWords),
      post,
      clock: { now: () => new Date() },
      events: createEvents(postgresAuditLog(database), createMetrics(), log),
      log,
    };
  });
  afterEach(async () => {
    await Promise.all(following.map((each) => each.stop()));
    await database.close();
  });

  const follow = (changed: Partial<FollowNeeds> = {}) =>
    following.push(followChanges({ ...needs, ...changed }, EVERY_SECONDS));
  const cursor = async () =>
    (await database.query<{ cursor: string | null }>('select cursor from register_cursor'))[0]?.cursor ?? '0';
  const taken = async (count = feed.length) => {
    for (let tries = 0; Number(await cursor()) < count; tries += 1) {
      if (tries > 150) throw new Error(`the position stays at ${await cursor()}`);
      await sleep(50);
    }
  };
  const letters = async () =>
    (
      await database.query<{ template: string; facts: string }>(
        'select template, facts from letter_seen order by number',
      )
    ).map(({ template, facts }) => [template, JSON.parse(facts)]);
  const account = async (memberId?: string): Promise<string> => {
    const id = randomUUID();
    await database.query(
      `insert into account (id, family_name, given_name) values ($1, 'Ветрова', 'Ольга')`,
      [id],
    );
    if (memberId !== undefined) {
      await database.transaction(async (tx) => {
        const member = memberWith({ id: memberId, tickets: [] });
        await needs.rememberMember(tx, member);
        await needs.accounts.bindMember(id, { id: memberId }, member, tx);
      });
    }
    return id;
  };
  const holder = async (ticket: string) => postgresAccounts(database).ownerOf('ticket', ticket);
  const signed = async (accountId: string): Promise<string> => {
    const application = applicationOf();
    const store = postgresApplications(database, aesGcm([{ id: 'k', key: randomBytes(32) }]));
    await database.transaction((tx) => store.create(accountId, application, 'Школа', tx));
    return application.id;
  };

  it('an accepted applicant is a member, signs in by the number, and has one letter', async () => {
    const owner = await account();
    const id = await signed(owner);
    const member = memberWith({ tickets: [{ number: NEW, state: 'number_assigned' }] });
    const accepted: RegistryChange = { kind: 'application', id, state: 'accepted', member };
    feed.push({ kind: 'application', id, state: 'received' }, accepted, accepted, { kind: 'member', member });
    follow();
    await taken();
    expect(await letters()).toEqual([['enrolled', { ticket: NEW }]]);
    expect(await holder(NEW)).toBe(owner);
    expect(await postgresAccounts(database).find(owner)).toMatchObject({
      name: { family: 'Жуков', given: 'Яков', middle: 'Ильич' },
      member: { id: 'M-19', membership: 'member', ticket: NEW, organisation: { id: 'P-03' } },
    });
  });

  it('accepted without a number: the number comes with a letter of its own', async () => {
    const owner = await account();
    const id = await signed(owner);
    feed.push(
      { kind: 'application', id, state: 'accepted', member: memberWith({ tickets: [] }) },
      { kind: 'member', member: memberWith({ tickets: [{ number: NEW, state: 'number_assigned' }] }) },
    );
    follow();
    await taken();
    expect(await letters()).toEqual([
      ['enrolled', {}],
      ['enrolled', { ticket: NEW }],
    ]);
    expect(await holder(NEW)).toBe(owner);
  });

  it('returned and rejected ones tell why, once', async () => {
    const [one, other] = [await signed(await account()), await signed(await account())];
    const returned: RegistryChange = {
      kind: 'application',
      id: one,
      state: 'returned',
      reason: 'Исправьте телефон',
    };
    const rejected: RegistryChange = {
      kind: 'application',
      id: other,
      state: 'rejected',
      reason: 'Не работает',
    };
    feed.push(returned, rejected, returned, rejected);
    follow();
    await taken();
    expect(await letters()).toEqual([
      ['application-returned', { reason: 'Исправьте телефон' }],
      ['application-rejected', { reason: 'Не работает' }],
    ]);
  });

  it('a replaced ticket: the old number leads nowhere, the new one to the same account', async () => {
    const owner = await account('M-19');
    feed.push({ kind: 'member', member: memberWith() });
    follow();
    await taken();
    expect(await holder(OLD)).toBe(owner);
    feed.push({ kind: 'member', member: replaced }, { kind: 'member', member: replaced });
    await taken();
    expect(await holder(OLD)).toBeUndefined();
    expect(await holder(NEW)).toBe(owner);
    expect((await letters()).map(([template]) => template)).toEqual(['enrolled', 'ticket-replaced']);
  });

  it('a blocked ticket signs in no more; an ended membership is one here', async () => {
    const owner = await account('M-19');
    feed.push(
      { kind: 'member', member: memberWith() },
      {
        kind: 'member',
        member: memberWith({ membership: 'ended', tickets: [{ number: OLD, state: 'blocked' }] }),
      },
    );
    follow();
    await taken();
    expect(await holder(OLD)).toBeUndefined();
    expect((await postgresAccounts(database).find(owner))?.member).toMatchObject({ membership: 'ended' });
  });

  it('keeps the spelling the person is used to, and takes another name', async () => {
    const owner = await account('M-19');
    const nameOf = async () => (await postgresAccounts(database).find(owner))?.name;
    feed.push({ kind: 'member', member: memberWith({ family: 'ЖУКОВ ', given: ' яков' }) });
    follow();
    await taken();
    expect(await nameOf()).toEqual({ family: 'Жуков', given: 'Яков', middle: 'Ильич' });
    feed.push({ kind: 'member', member: memberWith({ family: 'Соколов' }) });
    await taken();
    expect(await nameOf()).toEqual({ family: 'Соколов', given: 'Яков', middle: 'Ильич' });
  });

  it('consents on paper are the person’s documents', async () => {
    const owner = await account('M-19');
    const at = new Date().toISOString();
    feed.push({
      kind: 'member',
      member: memberWith(),
      consents: [{ type: 'finfort_pd', given: true, at, by: 'Председатель ППО' }],
    });
    follow();
    await taken();
    expect(await postgresDocuments(database).consent(owner, 'finfort_pd')).toMatchObject({
      paper: { by: 'Председатель ППО' },
    });
  });

  it('copies nobody who has no account here', async () => {
    feed.push({ kind: 'member', member: memberWith({ id: 'M-99', family: 'Посторонний' }) });
    follow();
    await taken();
    expect(await database.query('select id from member')).toEqual([]);
  });

  it('a member who is another account’s is skipped, told to the operator, and stops nobody', async () => {
    const first = await account('M-19');
    const second = await account();
    const id = await signed(second);
    const next = await signed(await account());
    feed.push(
      { kind: 'member', member: memberWith() },
      { kind: 'application', id, state: 'accepted', member: memberWith() },
      { kind: 'application', id: next, state: 'returned', reason: 'да' },
    );
    follow();
    await taken();
    expect(await holder(OLD)).toBe(first);
    expect((await postgresAccounts(database).find(second))?.member).toBeUndefined();
    const conflicts = await database.query(
      `select account_id from audit where event = 'member_change' and outcome = 'failure'`,
    );
    expect(conflicts).toEqual([{ account_id: second }]);
    expect((await letters()).map(([template]) => template)).toContain('application-returned');
  });

  it('a page is taken as a whole: a failure in its middle leaves nothing behind', async () => {
    await account('M-19');
    const id = await signed(await account());
    feed.push(
      { kind: 'application', id, state: 'returned', reason: 'раз' },
      { kind: 'member', member: memberWith() },
    );
    let broken = true;
    follow({
      rememberMember: async (tx, member) => {
        if (broken) throw new Error('killed here');
        await needs.rememberMember(tx, member);
      },
    });
    await sleep(600);
    expect(await cursor()).toBe('0');
    expect(await letters()).toEqual([]);
    broken = false;
    await taken();
    expect((await letters()).map(([template]) => template)).toEqual(['application-returned', 'enrolled']);
  });

  it('of several processes each change is one’s alone', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 12; at += 1) ids.push(await signed(await account()));
    for (const id of ids) feed.push({ kind: 'application', id, state: 'returned', reason: id });
    // Nobody's turn is respected: all ask at once.
    const position = { ...needs.position, claim: () => postgresFeedPosition(database, 'test').claim(0) };
    for (let at = 0; at < 4; at += 1) follow({ position });
    await taken();
    await sleep(300);
    expect((await letters()).map(([, facts]) => facts.reason)).toEqual(ids);
  });

  it('goes on where it was when the register is back', async () => {
    const id = await signed(await account());
    away = true;
    follow();
    feed.push({ kind: 'application', id, state: 'returned', reason: 'раз' });
    await sleep(500);
    expect(await letters()).toEqual([]);
    away = false;
    await taken();
    expect(await letters()).toHaveLength(1);
  });
});
