/** A feed of changes made by hand, the real stores behind it, and letters that are rows: what is sent can be rolled back. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { postgresAccounts } from '../../../adapters/account-store/postgres.ts';
import { postgresApplications } from '../../../adapters/application-store/postgres.ts';
import { postgresAuditLog } from '../../../adapters/audit-log/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { systemClock } from '../../../adapters/clock.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { postgresDocuments } from '../../../adapters/document-store/postgres.ts';
import { postgresDrafts } from '../../../adapters/draft-store/postgres.ts';
import { postgresEventStreams } from '../../../adapters/event-stream-store/postgres-streams.ts';
import { postgresFeedPosition } from '../../../adapters/feed-position/postgres.ts';
import { postgresMirror } from '../../../adapters/registry/mirror.ts';
import {
  type Registry,
  type RegistryChange,
  type RegistryMember,
  RegistryUnavailable,
} from '../../../adapters/registry/registry.ts';
import { organisationWords } from '../../../provider/data-rules/organisation-words.ts';
import { createEvents } from '../../../provider/events/events.ts';
import type { Post } from '../../../provider/letters/post.ts';
import { createMetrics } from '../../../provider/metrics.ts';
import {
  type Following,
  type FollowNeeds,
  followChanges,
} from '../../../provider/register/follow-changes.ts';
import type { Signal } from '../../../provider/signals/signal.ts';
import { tally } from '../../../provider/statistics/tally.ts';
import { applicationOf } from './registry-contract.ts';

const PAGE = 2;
const EVERY_SECONDS = 0.1;
export const OLD = '9900000000000193';
export const NEW = '9900000000000201';
export const memberWith = (changes: Partial<RegistryMember> = {}): RegistryMember => ({
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
export const replaced = memberWith({
  tickets: [
    { number: OLD, state: 'replaced' },
    { number: NEW, state: 'number_assigned' },
  ],
});

export async function followScene(database: Database) {
  await database.script(
    'create table letter_seen (number bigint generated always as identity, template text, account_id text, facts text)',
  );
  const feed: RegistryChange[] = [];
  const following: Following[] = [];
  let away = false;
  const cipher = aesGcm([{ id: 'k', key: randomBytes(32) }]);
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
  const signals: Signal[] = [];
  const log = pino({ level: 'silent' });
  const drafts = postgresDrafts(database, cipher);
  const needs: FollowNeeds = {
    database,
    registry,
    position: postgresFeedPosition(database, 'test'),
    accounts: postgresAccounts(database),
    applications: postgresApplications(database, cipher),
    drafts,
    documents: postgresDocuments(database),
    rememberMember: postgresMirror(organisationWords),
    memberships: postgresEventStreams(database, cipher),
    tellReceivers: async (signal) => {
      signals.push(signal);
    },
    post,
    clock: { now: () => new Date() },
    events: createEvents(postgresAuditLog(database), createMetrics(), tally(systemClock), log),
    log,
  };
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
    const store = postgresApplications(database, cipher);
    await database.transaction((tx) => store.create(accountId, application, 'Школа', tx));
    return application.id;
  };

  return {
    signals,
    database,
    feed,
    drafts,
    needs,
    follow,
    cursor,
    taken,
    letters,
    account,
    holder,
    signed,
    setAway(now: boolean): void {
      away = now;
    },
    async close(): Promise<void> {
      await Promise.all(following.map((each) => each.stop()));
      await database.close();
    },
  };
}
