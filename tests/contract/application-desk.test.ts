/** The desk of chairs: whose applications they see, what an acceptance writes, and that the first decision counts. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecidedApplication, DeskScope } from '../../adapters/application-desk/application-desk.ts';
import { postgresDesk } from '../../adapters/application-desk/postgres.ts';
import { returnedNames } from '../../adapters/application-desk/postgres-names.ts';
import { postgresOverdue } from '../../adapters/application-desk/postgres-overdue.ts';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../adapters/database/database.ts';
import { postgresRegistry } from '../../adapters/registry/postgres.ts';
import { postgresTicketRanges } from '../../adapters/ticket-ranges/postgres.ts';
import { seedRegister } from '../../sandbox/people/seed.ts';
import { engines } from './engines.ts';
import { applicationOf } from './registry/registry-contract.ts';

const BY = { by: 'chair' };
const NEXT = { ticket: { kind: 'next' }, ...BY } as const;
const P01: DeskScope = { organisationId: 'P-01' };
const DAY = 24 * 3_600_000;

describe.each(engines)('the desk of chairs on %s', (_name, open) => {
  let database: Database;
  let desk: ReturnType<typeof postgresDesk>;
  let names: ReturnType<typeof returnedNames>;
  let submit: (changes?: Parameters<typeof applicationOf>[0]) => Promise<string>;
  let family = 0;
  beforeAll(async () => {
    database = await open();
    await seedRegister(database);
    const cipher = aesGcm([{ id: 'k', key: randomBytes(32) }]);
    const ranges = postgresTicketRanges(database);
    desk = postgresDesk(database, {
      ...{ cipher, ranges },
      employmentOf: (said) => (said === 'Работник' ? 'worker' : undefined),
    });
    names = returnedNames(database);
    const registry = postgresRegistry(database, { cipher, admitsNobody: 'нет' });
    submit = async (changes) => {
      family += 1;
      const application = applicationOf({ family: `Ветрова${'а'.repeat(family)}`, ...changes });
      await registry.submit(application);
      return application.id;
    };
    await ranges.add('9900000000008000', '9900000000008099', 'operator');
  });
  afterAll(() => database.close());

  const idsOf = async (scope: DeskScope) => (await desk.waiting(scope)).map(({ application: { id } }) => id);

  it('shows the applications of one organisation, and nothing of another', async () => {
    const [own, foreign] = [await submit(), await submit({ organisationId: 'P-02' })];
    expect(await idsOf(P01)).toContain(own);
    expect(await idsOf(P01)).not.toContain(foreign);
    expect(await desk.find('P-01', foreign)).toBeUndefined();
    expect(await desk.accept(foreign, P01, BY)).toEqual({ kind: 'not-waiting' });
    expect(await desk.decline(foreign, P01, { state: 'rejected', reason: 'нет', ...BY })).toBe(false);
  });

  it('an acceptance makes a card with what the application says, gives the next number, erases the rest', async () => {
    const id = await submit({ employment: 'Работник' });
    const verdict = await desk.accept(id, P01, NEXT);
    expect(verdict).toEqual({
      kind: 'accepted',
      memberId: expect.any(String),
      ticket: expect.stringMatching(/^99000000000080\d\d$/),
    });
    const application = applicationOf();
    expect(
      await database.query(
        `select m.sex, m.phone, m.email, m.employment, m.membership, m.joined_on = m.on_record_since as today, a.sealed
           from member m join register_application a on a.member_id = m.id where a.id = $1`,
        [id],
      ),
    ).toEqual([
      {
        ...{ sex: application.sex, phone: application.phone, email: application.email },
        ...{ employment: 'worker', membership: 'member', today: true, sealed: null },
      },
    ]);
    expect(await desk.find('P-01', id)).toMatchObject({
      ...{ state: 'accepted', decidedBy: 'chair', decidedAt: expect.any(Date) },
      member: { ticket: verdict.kind === 'accepted' ? verdict.ticket : undefined },
    });
    expect((await desk.decided('P-01', { limit: 1 }))[0]).toMatchObject({ id, state: 'accepted' });
    expect(await desk.accept(id, P01, BY)).toEqual({ kind: 'not-waiting' });
  });

  it('names the applications of a member, the latest first, at her organisation alone', async () => {
    const [first, second] = [await submit({ purpose: 'enrolment' }), await submit({ purpose: 'enrolment' })];
    for (const id of [first, second]) await desk.accept(id, P01, { memberId: 'M-16', ...BY });
    const named = await desk.ofMember('P-01', 'M-16', 5);
    expect(named.map(({ id, state }) => [id, state])).toEqual([
      [second, 'accepted'],
      [first, 'accepted'],
    ]);
    expect((await desk.ofMember('P-01', 'M-16', 1)).map(({ id }) => id)).toEqual([second]);
    expect(await desk.ofMember('P-02', 'M-16', 5)).toEqual([]);
  });

  it('finds the card of whoever is on record, and keeps it: M-15 with her paper ticket', async () => {
    const person = { family: 'ТИХОНОВА', given: 'Лидия', middle: 'Марковна', birthdate: '1958-11-11' };
    const id = await submit({ ...person, purpose: 'enrolment', phone: '+79000000099' });
    const waiting = await desk.find('P-01', id);
    if (!waiting || !('application' in waiting)) throw new Error('it does not wait');
    expect(await desk.namesakes(waiting.application)).toEqual([
      {
        ...{ memberId: 'M-15', membership: 'member', family: 'Тихонова', given: 'Лидия', middle: 'Марковна' },
        ...{ hasTicket: false, elsewhere: false },
      },
    ]);
    const verdict = await desk.accept(id, P01, { ...NEXT, memberId: 'M-15' });
    expect(verdict).toMatchObject({ kind: 'accepted', memberId: 'M-15', ticket: expect.any(String) });
    expect(
      await database.query(`select family_name, phone, joined_on from member where id = 'M-15'`),
    ).toEqual([{ family_name: 'Тихонова', phone: '+79000000099', joined_on: null }]);
  });

  it('takes nobody away from another organisation, and gives nobody a second ticket', async () => {
    const id = await submit();
    expect(await desk.accept(id, P01, { ...NEXT, memberId: 'M-03' })).toEqual({ kind: 'no-such-member' });
    const typed = { kind: 'typed', number: '9900000000008999' } as const;
    expect(await desk.accept(id, P01, { ticket: typed, memberId: 'M-01', ...BY })).toEqual({
      kind: 'ticket-taken',
    });
    const kept = await desk.accept(id, P01, { ...NEXT, memberId: 'M-01' });
    expect(kept).toEqual({ kind: 'accepted', memberId: 'M-01', ticket: '9900000000000011' });
  });

  it('a refused acceptance leaves neither card nor number behind', async () => {
    const id = await submit();
    const count = async () => (await database.query('select count(*) from member'))[0];
    const before = await count();
    const typed = { kind: 'typed', number: '9900000000000011' } as const;
    expect(await desk.accept(id, P01, { ticket: typed, ...BY })).toEqual({ kind: 'ticket-taken' });
    expect(await count()).toEqual(before);
    expect(await idsOf(P01)).toContain(id);
  });

  it('those above decide what was escalated, and nothing else', async () => {
    const id = await submit();
    const above: DeskScope = { organisationId: 'P-01', escalated: true };
    const below: DeskScope = { escalatedBelow: 'R-01/T-01/' };
    const decision = { state: 'returned', reason: 'Укажите телефон', by: 'above' } as const;
    expect(await idsOf(below)).not.toContain(id);
    expect(await desk.decline(id, above, decision)).toBe(false);
    await database.query('update register_application set escalated_at = now() where id = $1', [id]);
    expect(await idsOf(below)).toContain(id);
    expect(await idsOf({ escalatedBelow: 'R-02/' })).not.toContain(id);
    expect(await desk.decline(id, above, decision)).toBe(true);
    expect(await desk.find('P-01', id)).toMatchObject({ state: 'returned', reason: 'Укажите телефон' });
    await names.sweep();
    const { applicant } = (await desk.find('P-01', id)) as DecidedApplication;
    expect(applicant).toMatch(/^Ветрова+ [А-Я]\. [А-Я]\.$/);
    const [row] = await database.query('select a::text as row from register_application a where id = $1', [
      id,
    ]);
    expect(String(row?.row)).not.toContain('Ветрова');
    const [listed] = (await desk.decided('P-01', { limit: 50 })).filter((one) => one.id === id);
    expect(listed?.applicant).toBe(applicant);
    await database.query(
      `update register_application set decided_at = decided_at - interval '91 days' where id = $1`,
      [id],
    );
    expect(await names.sweep()).toBe(1);
    expect(await desk.find('P-01', id)).not.toHaveProperty('applicant');
  });

  it('goes on page by page, the eldest first', async () => {
    const scope: DeskScope = { organisationId: 'P-03' };
    const ids = [];
    for (let at = 0; at < 3; at += 1) ids.push(await submit({ organisationId: 'P-03' }));
    const [first] = await desk.waiting(scope, { limit: 1 });
    expect(first?.application.id).toBe(ids[0]);
    const rest = await desk.waiting(scope, { after: ids[0] ?? '', limit: 5 });
    expect(rest.map(({ application: { id } }) => id)).toEqual(ids.slice(1));
  });

  it('each application is reminded of and escalated one time', async () => {
    const id = await submit({ organisationId: 'P-04' });
    await database.query('update register_application set received_at = $2 where id = $1', [
      id,
      new Date(Date.now() - 5 * DAY),
    ]);
    const overdue = postgresOverdue(database);
    const [early, late] = [new Date(Date.now() - 6 * DAY), new Date(Date.now() - 4 * DAY)];
    expect(await overdue.overdue('reminded', early, { limit: 100 })).not.toContain('P-04');
    expect(await overdue.overdue('reminded', late, { limit: 100 })).toContain('P-04');
    // Page by page, behind the last one.
    const all = await overdue.overdue('reminded', late, { limit: 100 });
    const before = all[all.indexOf('P-04') - 1];
    const behind = await overdue.overdue('reminded', late, { limit: 1, ...(before && { after: before }) });
    expect(behind).toEqual(['P-04']);
    expect(await overdue.overdue('reminded', late, { limit: 100, after: 'P-04' })).not.toContain('P-04');
    const take = () => database.transaction((tx) => overdue.take('reminded', 'P-04', late, tx));
    const takes = await Promise.all([take(), take()]);
    expect(takes.sort()).toEqual([0, 1]);
    expect(await overdue.overdue('reminded', late, { limit: 100 })).not.toContain('P-04');
    expect(await overdue.overdue('escalated', late, { limit: 100 })).toContain('P-04');
    expect((await desk.waiting({ organisationId: 'P-04' }))[0]).toMatchObject({
      remindedAt: expect.any(Date),
    });
  });

  it('of several chairs at once one decides', async () => {
    const id = await submit();
    const accept = () => desk.accept(id, P01, NEXT);
    const decline = () => desk.decline(id, P01, { state: 'rejected', reason: 'нет', ...BY });
    const outcomes = await Promise.all([accept(), decline(), accept(), decline()]);
    const won = outcomes.filter((each) => (typeof each === 'boolean' ? each : each.kind === 'accepted'));
    expect(won).toHaveLength(1);
    expect(
      await database.query('select count(*)::int as told from register_change where application_id = $1', [
        id,
      ]),
    ).toEqual([{ told: 2 }]);
  });
});
