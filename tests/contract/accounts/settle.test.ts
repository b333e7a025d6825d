/** SYS-12, SYS-13, SYS-14; security.md class 1: what becomes of a proved identity, on both databases. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { engines } from '../engines.ts';
import { accountIn, ESIA, openScene, RSAA, told, WHERE } from './scene.ts';

const CONFIRMED = 'urn:opo:loa:3';
const PROVE = { kind: 'prove', mailedCode: false, mayCreate: false };

describe.each(engines)('settling on %s', (_name, open) => {
  let database: Database;
  let scene: ReturnType<typeof openScene>;
  beforeAll(async () => {
    database = await open();
    scene = openScene(database);
  });
  afterAll(() => database.close());

  const settle = (...args: Parameters<typeof told>) => scene.settle.settle(WHERE, told(...args));
  const member = async (known?: 'with SNILS' | 'without SNILS') => {
    const person = scene.person();
    await scene.enrol(person, known);
    return { person, accountId: await scene.join(person) };
  };

  it('links whose SNILS, name and birthday the register has, once, with a letter', async () => {
    const { person, accountId } = await member();
    const first = await settle(person);
    expect(first).toEqual({
      ...{ kind: 'signed-in', accountId, acr: CONFIRMED },
      amr: ['fed', 'urn:opo:door:esia'],
    });
    expect(await settle(person)).toEqual(first);
    expect(scene.letters.filter(({ to }) => 'accountId' in to && to.accountId === accountId)).toEqual([
      {
        ...{ template: 'way-added', to: { accountId } },
        facts: { at: new Date(0), network: WHERE.network, way: 'Госуслуги' },
      },
    ]);
    expect(await scene.eventsOf(accountId)).toEqual(['identity_linked']);
  });

  it('never matches again who is linked: what is told is remembered, the account stays', async () => {
    const { person, accountId } = await member();
    await settle(person);
    const later = await settle(person, { family_name: 'Новая', email: 'new@example.test', trusted: false });
    expect(later).toMatchObject({ accountId, acr: 'urn:opo:loa:1' });
    const [link] = await scene.links.linksOf(accountId);
    expect(link?.told).toMatchObject({ family: 'Новая', email: 'new@example.test', confirmed: false });
    expect(await scene.accounts.find(accountId)).toMatchObject({
      name: { family: person.name.family },
      verifiedEmail: person.email,
    });
  });

  it('makes the account of a member who has none, with her ticket and her address', async () => {
    const person = scene.person();
    await scene.enrol(person);
    const id = accountIn(await settle(person));
    expect(await scene.accounts.find(id)).toMatchObject({
      ...{ status: 'confirmed', name: person.name, verifiedEmail: person.email },
      member: { id: person.id, ticket: person.ticket },
    });
    expect(await scene.eventsOf(id)).toEqual(['account_opened', 'member_bound', 'identity_linked']);
  });

  it('of twenty parallel settlements of one identity, there is one account', async () => {
    const person = scene.person();
    await scene.enrol(person);
    const settled = await Promise.all(Array.from({ length: 20 }, () => settle(person)));
    expect(new Set(settled.map(accountIn)).size).toBe(1);
    expect(await scene.accountsOf(person.id)).toEqual([accountIn(settled[0] as (typeof settled)[0])]);
  });

  it('of twenty parallel wishes for a new account, there is one', async () => {
    const proved = told(scene.person());
    const made = await Promise.all(
      Array.from({ length: 20 }, () => scene.settle.create(WHERE, proved, 'ru')),
    );
    const [id, ...others] = new Set(made.map(accountIn));
    expect(others).toEqual([]);
    const [named] = await database.query<{ count: number }>(
      'select count(*)::int as count from account where family_name = $1',
      [String(proved.identity.claims.family_name)],
    );
    expect(named?.count).toBe(1);
    expect(await scene.settle.settle(WHERE, proved)).toMatchObject({ accountId: id });
  });

  it('of two identities that fit one member at once, one is linked, the other is a case', async () => {
    const { person, accountId } = await member();
    const both = await Promise.all([settle(person, { subject: 'one' }), settle(person, { subject: 'two' })]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['case', 'signed-in']);
    expect(await scene.links.linksOf(accountId)).toHaveLength(1);
  });

  it('asks for a proof where the register has no SNILS, and then links', async () => {
    const { person, accountId } = await member('without SNILS');
    expect(await settle(person)).toEqual({ ...PROVE, mailedCode: true });
    expect(await scene.links.linksOf(accountId)).toEqual([]);
    const proofs = await Promise.all([1, 2, 3].map(() => scene.settle.link(WHERE, told(person), accountId)));
    expect(proofs.map(accountIn)).toEqual([accountId, accountId, accountId]);
    expect(await settle(person)).toMatchObject({ kind: 'signed-in', accountId });
    expect(await scene.eventsOf(accountId)).toEqual(['identity_linked']);
  });

  it('a door that was closed opens by itself no more, and after a proof again', async () => {
    const { person, accountId } = await member();
    await settle(person);
    const [link] = await scene.links.linksOf(accountId);
    if (!link) throw new Error('she was not linked');
    await database.transaction((tx) => scene.links.unlink(accountId, link, tx));
    expect(await settle(person)).toEqual(PROVE);
    expect(await scene.links.linksOf(accountId)).toEqual([]);
    expect(accountIn(await scene.settle.link(WHERE, told(person), accountId))).toBe(accountId);
    expect(accountIn(await settle(person))).toBe(accountId);
  });

  it('by РСАА and by ЕСИА it is the same account', async () => {
    const { person, accountId } = await member();
    expect(await settle(person, { upstream: RSAA })).toEqual({ ...PROVE, mailedCode: true });
    await scene.settle.link(WHERE, told(person, { upstream: RSAA }), accountId);
    expect(await settle(person, { upstream: RSAA })).toMatchObject({ accountId, acr: 'urn:opo:loa:2' });
    expect(await settle(person)).toMatchObject({ accountId, acr: CONFIRMED });
  });

  it('opens a case where data differ, with kinds alone in the trail, and what was told sealed', async () => {
    const { person, accountId } = await member();
    const settlement = await settle(person, { family_name: 'Чернова' });
    if (settlement.kind !== 'case') throw new Error(`no case: ${settlement.kind}`);
    expect(settlement.opened.kinds).toEqual(['family_name']);
    const { number } = settlement.opened;
    expect(await settle(person, { family_name: 'Чернова' })).toEqual(settlement);
    const found = await scene.cases.find(number);
    expect(found).toMatchObject({
      ...{ side: 'union', upstream: 'esia', accountId, memberId: person.id, clientId: 'dictation' },
      key: { issuer: 'https://esia.example.test', subject: `oid-of-${person.id}` },
    });
    expect(JSON.stringify(found)).not.toContain('Чернова');
    expect(JSON.parse(scene.cipher.open(found?.told ?? '', 'case-told'))).toMatchObject({
      family: 'Чернова',
    });
    const trail = await database.query('select * from audit where account_id = $1', [accountId]);
    expect(JSON.stringify(trail)).toContain('family_name');
    expect(JSON.stringify(trail)).not.toContain('Чернова');
    expect(JSON.stringify(trail)).not.toContain(person.name.family);
  });

  it('ends the case when the register was put right and she comes again', async () => {
    const { person, accountId } = await member();
    const settlement = await settle(person, { family_name: 'Чернова' });
    await database.query(`update member set family_name = 'Чернова' where id = $1`, [person.id]);
    expect(await settle(person, { family_name: 'Чернова' })).toMatchObject({ kind: 'signed-in', accountId });
    const number = settlement.kind === 'case' ? settlement.opened.number : '';
    expect(await scene.cases.find(number)).toMatchObject({ state: 'retry_ok' });
  });

  it('opens a case after a proof that contradicts, and links nothing', async () => {
    const { person, accountId } = await member('without SNILS');
    const other = scene.person();
    expect(await scene.settle.link(WHERE, told(other), accountId)).toMatchObject({
      kind: 'case',
      opened: { kinds: ['family_name'] },
    });
    expect(await scene.links.linksOf(accountId)).toEqual([]);
    expect(person.name).not.toEqual(other.name);
  });

  it('an account begun without membership becomes the member’s, once it is proved', async () => {
    const person = scene.person();
    await scene.enrol(person);
    const accountId = await scene.join(person, 'nobody');
    expect(await settle(person)).toEqual({ ...PROVE, mailedCode: true });
    expect(accountIn(await scene.settle.link(WHERE, told(person), accountId))).toBe(accountId);
    expect(await scene.accountsOf(person.id)).toEqual([accountId]);
  });

  it('refuses whoever is not confirmed, and whose account is closed to her', async () => {
    const { person, accountId } = await member();
    expect(await settle(person, { trusted: false })).toEqual({ kind: 'refused', reason: 'unconfirmed' });
    await settle(person);
    await database.query(`update account set status = 'locked' where id = $1`, [accountId]);
    expect(await settle(person)).toEqual({ kind: 'refused', reason: 'account_unavailable' });
    expect(await scene.settle.link(WHERE, told(person, { subject: 'x' }), 'nobody')).toEqual({
      kind: 'refused',
      reason: 'account_unavailable',
    });
  });

  it('a ticket that is held back makes no half account', async () => {
    const person = scene.person();
    await scene.enrol(person);
    await database.transaction((tx) =>
      scene.quarantine.put({ kind: 'ticket', value: person.ticket }, { days: 1 }, tx),
    );
    expect(await settle(person)).toEqual({ kind: 'refused', reason: 'account_unavailable' });
    expect(await scene.accountsOf(person.id)).toEqual([]);
    expect(await scene.links.ownerOf(told(person).identity)).toBeUndefined();
  });

  it('a wish for a new account is not granted to whoever has one', async () => {
    const { person, accountId } = await member('without SNILS');
    expect(await scene.settle.create(WHERE, told(person), 'ru')).toEqual({ ...PROVE, mailedCode: true });
    await scene.settle.link(WHERE, told(person), accountId);
    expect(await scene.settle.create(WHERE, told(person), 'ru')).toMatchObject({ accountId });
  });

  describe('takes over nobody’s account', () => {
    it.each([
      ['unverified', { email_verified: false }],
      ['unsaid', { email_verified: undefined }],
      ['a text', { email_verified: 'true' }],
    ])('with her address, %s', async (_how, claims) => {
      const { person: alice, accountId } = await member();
      const stranger = scene.person();
      for (const upstream of [ESIA, RSAA]) {
        const proved = told(stranger, { upstream, email: alice.email.toUpperCase(), ...claims });
        const settlement = await scene.settle.settle(WHERE, proved);
        expect(settlement).toEqual({ kind: 'prove', mailedCode: false, mayCreate: true });
        const made = accountIn(await scene.settle.create(WHERE, proved, 'ru'));
        expect(made).not.toBe(accountId);
        expect((await scene.accounts.find(made))?.verifiedEmail).toBeUndefined();
      }
    });

    it.each([ESIA, RSAA])('with her address, verified by $id', async (upstream) => {
      const { person: alice, accountId } = await member();
      const proved = told(scene.person(), { upstream, email: alice.email.toUpperCase() });
      expect(await scene.settle.settle(WHERE, proved)).toMatchObject({ kind: 'case' });
      expect(await scene.settle.create(WHERE, proved, 'ru')).toMatchObject({ kind: 'case' });
      expect(await scene.settle.link(WHERE, proved, accountId)).toMatchObject({ kind: 'case' });
      expect(await scene.links.linksOf(accountId)).toEqual([]);
    });

    it('with her name and birthday, at an upstream where anybody can say so', async () => {
      const { person: alice, accountId } = await member();
      const proved = told(alice, {
        upstream: RSAA,
        email: 'mallory@example.test',
        snils: alice.snils,
        trusted: true,
      });
      expect(await scene.settle.settle(WHERE, proved)).toEqual(PROVE);
      expect(await scene.links.linksOf(accountId)).toEqual([]);
    });

    it('by having begun to register with her address before she came', async () => {
      const alice = scene.person();
      await database.query(
        `insert into registration (id, email_key, email, password_hash, locale, terms_version, device, network)
         values ($1, $2, $2, 'of mallory', 'ru', '1', '', 'n')`,
        [`registration-${alice.id}`, alice.email],
      );
      const id = accountIn(await scene.settle.create(WHERE, told(alice), 'ru'));
      expect(await scene.accounts.find(id)).toMatchObject({ verifiedEmail: alice.email });
      expect((await scene.accounts.credentialsOf('email', alice.email)).account).toBeUndefined();
      await expect(
        scene.accounts.create({
          ...{ id: `registration-${alice.id}`, locale: 'ru', passwordHash: 'of mallory' },
          email: { key: alice.email, original: alice.email },
        }),
      ).rejects.toThrow();
    });

    it('by an account with her address that nobody has confirmed', async () => {
      const alice = scene.person();
      await database.query(`insert into account (id, status) values ($1, 'new')`, [`of-${alice.id}`]);
      await database.query(
        `insert into identifier (kind, value, account_id, original) values ('email', $1, $2, $1)`,
        [alice.email, `of-${alice.id}`],
      );
      const proved = told(alice);
      expect(await scene.settle.settle(WHERE, proved)).toEqual({
        kind: 'prove',
        mailedCode: false,
        mayCreate: true,
      });
      const made = accountIn(await scene.settle.create(WHERE, proved, 'ru'));
      expect((await scene.accounts.find(made))?.verifiedEmail).toBeUndefined();
    });
  });
});
