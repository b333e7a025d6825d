/** Ticks in the card of a member beside what she signs herself: what counts, what is told on, and whose cards they are. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresDocuments } from '../../adapters/document-store/postgres.ts';
import type { PaperTick } from '../../adapters/member-consents/member-consents.ts';
import { postgresMemberConsents } from '../../adapters/member-consents/postgres.ts';
import { postgresRegistry } from '../../adapters/registry/postgres.ts';
import { engines } from './engines.ts';

const BY = { accountId: 'chair', name: 'Васильева Нина Романовна, председатель' };
const DAY = '2026-03-12';

const yes = (memberId: string, type: PaperTick['type'], dated = DAY): PaperTick => ({
  ...{ memberId, type, dated },
  given: true,
});

describe.each(engines)('consents of members on %s', (_, open) => {
  let database: Database;
  let scenes = 0;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  /** Two organisations of its own; ids of members as a test names them get a mark of the scene. */
  async function scene() {
    scenes += 1;
    const [own, other] = [`P-${scenes}`, `P-${scenes}-other`];
    const id = (member: string) => `${member}-${scenes}`;
    await database.script(`
      insert into organisation (id, kind, name, short_name, region) values
        ('${own}', 'primary', 'Лицей', 'Лицей', 'Край'), ('${other}', 'primary', 'Школа', 'Школа', 'Край');
      insert into member (id, organisation_id, family_name, given_name, birthdate, membership) values
        ('${id('M1')}', '${own}', 'Арбузова', 'Яна', '1972-07-27', 'member'),
        ('${id('M2')}', '${own}', 'Белов', 'Пётр', '1973-07-27', 'member'),
        ('${id('M3')}', '${own}', 'Волков', 'Олег', '1974-07-27', 'ended'),
        ('${id('M9')}', '${other}', 'Юрьев', 'Илья', '1975-07-27', 'member');`);
    const [M1, M2, M9] = [id('M1'), id('M2'), id('M9')];
    const [{ position } = { position: '0' }] = await database.query<{ position: string }>(
      'select coalesce(max(id), 0)::text as position from register_change',
    );
    const consents = postgresMemberConsents(database);
    const documents = postgresDocuments(database);
    const cipher = aesGcm([{ id: 'k', key: randomBytes(32) }]);
    const registry = postgresRegistry(database, { cipher, admitsNobody: 'нет' });
    const account = async (memberId: string): Promise<string> => {
      const id = randomUUID();
      await database.query('insert into account (id) values ($1)', [id]);
      await database.query('update account set member_id = $2 where id = $1', [id, memberId]);
      return id;
    };
    const sign = async (accountId: string): Promise<string> => {
      const body = 'Согласие\n';
      const sha256 = createHash('sha256').update(body).digest('hex');
      const signing = await documents.prepare(accountId, 'consent:union_pd', [
        { type: 'union_pd', version: 'v2', title: 'Согласие', body, sha256, signer: 'Арбузова Яна' },
      ]);
      const [document] = signing.documents;
      if (!document) throw new Error('nothing to sign');
      await documents.markOpened(accountId, document.id);
      const { id, signer, digest } = signing;
      const protocol = { id, accountId, signer, digest, address: 'a@example.test', signedAt: new Date() };
      await database.transaction((tx) =>
        documents.sign({ ...protocol, termsVersion: 'v1', network: '127.0.0.1', device: 'test' }, tx),
      );
      return document.id;
    };
    const told = async () => {
      const { changes } = await registry.changes(position);
      return changes.flatMap((change) =>
        change.kind === 'member' ? { id: change.member.id, consents: change.consents ?? [] } : [],
      );
    };
    return { ...{ own, M1, M2, M9 }, consents, documents, account, sign, told };
  }

  it('a tick counts, is in the history with who and when, and is told on', async () => {
    const { own, M1, M2, consents, told } = await scene();
    expect(await consents.tick(own, [yes(M1, 'union_pd'), yes(M1, 'finfort_pd')], BY)).toEqual([
      'ticked',
      'ticked',
    ]);
    expect(await consents.tick(own, [yes(M1, 'union_pd')], BY)).toEqual(['same']);
    expect(await consents.standing([M1, M2, 'nobody'])).toEqual(
      new Map([
        [M1, new Set(['union_pd', 'finfort_pd'])],
        [M2, new Set()],
      ]),
    );
    const card = (await consents.card(own, M1))?.consents;
    expect(card?.union_pd).toEqual({
      type: 'union_pd',
      state: 'given',
      tick: { given: true, dated: DAY, at: expect.any(Date), by: BY.name },
    });
    expect(card?.union_messages).toEqual({ type: 'union_messages', state: 'none' });
    const tick = { given: true, by: BY.name, dated: DAY };
    expect(await told()).toEqual([
      {
        id: M1,
        consents: [
          { ...tick, type: 'finfort_pd', at: card?.finfort_pd.tick?.at.toISOString() },
          { ...tick, type: 'union_pd', at: card?.union_pd.tick?.at.toISOString() },
        ],
      },
    ]);
  });

  it('«no» is another answer than none, and a «no» after a «yes» a withdrawal', async () => {
    const { own, M1, consents } = await scene();
    await consents.tick(own, [{ ...yes(M1, 'finfort_pd'), given: false }, yes(M1, 'union_pd')], BY);
    await consents.tick(own, [{ ...yes(M1, 'union_pd'), given: false }], BY);
    const card = (await consents.card(own, M1))?.consents;
    expect([card?.finfort_pd.state, card?.union_pd.state]).toEqual(['refused', 'withdrawn']);
    expect((await consents.history(M1)).map(({ type, given }) => [type, given])).toEqual([
      ['union_pd', false],
      ['union_pd', true],
      ['finfort_pd', false],
    ]);
  });

  it('what she signed is hers alone to withdraw; after that, a paper of an earlier day counts no more', async () => {
    const { own, M1, consents, documents, account, sign } = await scene();
    const owner = await account(M1);
    const document = await sign(owner);
    expect((await consents.card(own, M1))?.consents.union_pd).toMatchObject({
      state: 'given',
      signed: { version: 'v2' },
    });
    expect(await consents.tick(own, [{ ...yes(M1, 'union_pd'), given: false }], BY)).toEqual(['signed']);
    await database.transaction((tx) => documents.withdraw(owner, document, tx));
    expect((await consents.card(own, M1))?.consents.union_pd).toMatchObject({ state: 'withdrawn' });
    expect(await consents.standing([M1])).toEqual(new Map([[M1, new Set()]]));
    expect(await consents.tick(own, [yes(M1, 'union_pd')], BY)).toEqual(['withdrawn-later']);
    expect(await consents.tick(own, [yes(M1, 'union_pd', '2999-01-01')], BY)).toEqual(['ticked']);
    expect(await consents.standing([M1])).toEqual(new Map([[M1, new Set(['union_pd'])]]));
  });

  it('a withdrawal in the account ends a tick', async () => {
    const { own, M1, consents, documents, account, told } = await scene();
    const owner = await account(M1);
    await consents.tick(own, [yes(M1, 'finfort_pd')], BY);
    const [tick] = await consents.history(M1);
    if (!tick) throw new Error('no tick');
    await database.transaction((tx) => documents.recordPaper(owner, 'finfort_pd', true, tick, tx));
    const [document] = await documents.documentsOf(owner);
    await database.transaction((tx) => documents.withdraw(owner, document?.id ?? '', tx));
    expect(await consents.standing([M1])).toEqual(new Map([[M1, new Set()]]));
    // Told again, as the feed may, it gives nothing back.
    expect(await told()).toHaveLength(1);
    await database.transaction((tx) => documents.recordPaper(owner, 'finfort_pd', true, tick, tx));
    expect(await consents.standing([M1])).toEqual(new Map([[M1, new Set()]]));
    expect(await documents.consent(owner, 'finfort_pd')).toBeUndefined();
  });

  it('older ticks are told as soon as the member has an account', async () => {
    const { own, M1, M2, consents, account, told } = await scene();
    await consents.tick(own, [yes(M1, 'finfort_pd')], BY);
    await account(M1);
    await account(M2);
    expect((await told()).map(({ id }) => id)).toEqual([M1, M1]);
  });

  it('cards of other organisations do not exist here', async () => {
    const { own, M9, consents, told } = await scene();
    expect(await consents.card(own, M9)).toBeUndefined();
    expect(await consents.tick(own, [yes(M9, 'union_pd')], BY)).toEqual(['not-here']);
    expect(await told()).toEqual([]);
  });

  it('lists members by name, those without a consent, page by page, and counts them', async () => {
    const { own, M1, M2, consents } = await scene();
    await consents.tick(own, [yes(M1, 'union_pd')], BY);
    const names = async (asked: Partial<Parameters<typeof consents.list>[1]>) =>
      (await consents.list(own, { limit: 10, ...asked })).map(({ memberId }) => memberId);
    expect(await names({})).toEqual([M1, M2]);
    expect(await names({ lacking: 'union_pd' })).toEqual([M2]);
    expect(await names({ lacking: 'any' })).toEqual([M1, M2]);
    expect(await names({ limit: 1 })).toEqual([M1]);
    expect(await names({ after: M1 })).toEqual([M2]);
    expect(await consents.counts(own)).toEqual({
      members: 2,
      lacking: { any: 2, union_pd: 1, finfort_pd: 2, union_messages: 2 },
    });
    expect(await consents.counts('nowhere')).toEqual({
      members: 0,
      lacking: { any: 0, union_pd: 0, finfort_pd: 0, union_messages: 0 },
    });
  });

  it('a tick can be neither changed nor removed', async () => {
    const { own, M1, consents } = await scene();
    await consents.tick(own, [yes(M1, 'union_pd')], BY);
    await expect(database.query('update member_consent set given = false')).rejects.toThrow('append-only');
    await expect(database.query('delete from member_consent')).rejects.toThrow('append-only');
  });
});
