import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../adapters/audit-log/seal-text.ts';
import type { Database } from '../../../adapters/database/database.ts';
import {
  AlreadySigned,
  type DocumentStore,
  DocumentsUnopened,
  type NewDocument,
  type Signing,
  type SigningPurpose,
} from '../../../adapters/document-store/document-store.ts';
import { postgresDocuments } from '../../../adapters/document-store/postgres.ts';
import { postgresArchive } from '../../../adapters/document-store/postgres-archive.ts';
import { engines } from '../engines.ts';

const text = (type: NewDocument['type'], body: string): NewDocument => ({
  ...{ type, version: '1', title: 'Согласие', body, sha256: sha256(body), signer: 'Иванова Мария' },
});

describe.each(engines)('document store on %s', (_name, openDatabase) => {
  let database: Database;
  let store: DocumentStore & { sweep(): Promise<number> };
  beforeAll(async () => {
    database = await openDatabase();
    store = postgresDocuments(database);
  });
  afterAll(() => database.close());

  const protocol = ({ id, accountId, digest, signer }: Signing, signedAt = new Date()) => ({
    ...{ id, accountId, digest, signer, signedAt },
    ...{ address: 'a@example.test', termsVersion: '2', network: '203.0.113.0/24', device: 'Firefox' },
  });
  const sign = async (signing: Signing, signedAt?: Date): Promise<Signing> => {
    for (const { id } of signing.documents) await store.markOpened(signing.accountId, id);
    return database.transaction((tx) => store.sign(protocol(signing, signedAt), tx));
  };
  const signed = async (accountId: string, purpose: SigningPurpose, texts: NewDocument[], at?: Date) =>
    sign(await store.prepare(accountId, purpose, texts), at);
  const withdraw = (accountId: string, id: string) =>
    database.transaction((tx) => store.withdraw(accountId, id, tx));

  it('keeps what was opened when a text stays, and forgets it when the text changes', async () => {
    const [one, two, other] = [
      text('union_pd', 'one\n'),
      text('union_messages', 'two\n'),
      text('union_messages', 'other\n'),
    ];
    const first = await store.prepare('p', 'membership', [one, two]);
    for (const { id } of first.documents) await store.markOpened('p', id);
    const again = await store.prepare('p', 'membership', [one, two]);
    expect(again.id).toBe(first.id);
    expect(again.documents.map(({ openedAt }) => openedAt !== undefined)).toEqual([true, true]);
    const changed = await store.prepare('p', 'membership', [one, other]);
    expect(changed.documents.map(({ openedAt }) => openedAt !== undefined)).toEqual([true, false]);
    expect(await store.signing('p', first.id)).toBeUndefined();
    const reordered = await store.prepare('p', 'membership', [other, one]);
    expect(reordered.digest).not.toBe(changed.digest);
    expect(reordered.digest).toBe(sha256(`${other.sha256}\n${one.sha256}\n`));
  });

  it('has one unsigned signing per purpose, however many tabs prepare it', async () => {
    await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        store.prepare('q', 'application', [text('application', `${at}\n`)]),
      ),
    );
    await store.prepare('q', 'consent:union_pd', [text('union_pd', 'x\n')]);
    const rows = await database.query("select purpose from signing where account_id = 'q' order by purpose");
    expect(rows).toEqual([{ purpose: 'application' }, { purpose: 'consent:union_pd' }]);
  });

  it('refuses texts of several signers, no text, and a hash of another text', async () => {
    const one = text('union_pd', 'one\n');
    await expect(store.prepare('r', 'membership', [])).rejects.toThrow(RangeError);
    await expect(store.prepare('r', 'membership', [one, { ...one, signer: 'Петрова' }])).rejects.toThrow(
      RangeError,
    );
    await expect(store.prepare('r', 'membership', [{ ...one, body: 'two\n' }])).rejects.toThrow();
  });

  it('signs once, and only what was opened', async () => {
    const signing = await store.prepare('s', 'membership', [text('union_pd', 'one\n')]);
    const act = () => database.transaction((tx) => store.sign(protocol(signing), tx));
    await expect(act()).rejects.toThrow(DocumentsUnopened);
    await store.markOpened('s', signing.documents[0]?.id ?? '');
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, act));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(AlreadySigned);
    }
    expect(await store.markOpened('s', signing.documents[0]?.id ?? '')).toBeUndefined();
  });

  it('refuses a protocol of other documents or another signer', async () => {
    const signing = await store.prepare('t', 'membership', [text('union_pd', 'one\n')]);
    await store.markOpened('t', signing.documents[0]?.id ?? '');
    for (const wrong of [{ digest: '0'.repeat(64) }, { signer: 'Петрова' }]) {
      await expect(
        database.transaction((tx) => store.sign({ ...protocol(signing), ...wrong }, tx)),
      ).rejects.toThrow('not of these');
    }
  });

  it('opens what is one’s own alone', async () => {
    const { documents } = await store.prepare('u', 'membership', [text('union_pd', 'one\n')]);
    expect(await store.markOpened('stranger', documents[0]?.id ?? '')).toBeUndefined();
    expect(await store.document('stranger', documents[0]?.id ?? '')).toBeUndefined();
    expect((await store.markOpened('u', documents[0]?.id ?? ''))?.openedAt).toBeInstanceOf(Date);
  });

  it('knows the consent in force, and a withdrawal ends the older ones, too', async () => {
    await signed('v', 'consent:union_messages', [text('union_messages', 'old\n')], new Date(1_000));
    const { documents } = await signed('v', 'consent:union_messages', [
      { ...text('union_messages', 'new\n'), channels: ['email', 'push'], senders: ['union'] },
    ]);
    const inForce = await store.consent('v', 'union_messages');
    expect(inForce).toMatchObject({ body: 'new\n', channels: ['email', 'push'], senders: ['union'] });
    expect(inForce?.id).toBe(documents[0]?.id);
    expect(await withdraw('stranger', inForce?.id ?? '')).toBeUndefined();
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => withdraw('v', inForce?.id ?? '')));
    expect(outcomes.filter((type) => type === 'union_messages')).toHaveLength(1);
    expect(await store.consent('v', 'union_messages')).toBeUndefined();
    expect((await store.documentsOf('v')).map(({ withdrawnAt }) => withdrawnAt !== undefined)).toEqual([
      true,
      true,
    ]);
  });

  it('never withdraws an application, nor what was never given', async () => {
    const { documents } = await signed('w', 'application', [text('application', 'please\n')]);
    expect(await withdraw('w', documents[0]?.id ?? '')).toBeUndefined();
    const unsigned = await store.prepare('w', 'consent:union_pd', [text('union_pd', 'x\n')]);
    expect(await withdraw('w', unsigned.documents[0]?.id ?? '')).toBeUndefined();
    expect(await store.consent('w', 'union_pd')).toBeUndefined();
  });

  it('takes over ticks on paper, told more than once and in any order', async () => {
    const at = (second: number) => new Date(second * 1_000);
    const tick = (given: boolean, second: number) =>
      database.transaction((tx) =>
        store.recordPaper('x', 'union_pd', given, { at: at(second), by: 'Председатель' }, tx),
      );
    for (let time = 0; time < 2; time += 1) await tick(true, 10);
    expect(await store.consent('x', 'union_pd')).toMatchObject({
      paper: { at: at(10), by: 'Председатель' },
      body: '',
    });
    expect(await store.documentsOf('x')).toHaveLength(1);
    await tick(false, 20);
    await tick(true, 10);
    expect(await store.consent('x', 'union_pd')).toBeUndefined();
    await tick(true, 30);
    expect(await store.consent('x', 'union_pd')).toMatchObject({ paper: { at: at(30) } });
  });

  it('a tick taken away leaves the consent the person signed herself', async () => {
    await signed('y', 'consent:union_pd', [text('union_pd', 'x\n')]);
    await database.transaction((tx) =>
      store.recordPaper('y', 'union_pd', false, { at: new Date(), by: 'Председатель' }, tx),
    );
    expect(await store.consent('y', 'union_pd')).toBeDefined();
  });

  it('remembers which terms were accepted last', async () => {
    expect(await store.acceptedTerms('z')).toBeUndefined();
    await store.acceptTerms('z', '1', 'n');
    await store.acceptTerms('z', '2', 'n');
    expect(await store.acceptedTerms('z')).toBe('2');
  });

  it.each([
    "update document set body = 'other', sha256 = 'other' where account_id = 's'",
    "update document set opened_at = null where account_id = 's'",
    "update document set withdrawn_at = null where account_id = 'v'",
    "delete from document where account_id = 's'",
    "update signing set address = 'other' where account_id = 's'",
    "update signing set signed_at = null where account_id = 's'",
    "delete from signing where account_id = 's'",
    'truncate signing cascade',
    'truncate document',
    'delete from terms_acceptance',
    "update terms_acceptance set version = '3'",
  ])('the database itself refuses «%s»', async (statement) => {
    await expect(database.query(statement)).rejects.toThrow(/cannot be|append-only/);
  });

  it('refuses to add to what is signed', async () => {
    await expect(
      database.query(
        `insert into document (id, account_id, signing_id, place, type, version, title, body, sha256)
         select 'late', account_id, id, 9, 'union_pd', '1', '', '', $1 from signing where account_id = 's'`,
        [sha256('')],
      ),
    ).rejects.toThrow('nothing can be added');
  });

  it('sweeps what was never signed after a while, and nothing else', async () => {
    const { id } = await store.prepare('sweep', 'membership', [text('union_pd', 'x\n')]);
    await signed('sweep', 'application', [text('application', 'x\n')]);
    await database.query("update signing set created_at = now() - interval '91 days' where id = $1", [id]);
    expect(await store.sweep()).toBe(1);
    expect(await store.signing('sweep', id)).toBeUndefined();
    expect(await store.documentsOf('sweep')).toHaveLength(1);
  });

  it('shows the archive every signed act, in pieces', async () => {
    const archive = postgresArchive(database);
    const found: string[] = [];
    for (let after = ''; ; after = found.at(-1) ?? '') {
      const acts = await archive.signedAfter(after, 2);
      for (const { id, documents } of acts) {
        found.push(id);
        expect(documents.length).toBeGreaterThan(0);
        expect(documents.every(({ signing }) => signing?.id === id)).toBe(true);
      }
      if (acts.length === 0) break;
    }
    expect(found).toHaveLength(await archive.signedCount());
    expect(new Set(await archive.signedAmong([...found, 'none']))).toEqual(new Set(found));
  });
});
