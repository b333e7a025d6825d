import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountGone, IdentifierTaken } from '../../../adapters/account-store/account-store.ts';
import { postgresAccounts } from '../../../adapters/account-store/postgres.ts';
import { withQuarantine } from '../../../adapters/account-store/with-quarantine.ts';
import type { Database } from '../../../adapters/database/database.ts';
import type { ToldPerson } from '../../../adapters/link-store/link-store.ts';
import { postgresLinks } from '../../../adapters/link-store/postgres.ts';
import { postgresQuarantine } from '../../../adapters/quarantine/postgres.ts';
import { engines } from '../engines.ts';

const ISSUER = 'https://esia.example.test/';
const TOLD: ToldPerson = {
  family: 'Иванова',
  given: 'Мария',
  middle: 'Петровна',
  birthdate: '1984-03-14',
  email: 'ivanova@example.test',
  confirmed: true,
};

describe.each(engines)('links on %s', (_name, open) => {
  let database: Database;
  let serial = 0;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const links = () => postgresLinks(database);
  const account = async (status = 'confirmed') => {
    const id = `account-${++serial}`;
    await database.query('insert into account (id, status) values ($1, $2)', [id, status]);
    return id;
  };
  const identity = (issuer = ISSUER) => ({ issuer, subject: `subject-${++serial}` });
  const link = (id: string, key: { issuer: string; subject: string }, told = TOLD) =>
    database.transaction((tx) => links().link(id, 'esia', key, told, tx));
  const unlink = (id: string, key: { issuer: string; subject: string }) =>
    database.transaction((tx) => links().unlink(id, key, tx));

  it('lead to the account and its state, and remember what was told', async () => {
    const [id, key] = [await account('locked'), identity()];
    expect(await links().ownerOf(key)).toBeUndefined();
    await link(id, key);
    expect(await links().ownerOf(key)).toEqual({ accountId: id, status: 'locked' });
    expect(await links().linksOf(id)).toEqual([
      {
        ...{ ...key, accountId: id, upstream: 'esia', told: TOLD },
        ...{ linkedAt: expect.any(Date), usedAt: expect.any(Date) },
      },
    ]);
  });

  it('are of (issuer, subject): the same subject of another issuer is somebody else', async () => {
    const [one, other, key] = [await account(), await account(), identity()];
    await link(one, key);
    await link(other, { ...key, issuer: 'https://rsaa.example.test' });
    expect(await links().ownerOf(key)).toMatchObject({ accountId: one });
  });

  it('once more change nothing', async () => {
    const [id, key] = [await account(), identity()];
    await link(id, key);
    const before = await links().linksOf(id);
    expect(await link(id, key, { confirmed: false })).toBe(false);
    expect(await links().linksOf(id)).toEqual(before);
  });

  it('of somebody else are not taken away, and the transaction goes on', async () => {
    const [one, other, key] = [await account(), await account(), identity()];
    await link(one, key);
    await database.transaction(async (tx) => {
      await expect(links().link(other, 'esia', key, TOLD, tx)).rejects.toThrow(IdentifierTaken);
      await tx.query('select 1');
    });
    expect(await links().ownerOf(key)).toMatchObject({ accountId: one });
    expect(await links().linksOf(other)).toEqual([]);
  });

  it('are one of each issuer', async () => {
    const [id, first, second] = [await account(), identity(), identity()];
    await link(id, first);
    await expect(link(id, second)).rejects.toThrow(IdentifierTaken);
    expect(await links().ownerOf(second)).toBeUndefined();
    await link(id, identity('https://rsaa.example.test'));
    expect(await links().linksOf(id)).toHaveLength(2);
  });

  it('open no account that is gone', async () => {
    await expect(link(await account('closed'), identity())).rejects.toThrow(AccountGone);
    await expect(link('nobody', identity())).rejects.toThrow(AccountGone);
  });

  it('in a race of accounts for one identity, one wins', async () => {
    const ids = await Promise.all([1, 2, 3, 4, 5].map(() => account()));
    const key = identity();
    const outcomes = await Promise.allSettled(ids.map((id) => link(id, key)));
    const won = ids.filter((_, at) => outcomes[at]?.status === 'fulfilled');
    expect(won).toEqual([(await links().ownerOf(key))?.accountId]);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(IdentifierTaken);
    }
  });

  it('in a race of identities for one account, one wins', async () => {
    const id = await account();
    const keys = [1, 2, 3, 4, 5].map(() => identity());
    const outcomes = await Promise.allSettled(keys.map((key) => link(id, key)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await links().linksOf(id)).toHaveLength(1);
  });

  it('hear the news at each sign-in, absent words included', async () => {
    const [id, key] = [await account(), identity()];
    await link(id, key);
    await links().refresh(key, { family: 'Петрова', given: 'Мария', confirmed: false });
    const [refreshed] = await links().linksOf(id);
    expect(refreshed?.told).toEqual({ family: 'Петрова', given: 'Мария', confirmed: false });
  });

  it('end once, are kept in the history, and can be made anew elsewhere', async () => {
    const [one, other, key] = [await account(), await account(), identity()];
    await link(one, key);
    expect(await unlink(other, key)).toBe(false);
    const ended = await Promise.all([1, 2, 3].map(() => unlink(one, key)));
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await links().ownerOf(key)).toBeUndefined();
    expect(await links().wasUnlinked(one, key)).toBe(true);
    expect(await links().wasUnlinked(other, key)).toBe(false);
    await link(other, key);
    const history = await database.query(
      'select account_id, upstream from former_link where issuer = $1 and subject = $2',
      [key.issuer, key.subject],
    );
    expect(history).toEqual([{ account_id: one, upstream: 'esia' }]);
  });

  it('go with the doors of an account that is closed', async () => {
    const [id, key] = [await account(), identity()];
    await link(id, key);
    await database.query('delete from identifier where account_id = $1', [id]);
    expect(await links().linksOf(id)).toEqual([]);
  });

  describe('an account without a password', () => {
    const create = async (email: string) => {
      const quarantine = postgresQuarantine(database, Buffer.alloc(32, 3));
      const accounts = withQuarantine(postgresAccounts(database), quarantine);
      const id = `account-${++serial}`;
      await database.transaction((tx) =>
        accounts.createPasswordless(
          {
            id,
            locale: 'ru',
            name: { family: 'Цой', given: 'Алла' },
            email: { key: email, original: email },
          },
          tx,
        ),
      );
      return accounts.find(id);
    };

    it('has the name and the address it came with', async () => {
      expect(await create('free@example.test')).toMatchObject({
        status: 'confirmed',
        name: { family: 'Цой', given: 'Алла' },
        verifiedEmail: 'free@example.test',
      });
    });

    it('has no address that is somebody’s, or was a moment ago', async () => {
      await create('taken@example.test');
      expect((await create('taken@example.test'))?.verifiedEmail).toBeUndefined();
      const quarantine = postgresQuarantine(database, Buffer.alloc(32, 3));
      const left = { kind: 'email', value: 'left@example.test' } as const;
      await database.transaction((tx) => quarantine.put(left, { days: 1 }, tx));
      expect((await create('left@example.test'))?.verifiedEmail).toBeUndefined();
    });
  });
});
