import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresDoors } from '../../adapters/account-doors/postgres.ts';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import { postgresAuditLog } from '../../adapters/audit-log/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresEmailChanges } from '../../adapters/email-changes/postgres.ts';
import { postgresLinks } from '../../adapters/link-store/postgres.ts';
import { engines } from './engines.ts';

describe.each(engines)('the doors of an account on %s', (_name, openDatabase) => {
  let database: Database;
  let serial = 0;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  const account = async (): Promise<string> => {
    const id = `doors-${++serial}`;
    await database.query('insert into account (id) values ($1)', [id]);
    return id;
  };
  const keyOf = (id: string, upstream: string) => ({
    issuer: `https://${upstream}.example.test`,
    subject: id,
  });
  const link = (id: string, upstream: string) =>
    database.transaction((tx) =>
      postgresLinks(database).link(id, upstream, keyOf(id, upstream), { confirmed: true }, tx),
    );
  const doorsOf = (id: string) => database.transaction((tx) => postgresDoors(database).lock(id, tx));

  it('are counted as they are', async () => {
    const id = await account();
    expect(await doorsOf(id)).toEqual({ hasPassword: false, identifiers: [], upstreams: [], passkeys: 0 });
    await link(id, 'esia');
    await postgresAccounts(database).setPassword(id, 'hash');
    await database.query(
      `insert into identifier (kind, value, account_id, original, confirmed_at)
       values ('email', $1, $1, $1, now()), ('ticket', $1, $1, $1, null)`,
      [id],
    );
    expect(await doorsOf(id)).toEqual({
      ...{ hasPassword: true, identifiers: ['email'], upstreams: ['esia'], passkeys: 0 },
    });
  });

  it('of the last two closed at once, one stays open', async () => {
    const id = await account();
    await link(id, 'esia');
    await link(id, 'rsaa');
    const remove = (upstream: string) =>
      database.transaction(async (tx) => {
        const { upstreams } = await postgresDoors(database).lock(id, tx);
        if (upstreams.length < 2) return false;
        return postgresLinks(database).unlink(id, keyOf(id, upstream), tx);
      });
    const removed = await Promise.all([remove('esia'), remove('rsaa'), remove('esia'), remove('rsaa')]);
    expect(removed.filter(Boolean)).toHaveLength(1);
    expect((await doorsOf(id)).upstreams).toHaveLength(1);
    expect(await postgresDoors(database).formerLinksOf(id)).toHaveLength(1);
  });

  describe('an address for an account without one', () => {
    const begin = async (accountId: string, address: string, proved = true) => {
      const changes = postgresEmailChanges(database);
      const id = `addition-${++serial}`;
      await database.transaction(async (tx) => {
        await changes.begin(accountId, { id, address: { key: address, original: address }, seconds: 60 }, tx);
        if (proved) await changes.prove(id, tx);
      });
      return id;
    };
    const add = (id: string) =>
      database.transaction(async (tx) => {
        const outcome = await postgresEmailChanges(database).add(id, tx);
        await tx.query('select 1');
        return outcome;
      });

    it('is added once, and leaves nothing behind', async () => {
      const id = await account();
      expect(await add(await begin(id, 'early@example.test', false))).toBeUndefined();
      const addition = await begin(id, 'added@example.test');
      const done = await Promise.all([1, 2, 3, 4, 5].map(() => add(addition)));
      expect(done.filter(Boolean)).toEqual([id]);
      expect((await postgresAccounts(database).find(id))?.verifiedEmail).toBe('added@example.test');
      expect(await database.query('select from email_change where account_id = $1', [id])).toEqual([]);
    });

    it('is nobody’s who was slower, and no second one', async () => {
      const [one, other] = [await account(), await account()];
      const [first, second] = [
        await begin(one, 'wanted@example.test'),
        await begin(other, 'wanted@example.test'),
      ];
      const done = await Promise.all([add(first), add(second)]);
      expect(done.filter(Boolean)).toHaveLength(1);
      const winner = done[0] ?? done[1] ?? '';
      expect(await add(await begin(winner, 'second@example.test'))).toBeUndefined();
    });
  });

  describe('the sign-ins of an account', () => {
    const trail = () => postgresAuditLog(database);
    const signIn = (accountId: string, method: string, outcome: 'success' | 'failure' = 'success') =>
      trail().append({
        ...{ event: 'sign_in', outcome, actor: accountId, accountId, clientId: 'dictation' },
        ...{ network: '192.0.2.0/24', sessionUid: `${accountId}-session`, detail: { method } },
      });

    it('come page by page, the latest first, with the device while it is known', async () => {
      const id = await account();
      await database.query(
        `insert into account_session (uid, account_id, device, network, expires_at)
         values ($1, $2, 'Firefox · Linux', 'n', now())`,
        [`${id}-session`, id],
      );
      for (const method of ['password_email', 'esia', 'rsaa']) await signIn(id, method);
      await signIn(await account(), 'password_ticket');
      await trail().append({ event: 'grant', outcome: 'success', actor: id, accountId: id });
      await signIn(id, 'password_email', 'failure');
      const first = await trail().signInsOf(id, { limit: 3 });
      expect(first.map(({ method, outcome }) => [method, outcome])).toEqual([
        ['password_email', 'failure'],
        ['rsaa', 'success'],
        ['esia', 'success'],
      ]);
      expect(first[1]).toMatchObject({ clientId: 'dictation', device: 'Firefox · Linux' });
      const rest = await trail().signInsOf(id, { limit: 3, before: first.at(-1)?.id ?? '' });
      expect(rest.map(({ method }) => method)).toEqual(['password_email']);
    });

    it('are read by their index', async () => {
      const plan = await database.transaction(async (tx) => {
        await tx.query('set local enable_seqscan = off');
        return tx.query<Record<string, string>>(
          `explain select id from audit
            where account_id = 'x' and event = 'sign_in' and id < 5 order by id desc limit 21`,
        );
      });
      const text = plan.map((row) => Object.values(row)[0]).join('\n');
      expect(text).toContain('audit_sign_in');
      expect(text).not.toContain('Sort');
    });
  });
});
