import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresDeletions } from '../../adapters/deletions/postgres.ts';
import { postgresEmailChanges } from '../../adapters/email-changes/postgres.ts';
import { postgresQuarantine } from '../../adapters/quarantine/postgres.ts';
import { engines } from './engines.ts';

describe.each(engines)('the life of an account on %s', (_name, openDatabase) => {
  let database: Database;
  let serial = 0;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  const stores = () => ({
    accounts: postgresAccounts(database),
    changes: postgresEmailChanges(database),
    deletions: postgresDeletions(database),
    quarantine: postgresQuarantine(database, Buffer.alloc(32, 3)),
  });
  const account = async () => {
    const id = `life-${++serial}`;
    const email = { key: `${id}@example.test`, original: `${id}@Example.test` };
    await stores().accounts.create({ id, locale: 'ru', email, passwordHash: 'hash' });
    return { id, email };
  };
  const begin = async (accountId: string, key: string, proved = true) => {
    const { changes } = stores();
    const id = `change-${++serial}`;
    await database.transaction(async (tx) => {
      await changes.begin(accountId, { id, address: { key, original: key }, seconds: 60 }, tx);
      if (proved) await changes.prove(id, tx);
    });
    return id;
  };
  const within = <T>(work: Parameters<Database['transaction']>[0]) =>
    database.transaction(work) as Promise<T>;

  describe('a change of address', () => {
    it('moves the address once, when it is proved, and back', async () => {
      const { changes, accounts } = stores();
      const { id, email } = await account();
      const early = await begin(id, 'new-1@example.test', false);
      expect(await within((tx) => changes.complete(early, 60, tx))).toBeUndefined();
      const change = await begin(id, 'new-1@example.test');
      expect(await changes.find(early)).toBeUndefined();
      const done = await Promise.all(
        [1, 2, 3, 4, 5].map(() => within((tx) => changes.complete(change, 60, tx))),
      );
      expect(done.filter(Boolean)).toEqual([{ id: change, accountId: id, former: email }]);
      expect(await accounts.ownerOf('email', 'new-1@example.test')).toBe(id);
      expect(await accounts.ownerOf('email', email.key)).toBeUndefined();
      const later = await begin(id, 'new-2@example.test');
      await within((tx) => changes.complete(later, 60, tx));
      const forgotten = await within<string[]>((tx) => changes.undo(change, tx));
      expect(forgotten.toSorted()).toEqual([change, later].toSorted());
      expect(await accounts.ownerOf('email', email.key)).toBe(id);
      expect(await changes.undoable(later)).toBeUndefined();
    });

    it('takes nobody’s address away, and breaks no transaction by trying', async () => {
      const { changes, accounts } = stores();
      const [one, other] = [await account(), await account()];
      const change = await begin(one.id, other.email.key);
      const completed = await within(async (tx) => {
        const outcome = await changes.complete(change, 60, tx);
        await tx.query('select 1');
        return outcome;
      });
      expect(completed).toBeUndefined();
      expect(await accounts.ownerOf('email', other.email.key)).toBe(other.id);
      expect(await accounts.ownerOf('email', one.email.key)).toBe(one.id);
    });

    it('of two people at once, one gets the address', async () => {
      const { changes, accounts } = stores();
      const people = [await account(), await account()];
      const ids = await Promise.all(people.map(({ id }) => begin(id, 'wanted@example.test')));
      const done = await Promise.all(ids.map((id) => within((tx) => changes.complete(id, 60, tx))));
      expect(done.filter(Boolean)).toHaveLength(1);
      expect(people.map(({ id }) => id)).toContain(await accounts.ownerOf('email', 'wanted@example.test'));
    });

    it('ends with its day', async () => {
      const { changes } = stores();
      const change = await begin((await account()).id, 'late@example.test');
      await database.query(`update email_change set expires_at = now() - interval '1 s' where id = $1`, [
        change,
      ]);
      expect(await within((tx) => changes.complete(change, 60, tx))).toBeUndefined();
      expect(await changes.sweep()).toBeGreaterThan(0);
    });
  });

  describe('the quarantine', () => {
    it('keeps an address from others, lets its owner have it back, and names nobody', async () => {
      const { quarantine } = stores();
      const { id } = await account();
      const left = { kind: 'email', value: 'left@example.test' } as const;
      await within((tx) => quarantine.put(left, { days: 1, owner: id }, tx));
      expect(await quarantine.holds('email', left.value, 'somebody else')).toBe(true);
      expect(await quarantine.holds('email', left.value, id)).toBe(false);
      expect(await quarantine.holds('ticket', left.value, 'somebody else')).toBe(false);
      const rows = await database.query('select * from quarantined_identifier');
      expect(JSON.stringify(rows)).not.toContain('left@');
      await database.query(`update quarantined_identifier set until = now()`);
      expect(await quarantine.holds('email', left.value, 'somebody else')).toBe(false);
      expect(await quarantine.sweep()).toBeGreaterThan(0);
    });
  });

  describe('a deletion', () => {
    it('waits, is called off, and once begun is not', async () => {
      const { deletions, accounts } = stores();
      const { id, email } = await account();
      expect(await within((tx) => deletions.request(id, 7, tx))).toBe(true);
      expect(await within((tx) => deletions.request(id, 7, tx))).toBe(false);
      expect(await deletions.due()).not.toContain(id);
      expect(await within((tx) => deletions.close(id, tx))).toBeUndefined();
      expect(await within((tx) => deletions.cancel(id, tx))).toBe(true);
      await within((tx) => deletions.request(id, 0, tx));
      expect(await deletions.due()).toContain(id);
      expect(await within((tx) => deletions.erase(id, 3, tx))).toBeUndefined();
      const closed = await Promise.all([1, 2, 3].map(() => within((tx) => deletions.close(id, tx))));
      expect(closed.filter(Boolean)).toEqual([
        { identifiers: [{ kind: 'email', value: email.key }], locale: 'ru', address: email.original },
      ]);
      expect(await within((tx) => deletions.cancel(id, tx))).toBe(false);
      expect((await accounts.find(id))?.status).toBe('closed');
      expect(await accounts.credentialsOf('email', email.key)).toEqual({});
      // Cut short between its steps, it is found again.
      expect(await deletions.due()).toContain(id);
      const erased = await Promise.all([1, 2, 3].map(() => within((tx) => deletions.erase(id, 3, tx))));
      expect(erased.filter(Boolean)).toHaveLength(1);
      expect(await deletions.due()).not.toContain(id);
    });

    it('leaves signed documents alone until their term is over, as nobody else may', async () => {
      const { deletions } = stores();
      const { id } = await account();
      await database.query(
        `insert into signing (id, account_id, purpose, signer, digest, signed_at, address, terms_version, network, device)
         values ($1, $1, 'membership', 'Имя', 'd', now(), 'a', '1', 'n', '')`,
        [id],
      );
      await database.query(
        `insert into terms_acceptance (account_id, version, network) values ($1, '1', 'n')`,
        [id],
      );
      await within((tx) => deletions.request(id, 0, tx));
      await within((tx) => deletions.close(id, tx));
      await within((tx) => deletions.erase(id, 3, tx));
      await expect(database.query('delete from signing where account_id = $1', [id])).rejects.toThrow();
      await expect(
        database.query('delete from terms_acceptance where account_id = $1', [id]),
      ).rejects.toThrow();
      expect(await deletions.evidenceDue()).not.toContain(id);
      await database.query(`update account_deletion set evidence_until = now() where account_id = $1`, [id]);
      expect(await deletions.evidenceDue()).toContain(id);
      const destroyed = await within((tx) => deletions.eraseEvidence(id, tx));
      expect(destroyed).toMatchObject({ signing: 1, terms_acceptance: 1 });
      expect(await deletions.evidenceDue()).not.toContain(id);
    });

    it('knows every table that names an account', async () => {
      const named = await database.query<{ table: string }>(
        `select distinct table_name as table from information_schema.columns
          where table_schema = current_schema() and column_name = 'account_id'`,
      );
      const { id } = await account();
      const { deletions } = stores();
      await within((tx) => deletions.request(id, 0, tx));
      await within((tx) => deletions.close(id, tx));
      const erased = await within<object>((tx) => deletions.erase(id, 0, tx));
      const evidence = await within<object>((tx) => deletions.eraseEvidence(id, tx));
      // Emptied when the account is closed; and what says that it was.
      const others = ['identifier', 'password', 'account_deletion', 'audit'];
      const known = new Set([...Object.keys(erased), ...Object.keys(evidence), ...others]);
      expect(named.map(({ table }) => table).filter((table) => !known.has(table))).toEqual([]);
    });
  });
});
