/** An operator decides on applications where the register is kept by ourselves. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { postgresRegistry } from '../../../adapters/registry/postgres.ts';
import { readConfig } from '../../../provider/config.ts';
import { seedRegister } from '../../../sandbox/people/seed.ts';
import { applicationOf } from '../../contract/registry/registry-contract.ts';
import { type Environment, unionId, withDatabase } from './union-id.ts';

const NUMBER = '9900000000005001';

describe('union-id applications', { timeout: 60_000 }, () => {
  let environment: Environment;
  let database: Database;
  let submit: (changes?: Parameters<typeof applicationOf>[0]) => Promise<string>;
  beforeAll(async () => {
    ({ environment, database } = await withDatabase());
    await seedRegister(database);
    const cipher = aesGcm(readConfig(environment).secrets.encryptionKeys);
    const registry = postgresRegistry(database, { cipher, admitsNobody: 'нет' });
    submit = async (changes) => {
      const application = applicationOf(changes);
      await registry.submit(application);
      return application.id;
    };
  });
  afterAll(() => database.close());

  const run = (...args: string[]) => unionId(environment, 'applications', ...args);
  const row = async (id: string) =>
    (
      await database.query(
        'select state, reason, member_id, sealed from register_application where id = $1',
        [id],
      )
    )[0];

  test('list: who waits, and nothing when nobody does', async () => {
    expect(await run('list')).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('No application waits'),
    });
    const id = await submit();
    const { out } = await run('list');
    expect(out.split('\n').find((line) => line.startsWith(id))).toMatch(
      /joining\s+МБОУ СОШ № 15 г. Васильевска\s+Ветрова Ольга Ивановна\s+1990-05-17/,
    );
    await run('reject', id, '--reason', 'Не работает в организации');
    expect(await row(id)).toEqual({
      state: 'rejected',
      reason: 'Не работает в организации',
      member_id: null,
      sealed: null,
    });
    expect((await run('list')).out).toBe('');
  });

  test('accept: a new member with a number, once', async () => {
    const id = await submit();
    expect(await run('accept', id, '--ticket', '9900 0000 0000 5001')).toMatchObject({ code: 0 });
    const rows = await database.query(
      `select m.family_name, m.membership, t.number, t.state from register_application a
         join member m on m.id = a.member_id join ticket t on t.member_id = m.id where a.id = $1`,
      [id],
    );
    expect(rows).toEqual([
      { family_name: 'Ветрова', membership: 'member', number: NUMBER, state: 'number_assigned' },
    ]);
    for (const again of [
      ['accept', id],
      ['return', id, '--reason', 'поздно'],
    ]) {
      expect(await run(...again)).toMatchObject({
        code: 1,
        err: expect.stringContaining('No such application waits'),
      });
    }
  });

  test('accept: the next number of the ranges, none twice, and none when none is left', async () => {
    const tickets = (...args: string[]) => unionId(environment, 'tickets', 'range', ...args);
    expect(await tickets('list')).toMatchObject({ err: expect.stringContaining('no ranges') });
    const range = ['--first', '9900 0000 0000 7001', '--last', '9900 0000 0000 7001'];
    expect(await tickets('add', ...range)).toMatchObject({ code: 0, out: '1 number(s) added\n' });
    expect(await tickets('add', ...range)).toMatchObject({
      code: 1,
      err: expect.stringContaining('already'),
    });
    const backwards = ['--first', '9900000000007009', '--last', '9900000000007008'];
    expect(await tickets('add', ...backwards)).toMatchObject({ code: 1 });
    const [one, other] = [await submit(), await submit({ family: 'Вторая' })];
    const members = () => database.query('select count(*) from member');
    expect(await run('accept', one, '--ticket', 'next')).toMatchObject({
      code: 0,
      out: expect.stringContaining('ticket 9900000000007001'),
    });
    const before = await members();
    expect(await run('accept', other, '--ticket', 'next')).toMatchObject({
      code: 1,
      err: expect.stringContaining('No number is left'),
    });
    expect(await members()).toEqual(before);
    expect(await row(other)).toMatchObject({ state: 'received' });
    expect((await tickets('list')).out).toMatch(/9900000000007001\s+9900000000007001\s+0\s/);
  });

  test('accept: somebody with a paper ticket keeps her card', async () => {
    const id = await submit({ purpose: 'enrolment', family: 'Тихонова' });
    expect(await run('accept', id, '--member', 'M-15')).toMatchObject({ code: 0 });
    expect(await row(id)).toMatchObject({ state: 'accepted', member_id: 'M-15' });
  });

  test.each([
    ['a number that is somebody’s', ['--ticket', '9900000000000011'], 'Numbers are never given twice'],
    [
      'a number that was replaced',
      ['--ticket', '9900000000000193', '--member', 'M-19'],
      'Numbers are never given twice',
    ],
    ['no number at all', ['--ticket', '12'], '16 digits'],
    ['nobody’s card', ['--member', 'M-99'], 'no such member'],
  ])('accept refuses %s, and the application still waits', async (_, options, words) => {
    const id = await submit();
    const before = await database.query('select count(*) from member');
    expect(await run('accept', id, ...options)).toMatchObject({
      code: 1,
      err: expect.stringContaining(words),
    });
    expect(await row(id)).toMatchObject({ state: 'received' });
    expect(await database.query('select count(*) from member')).toEqual(before);
  });

  test('return wants a reason, and an id that is there', async () => {
    const id = await submit();
    expect(await run('return', id)).toMatchObject({ code: 2 });
    expect(await run('return', id, '--reason', '  ')).toMatchObject({ code: 1 });
    expect(await run('return', randomUUID(), '--reason', 'да')).toMatchObject({ code: 1 });
    expect(await run('return', id, '--reason', 'Укажите подразделение')).toMatchObject({ code: 0 });
    expect(await row(id)).toMatchObject({ state: 'returned', reason: 'Укажите подразделение' });
  });

  test('the trail says who decided, and names nobody', async () => {
    const rows = await database.query(`select actor, detail from audit where event = 'application_decide'`);
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(rows.every(({ actor }) => actor === 'operator')).toBe(true);
    expect(JSON.stringify(rows)).not.toMatch(/\p{Script=Cyrillic}/u);
  });

  test('where another system keeps the register, it is decided there', async () => {
    const elsewhere = {
      ...environment,
      REGISTRY_URL: 'https://ais.example.org',
      REGISTRY_TOKEN: 'sixteen characters',
    };
    expect(await unionId(elsewhere, 'applications', 'list')).toMatchObject({
      code: 1,
      err: expect.stringContaining('decided there'),
    });
  });
});
