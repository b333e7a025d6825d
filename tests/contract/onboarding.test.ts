/** How far the chairs below have come, on both databases: page by page, whoever has come to the end, and who has not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../adapters/database/database.ts';
import { postgresMemberConsents } from '../../adapters/member-consents/postgres.ts';
import { CHECKLIST_ITEMS, type OnboardingBook } from '../../adapters/onboarding/onboarding.ts';
import { postgresOnboarding } from '../../adapters/onboarding/postgres.ts';
import { engines } from './engines.ts';

const TOP = 'R/';
const OURS = { register: true, unfinished: false, limit: 10 };

describe.each(engines)('the book of the chairs below on %s', (_name, open) => {
  let database: Database;
  let book: OnboardingBook;
  beforeAll(async () => {
    database = await open();
    book = postgresOnboarding(database);
    await database.script(`
      insert into organisation (id, kind, name, short_name, region, parent_id, inn, closed_at) values
        ('R', 'regional', 'Край', 'Крайком', 'Край', null, '1000000001', null),
        ('T1', 'territorial', 'Город', 'Горком', 'Край', 'R', '1000000002', null),
        ('P1', 'primary', 'Школа № 1', 'СОШ 1', 'Край', 'T1', '1000000003', null),
        ('P2', 'primary', 'Школа № 2', 'СОШ 2', 'Край', 'T1', '1000000004', null),
        ('P3', 'primary', 'Филиал', 'Филиал', 'Край', 'T1', '1000000004', null),
        ('P4', 'primary', 'Школа № 4', 'СОШ 4', 'Край', 'T1', '1000000005', now()),
        ('T2', 'territorial', 'Район', 'Райком', 'Край', 'R', '1000000006', null),
        ('W', 'without_primary', 'Вне организаций', 'Вне', 'Край', 'T2', null, null),
        ('R2', 'regional', 'Область', 'Обком', 'Область', null, null, null),
        ('T9', 'territorial', 'Чужой город', 'Чужой', 'Область', 'R2', '1000000009', null);
      insert into account (id, family_name, given_name, middle_name)
        values ('a1', 'Орлова', 'Мария', 'Ильинична'), ('a2', 'Зуев', 'Пётр', null), ('a3', null, null, null);
      insert into office (id, account_id, organisation_id, role, granted_by, undertaken_at, undertaken_how, undertaken_by) values
        ('f1', 'a1', 'P1', 'chair', 'operator', now(), 'signed', 'a1'),
        ('f2', 'a2', 'T2', 'chair', 'operator', now(), 'paper', 'operator'),
        ('f3', 'a3', 'P1', 'responsible', 'a1', null, null, null);
      insert into office (id, account_id, organisation_id, role, granted_by, revoked_at, revoked_by)
        values ('f4', 'a2', 'P1', 'chair', 'operator', now(), 'operator');
      insert into credential_batch (id, organisation_id, issued_by, way) values ('b', 'R', 'a0', 'letter');`);
  });
  afterAll(() => database.close());

  const idsOf = async (choice: Partial<Parameters<OnboardingBook['below']>[1]> = {}, path = TOP) =>
    (await book.below(path, { ...OURS, ...choice })).map(({ id }) => id);
  const save = (...tabs: readonly string[]) =>
    database.query(`update passport set ${tabs.map((tab) => `${tab}_version = 1`).join(', ')}
                     where organisation_id = 'P1'`);

  it('lists what is below and open, territorial and primary, in the order of the tree, page by page', async () => {
    const all = ['T1', 'P1', 'P2', 'P3', 'T2'];
    expect(await idsOf()).toEqual(all);
    expect(await idsOf({ limit: 2 })).toEqual(all.slice(0, 2));
    expect(await idsOf({ limit: 2, after: 'R/T1/P1/' })).toEqual(all.slice(2, 4));
    expect(await idsOf({ after: 'R/T2/' })).toEqual([]);
    expect(await idsOf({}, 'R/T1/')).toEqual(['P1', 'P2', 'P3']);
    // A path of another tree leads out of nothing.
    expect(await idsOf({ after: 'R2/' })).toEqual([]);
  });

  it('names the standing officers and their undertakings, and counts the credentials that wait', async () => {
    await database.script(`
      insert into office_credential (id, batch_id, place, organisation_id, role, email_key, email,
                                     secret_hash, issued_at, expires_at, voided_at, voided_by) values
        ('c1', 'b', 0, 'P1', 'chair', 'one@example.test', 'one@example.test', 'x', now(), now() + interval '1 day', null, null),
        ('c2', 'b', 1, 'P1', 'chair', 'two@example.test', 'two@example.test', 'x', now(), now() - interval '1 day', null, null),
        ('c3', 'b', 2, 'P1', 'chair', 'one@example.test', 'one@example.test', 'x', now(), now() + interval '1 day', now(), 'a0'),
        ('c4', 'b', 3, 'P1', 'chair', 'two@example.test', 'two@example.test', null, null, null, null, null);`);
    const [first] = await book.below('R/T1/', { ...OURS, limit: 1 });
    expect(first).toMatchObject({ id: 'P1', name: 'СОШ 1', kind: 'primary', path: 'R/T1/P1/', waiting: 1 });
    expect(first?.officers).toEqual([
      {
        ...{ officeId: 'f1', accountId: 'a1', role: 'chair', name: 'Орлова Мария Ильинична' },
        ...{ done: new Set(), undertaken: { at: expect.any(Date), how: 'signed' } },
      },
      { officeId: 'f3', accountId: 'a3', role: 'responsible', done: new Set() },
    ]);
  });

  it('a tick is set once and taken away once, and none is set for an office that is over', async () => {
    const set = await Promise.all(
      Array.from({ length: 8 }, () =>
        database.transaction((tx) => book.tick('f2', 'client', true, 'a2', tx)),
      ),
    );
    expect(set.filter(Boolean)).toHaveLength(1);
    expect(await book.ticks('f2')).toEqual(new Map([['client', { at: expect.any(Date), by: 'a2' }]]));
    expect(await book.ticks('f1')).toEqual(new Map());
    expect(await book.tick('f2', 'client', false, 'a2')).toBe(true);
    expect(await book.tick('f2', 'client', false, 'a2')).toBe(false);
    expect(await book.tick('f4', 'client', true, 'a2')).toBe(false);
  });

  it('whoever has done everything is at the end; where the register is ours, with the passport', async () => {
    expect(await book.progress(TOP, true)).toEqual({ all: 5, finished: 0 });
    for (const item of CHECKLIST_ITEMS) await book.tick('f2', item, true, 'a2');
    // What she has read counts as ticked, and counts one time.
    for (const item of ['client', 'training', 'video'] as const) await book.tick('f1', item, true, 'a1');
    expect(await book.progress(TOP, false)).toEqual({ all: 5, finished: 1 });
    await database.script(`insert into guide_read (account_id, guide) values
      ('a1', 'video'), ('a1', 'algorithm'), ('a1', 'registry'), ('a3', 'video')`);
    expect(await book.progress(TOP, false)).toEqual({ all: 5, finished: 2 });
    expect(await idsOf({ register: false, unfinished: true })).toEqual(['T1', 'P2', 'P3']);

    await database.script(`insert into passport (organisation_id, changed_by) values ('P1', 'a1')`);
    await save('inpo', 'registration', 'organisation');
    expect(await book.progress(TOP, true)).toEqual({ all: 5, finished: 1 });
    expect(await idsOf({ unfinished: true })).toEqual(['T1', 'P1', 'P2', 'P3']);
    await save('contacts');
    expect(await book.progress(TOP, true)).toEqual({ all: 5, finished: 2 });
    expect(await idsOf({ unfinished: true, limit: 2 })).toEqual(['T1', 'P2']);
    expect(await idsOf({ unfinished: true, limit: 2, after: 'R/T1/P2/' })).toEqual(['P3']);
    expect((await book.below('R/T1/', { ...OURS, limit: 1 }))[0]).toMatchObject({ id: 'P1', passport: true });
    expect(await book.progress('R2/', true)).toEqual({ all: 1, finished: 0 });

    // There is no client to install where the register is ours.
    await book.tick('f1', 'client', false, 'a1');
    expect(await book.progress(TOP, true)).toEqual({ all: 5, finished: 2 });
    expect(await book.progress(TOP, false)).toEqual({ all: 5, finished: 1 });
    await book.tick('f1', 'client', true, 'a1');
  });

  it('without the undertaking nobody is at the end, nor is one whose office is over', async () => {
    const before = await book.progress('R/T2/', false);
    expect([before, await book.progress(TOP, false)]).toEqual([
      { all: 0, finished: 0 },
      { all: 5, finished: 2 },
    ]);
    await database.query(
      `update office set undertaken_at = null, undertaken_how = null, undertaken_by = null where id = 'f1'`,
    );
    expect(await book.progress(TOP, false)).toEqual({ all: 5, finished: 1 });
    await database.query(`update office set revoked_at = now(), revoked_by = 'operator' where id = 'f2'`);
    expect(await book.progress(TOP, false)).toEqual({ all: 5, finished: 0 });
  });

  it('places what is named by id, INN or short name below, and neither itself, a foreign, a closed nor a doubtful one', async () => {
    await database.script(`update organisation set short_name = 'Филиал' where id = 'T2'`);
    const names = ['P1', '1000000003', '1000000004', 'P2', 'R', 'P4', 'T9', '1000000009', 'W', 'nothing'];
    const at = (id: string, name: string, hasChair: boolean) => ({ id, name, kind: 'primary', hasChair });
    expect(await book.placed(TOP, [...names, 'P1', 'сош 2', 'СОШ 4', 'Филиал'])).toEqual(
      new Map([
        ['P1', at('P1', 'СОШ 1', true)],
        ['1000000003', at('P1', 'СОШ 1', true)],
        ['P2', at('P2', 'СОШ 2', false)],
        ['сош 2', at('P2', 'СОШ 2', false)],
      ]),
    );
    expect(await book.placed(TOP, [])).toEqual(new Map());

    const waiting = `insert into office_credential (id, batch_id, place, organisation_id, role, email_key, email,
                                                    secret_hash, issued_at, expires_at)
      values ('c5', 'b', 5, 'P2', 'chair', 'five@example.test', 'five@example.test', 'x', now(), now() + interval '1 day')`;
    await database.script(waiting);
    expect((await book.placed(TOP, ['P2'])).get('P2')?.hasChair).toBe(true);
    await database.script(`update office_credential set voided_at = now(), voided_by = 'a0' where id = 'c5'`);
    expect((await book.placed(TOP, ['P2'])).get('P2')?.hasChair).toBe(false);
  });

  it('says how far the records of an organisation are', async () => {
    const none = { passport: false, members: 0, unconsented: 0, unnumbered: 0, ordered: 0, issued: 0 };
    expect(await book.records('P2')).toEqual(none);
    expect(await book.records('nowhere')).toEqual(none);
    await database.script(`
      insert into member (id, organisation_id, family_name, given_name, birthdate, membership) values
        ('m1', 'P2', 'Арбузова', 'Яна', '1972-07-27', 'member'), ('m2', 'P2', 'Белов', 'Пётр', '1973-07-27', 'member'),
        ('m3', 'P2', 'Волков', 'Олег', '1974-07-27', 'ended'), ('m4', 'P3', 'Юрьев', 'Илья', '1975-07-27', 'member');`);
    expect(await book.records('P2')).toEqual({ ...none, members: 2, unconsented: 2, unnumbered: 2 });
    await database.script(`
      insert into ticket (number, member_id, state) values
        ('9900000000000001', 'm1', 'issued'), ('9900000000000002', 'm2', 'shipped'), ('9900000000000004', 'm4', 'shipped');
      insert into ticket_order (id, organisation_id, state, unit_kopecks, tickets, parcel, submitted_at) values
        (901, 'P2', 'at_committee', 1700, 2, 'parcel', now()), (902, 'P2', 'draft', 1700, 7, null, null),
        (903, 'P3', 'submitted', 1700, 1, null, now());
      insert into ticket_order_line (order_id, member_id, ticket_number, outcome, settled_at, settled_by) values
        (901, 'm1', '9900000000000001', 'issued', now(), 'a1'), (901, 'm2', '9900000000000002', null, null, null),
        (903, 'm4', '9900000000000004', null, null, null);`);
    const tick = { type: 'union_pd', given: true, dated: '2026-03-12' } as const;
    const by = { accountId: 'a1', name: 'Орлова Мария, председатель' };
    await postgresMemberConsents(database).tick('P2', [{ memberId: 'm2', ...tick }], by);
    const far = { ...none, members: 2, unconsented: 1, ordered: 2, issued: 1 };
    expect(await book.records('P2')).toEqual(far);
    await database.query(`update ticket set state = 'blocked' where member_id = 'm2'`);
    expect(await book.records('P2')).toEqual({ ...far, unnumbered: 1 });
  });
});
