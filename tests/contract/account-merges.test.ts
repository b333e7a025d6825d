import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MergeSide } from '../../adapters/account-merges/account-merges.ts';
import { postgresMerges } from '../../adapters/account-merges/postgres.ts';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import { postgresCodeApps } from '../../adapters/authenticators/postgres-code-apps.ts';
import { postgresPasskeys } from '../../adapters/authenticators/postgres-passkeys.ts';
import { postgresProtections } from '../../adapters/authenticators/postgres-protections.ts';
import { postgresRecoveryCodes } from '../../adapters/authenticators/postgres-recovery-codes.ts';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresDeletions } from '../../adapters/deletions/postgres.ts';
import { postgresDocuments } from '../../adapters/document-store/postgres.ts';
import { postgresIncidents } from '../../adapters/incident-store/postgres.ts';
import { postgresLinks } from '../../adapters/link-store/postgres.ts';
import { previewMerge } from '../../provider/operators/merge-preview.ts';
import { engines } from './engines.ts';

const cipher = aesGcm([{ id: 't1', key: randomBytes(32) }]);
const papers = postgresRecoveryCodes(randomBytes(32));

describe.each(engines)('two accounts of one person on %s', (_name, openDatabase) => {
  let database: Database;
  let serial = 0;
  beforeAll(async () => {
    database = await openDatabase();
    await database.script(
      `insert into organisation (id, kind, name, short_name, region) values ('P-1', 'primary', 'П', 'П', 'К')`,
    );
  });
  afterAll(() => database.close());

  const account = async (): Promise<{ id: string; email: string }> => {
    const id = randomUUID();
    const email = `merge-${++serial}@example.test`;
    await postgresAccounts(database).create({
      ...{ id, locale: 'ru', passwordHash: `hash of ${id}` },
      email: { key: email, original: email },
    });
    return { id, email };
  };
  const bindMember = async (id: string): Promise<string> => {
    const member = `m-${++serial}`;
    const ticket = String(serial).padStart(16, '9');
    await database.query(
      `insert into member (id, organisation_id, family_name, given_name, birthdate, membership)
       values ($1, 'P-1', 'Иванова', 'Мария', '1984-03-14', 'member')`,
      [member],
    );
    const name = { family: 'Иванова', given: 'Мария' };
    await postgresAccounts(database).bindMember(id, { id: member, ticket }, name);
    return ticket;
  };
  const link = (id: string, upstream: string, subject: string) =>
    database.transaction((tx) =>
      postgresLinks(database).link(
        ...([
          id,
          upstream,
          { issuer: `https://${upstream}.test`, subject },
          { confirmed: true },
          tx,
        ] as const),
      ),
    );
  const protections = () => postgresProtections(database);
  const apps = () => postgresCodeApps(database, cipher);
  const keys = () => postgresPasskeys(database);
  const askAlways = (id: string, wanted: boolean) =>
    database.transaction((tx) => protections().askAlways(id, wanted, tx));
  /** An application, a passkey and a paper; answers with what the passkey is known by. */
  const protect = async (id: string, always: boolean): Promise<{ credential: string; handle: string }> => {
    const handle = await protections().userHandleOf(id);
    const credential = randomUUID();
    await apps().add({ accountId: id, name: 'Телефон', secret: 'JBSWY3DPEHPK3PXP', step: 7 });
    await keys().add({
      ...{ accountId: id, name: 'Ноутбук', credentialId: credential, publicKey: new Uint8Array([1, 2]) },
      ...{ counter: 3, transports: ['internal'], syncable: true, backedUp: true },
    });
    await database.transaction((tx) => papers.replace(id, ['AAAAAAAAAA', 'BBBBBBBBBB'], tx));
    if (always) await askAlways(id, true);
    return { credential, handle };
  };
  const sidesOf = async (survivorId: string, closedId: string) => {
    const sides = await database.transaction((tx) =>
      postgresMerges(database).sides([survivorId, closedId], tx),
    );
    if (!sides) throw new Error('no such accounts');
    return sides;
  };
  const merge = async (survivorId: string, closedId: string, undoDays = 30): Promise<string> => {
    const id = randomUUID();
    const merges = postgresMerges(database);
    await database.transaction(async (tx) => {
      const sides = await merges.sides([survivorId, closedId], tx);
      if (!sides) throw new Error('no such accounts');
      const { moves } = previewMerge(...(sides as [MergeSide, MergeSide]));
      const memory = await merges.move({ survivorId, closedId }, moves, tx);
      const made = { id, survivorId, closedId, by: 'operator', reason: 'asked', undoDays };
      await merges.record(made, moves, memory, tx);
    });
    return id;
  };
  const undo = (id: string) =>
    database.transaction(async (tx) => {
      const merges = postgresMerges(database);
      const found = await merges.find(id, tx);
      const memory = await merges.claimUndo(id, 'operator', tx);
      if (!found || memory === undefined) return false;
      await merges.restore(found, memory, tx);
      return true;
    });
  const rowsOf = async (ids: readonly string[]) => ({
    accounts: await database.query(
      `select id, status, member_id, family_name, given_name, phone from account where id = any($1) order by id`,
      [ids],
    ),
    identifiers: await database.query(
      `select kind, value, account_id, further from identifier where account_id = any($1) order by 1, 2`,
      [ids],
    ),
    links: await database.query(
      `select issuer, subject, account_id, linked_at from linked_identity where account_id = any($1) order by 1, 2`,
      [ids],
    ),
    passwords: await database.query(
      'select account_id, hash from password where account_id = any($1) order by 1',
      [ids],
    ),
    apps: await database.query('select * from code_app where account_id = any($1) order by id', [ids]),
    keys: await database.query('select * from passkey where account_id = any($1) order by id', [ids]),
    papers: await database.query(
      'select * from recovery_code where account_id = any($1) order by code_hash',
      [ids],
    ),
    asked: await database.query(
      `select account_id, always_asked_at, mail_counts_at from account_protection
        where account_id = any($1) and always_asked_at is not null order by 1`,
      [ids],
    ),
  });

  it('become one that everything of both opens, and are what they were when it is undone', async () => {
    const [survivor, closed] = [await account(), await account()];
    const ticket = await bindMember(closed.id);
    await link(survivor.id, 'esia', 'one');
    await link(closed.id, 'esia', 'two');
    await link(closed.id, 'rsaa', 'three');
    const before = await rowsOf([survivor.id, closed.id]);
    const id = await merge(survivor.id, closed.id);

    const accounts = postgresAccounts(database);
    for (const email of [survivor.email, closed.email]) {
      expect((await accounts.credentialsOf('email', email)).account).toMatchObject({
        ...{ accountId: survivor.id, hash: `hash of ${survivor.id}`, confirmed: true },
      });
    }
    expect((await accounts.credentialsOf('ticket', ticket)).account?.accountId).toBe(survivor.id);
    // One address for letters, however many sign in.
    expect(await accounts.find(survivor.id)).toMatchObject({
      ...{ verifiedEmail: survivor.email, name: { family: 'Иванова', given: 'Мария' } },
      member: { ticket },
    });
    expect((await accounts.find(closed.id))?.status).toBe('closed');
    const links = postgresLinks(database);
    expect((await links.linksOf(survivor.id)).map(({ subject }) => subject)).toEqual(['one', 'three']);
    expect(await links.ownerOf({ issuer: 'https://esia.test', subject: 'two' })).toBeUndefined();

    expect(await undo(id)).toBe(true);
    expect(await rowsOf([survivor.id, closed.id])).toEqual(before);
    expect(await undo(id)).toBe(false);
  });

  it('guard the one that stays as the other was, by what guarded it, until that is undone', async () => {
    const [survivor, closed] = [await account(), await account()];
    const { credential, handle } = await protect(closed.id, true);
    const before = await rowsOf([survivor.id, closed.id]);
    const id = await merge(survivor.id, closed.id);

    // The paper is good for the account it was made for.
    const both = { codeApps: 1, passkeys: 1, recoveryCodes: 0, alwaysAsked: true };
    expect(await protections().of(survivor.id)).toEqual(both);
    expect((await postgresAccounts(database).find(survivor.id))?.alwaysAsked).toEqual({ mailCounts: false });
    expect(await keys().find(credential)).toMatchObject({ accountId: survivor.id, userHandle: handle });
    expect((await apps().secretsOf(survivor.id)).map(({ secret }) => secret)).toEqual(['JBSWY3DPEHPK3PXP']);
    expect(await database.transaction((tx) => papers.redeem(survivor.id, 'AAAAAAAAAA', tx))).toBeUndefined();
    // A passkey that is added later is known by another handle, as it is made for another account.
    expect(await protections().userHandleOf(survivor.id)).not.toBe(handle);

    expect(await undo(id)).toBe(true);
    expect(await rowsOf([survivor.id, closed.id])).toEqual(before);
    expect(await database.transaction((tx) => papers.redeem(closed.id, 'AAAAAAAAAA', tx))).toBe(1);
  });

  it('lead nothing into one that is guarded more; what stays behind is forgotten when the term is over', async () => {
    const [survivor, closed] = [await account(), await account()];
    await protect(survivor.id, true);
    const { credential } = await protect(closed.id, false);
    await link(closed.id, 'rsaa', `stays-${serial}`);
    const before = await rowsOf([survivor.id, closed.id]);
    const id = await merge(survivor.id, closed.id);
    expect(await protections().of(survivor.id)).toMatchObject({
      codeApps: 1,
      passkeys: 1,
      alwaysAsked: true,
    });
    expect(await postgresLinks(database).linksOf(survivor.id)).toEqual([]);
    expect((await keys().find(credential))?.accountId).toBe(closed.id);
    expect(await undo(id)).toBe(true);
    expect(await rowsOf([survivor.id, closed.id])).toEqual(before);

    await merge(survivor.id, closed.id, 0);
    expect(await postgresMerges(database).sweep()).toBeGreaterThan(0);
    expect(await keys().find(credential)).toBeUndefined();
    const nothing = { codeApps: 0, passkeys: 0, recoveryCodes: 0, alwaysAsked: false };
    expect(await protections().of(closed.id)).toEqual(nothing);
    expect(await protections().of(survivor.id)).toMatchObject({ codeApps: 1, passkeys: 1, recoveryCodes: 2 });
  });

  it('leave it to the person how she is asked, and what she has removed', async () => {
    const [survivor, closed] = [await account(), await account()];
    await protect(closed.id, true);
    const id = await merge(survivor.id, closed.id);
    const [app] = await apps().of(survivor.id);
    await database.transaction((tx) => apps().remove(survivor.id, app?.id ?? '', tx));
    await askAlways(survivor.id, false);
    await askAlways(survivor.id, true);
    expect(await undo(id)).toBe(true);
    expect(await protections().of(survivor.id)).toMatchObject({ passkeys: 0, alwaysAsked: true });
    expect(await protections().of(closed.id)).toMatchObject({ codeApps: 0, passkeys: 1, alwaysAsked: true });
  });

  it('tell each how it is guarded', async () => {
    const [one, other] = [await account(), await account()];
    await protect(one.id, true);
    await database.transaction((tx) => protections().letMailCount(other.id, 24, tx));
    const sides = await sidesOf(one.id, other.id);
    expect(sides.map(({ protection }) => protection)).toEqual([
      await protections().of(one.id),
      await protections().of(other.id),
    ]);
    expect(sides[0].protection.recoveryCodes).toBe(2);
    expect(sides[1].protection.mailCountsAt).toBeInstanceOf(Date);
  });

  it('give back nothing that the person has changed since', async () => {
    const [survivor, closed] = [await account(), await account()];
    await link(closed.id, 'rsaa', `subject-${serial}`);
    const id = await merge(survivor.id, closed.id);
    const key = { issuer: 'https://rsaa.test', subject: `subject-${serial}` };
    const third = await account();
    await database.transaction((tx) => postgresLinks(database).unlink(survivor.id, key, tx));
    await link(third.id, 'rsaa', key.subject);
    expect(await undo(id)).toBe(true);
    expect((await postgresLinks(database).ownerOf(key))?.accountId).toBe(third.id);
    expect(await postgresLinks(database).linksOf(closed.id)).toEqual([]);
    expect(await postgresAccounts(database).ownerOf('email', closed.email)).toBe(closed.id);
  });

  it('are undone once of two at the same time, and not when the term is over', async () => {
    const [survivor, closed] = [await account(), await account()];
    const id = await merge(survivor.id, closed.id);
    const done = await Promise.all([undo(id), undo(id)]);
    expect(done.toSorted()).toEqual([false, true]);

    const late = await merge(survivor.id, closed.id, 0);
    expect(await undo(late)).toBe(false);
    expect(await postgresMerges(database).sweep()).toBeGreaterThan(0);
    const [row] = await database.query<{ before: string | null }>(
      'select before from account_merge where id = $1',
      [late],
    );
    expect(row?.before).toBeNull();
  });

  it('show the documents of both, and count what was given in either and not taken back since', async () => {
    const [survivor, closed] = [await account(), await account()];
    const documents = postgresDocuments(database);
    let minute = 0;
    const tick = (id: string, type: 'finfort_pd' | 'union_pd', given: boolean) => {
      minute += 1;
      const at = new Date(Date.UTC(2026, 2, 12, 9, minute));
      return database.transaction((tx) =>
        documents.recordPaper(id, type, given, { at, by: 'председатель' }, tx),
      );
    };
    await tick(survivor.id, 'finfort_pd', true);
    await tick(closed.id, 'finfort_pd', true);
    await tick(closed.id, 'finfort_pd', false);
    await tick(closed.id, 'union_pd', true);
    const [one, other] = await sidesOf(survivor.id, closed.id);
    expect(one.consents).toMatchObject({ finfort_pd: 'given', union_pd: 'none' });
    expect(other.consents).toMatchObject({ finfort_pd: 'withdrawn', union_pd: 'given' });

    const id = await merge(survivor.id, closed.id);
    expect(await documents.consent(survivor.id, 'finfort_pd')).toBeUndefined();
    const carried = await documents.consent(survivor.id, 'union_pd');
    expect(carried?.paper).toBeDefined();
    const all = await documents.documentsOf(survivor.id);
    expect(all).toHaveLength(3);
    expect(all.filter(({ outlived }) => !outlived).map(({ id }) => id)).toEqual([carried?.id]);
    expect((await documents.document(survivor.id, all[0]?.id ?? ''))?.id).toBe(all[0]?.id);

    await undo(id);
    expect(await documents.consent(survivor.id, 'finfort_pd')).toBeDefined();
    expect(await documents.documentsOf(survivor.id)).toHaveLength(1);
    expect(await documents.consent(survivor.id, 'union_pd')).toBeUndefined();
    expect(await documents.consent(closed.id, 'union_pd')).toBeDefined();
  });

  it('let her take back what came along, for both', async () => {
    const [survivor, closed] = [await account(), await account()];
    const documents = postgresDocuments(database);
    const paper = { at: new Date(), by: 'председатель' };
    await database.transaction((tx) => documents.recordPaper(closed.id, 'union_pd', true, paper, tx));
    const id = await merge(survivor.id, closed.id);
    const carried = await documents.consent(survivor.id, 'union_pd');
    const taken = database.transaction((tx) => documents.withdraw(survivor.id, carried?.id ?? '', tx));
    expect(await taken).toBe('union_pd');
    expect(await documents.consent(survivor.id, 'union_pd')).toBeUndefined();
    const [one] = await sidesOf(survivor.id, closed.id);
    expect(one.consents.union_pd).toBe('withdrawn');
    await undo(id);
    expect(await documents.consent(closed.id, 'union_pd')).toBeUndefined();
  });

  it('tell who they are by all who have told of them', async () => {
    const [one, other] = [await account(), await account()];
    await bindMember(one.id);
    await link(other.id, 'rsaa', `told-${serial}`);
    await database.query(
      `update linked_identity set family_name = 'Белова', given_name = 'Ольга', birthdate = '1990-01-02'
        where account_id = $1`,
      [other.id],
    );
    const [member, linked] = await sidesOf(one.id, other.id);
    expect(member.told).toContainEqual({
      name: { family: 'Иванова', given: 'Мария' },
      birthdate: '1984-03-14',
    });
    expect(linked.told).toContainEqual({
      name: { family: 'Белова', given: 'Ольга' },
      birthdate: '1990-01-02',
    });
    expect(previewMerge(member, linked).differences).toEqual(['family', 'given', 'birthdate']);
  });

  it('are both forgotten when the survivor is deleted', async () => {
    const [survivor, closed] = [await account(), await account()];
    await merge(survivor.id, closed.id);
    const deletions = postgresDeletions(database);
    await database.transaction(async (tx) => {
      await deletions.request(survivor.id, 0, tx);
      await deletions.close(survivor.id, tx);
    });
    expect(await deletions.due()).toEqual(expect.arrayContaining([survivor.id, closed.id]));
    await database.transaction(async (tx) => {
      expect(await deletions.close(closed.id, tx)).toBeDefined();
      await deletions.erase(survivor.id, 3, tx);
    });
    const [row] = await database.query<{ before: string | null }>(
      'select before from account_merge where survivor_id = $1',
      [survivor.id],
    );
    expect(row?.before).toBeNull();
  });

  it('and everybody else are signed out by one moment', async () => {
    const { id } = await account();
    const accounts = postgresAccounts(database);
    const before = await database.transaction((tx) => accounts.signOutEverywhere(id, tx));
    expect((await accounts.find(id))?.signedOutAt).toEqual(before);
    const at = await database.transaction((tx) =>
      postgresIncidents(database).signOutEverybody('operator', tx),
    );
    expect((await accounts.find(id))?.signedOutAt).toEqual(at);
    const later = await database.transaction((tx) => accounts.signOutEverywhere(id, tx));
    expect((await accounts.find(id))?.signedOutAt).toEqual(later);
    expect((await postgresIncidents(database).lastSignOut())?.at).toEqual(at);
  });
});
