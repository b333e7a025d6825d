/** Staff roles, cases and non-working days, as an operator sees to them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresCases } from '../../../adapters/case-store/postgres.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { type Environment, unionId, withDatabase } from './union-id.ts';

describe('the desk, from the command line', { timeout: 60_000 }, () => {
  let environment: Environment;
  let database: Database;
  beforeAll(async () => {
    ({ environment, database } = await withDatabase());
    await database.script(
      `insert into account (id) values ('acc-1');
       insert into identifier (kind, value, account_id, original, confirmed_at)
       values ('email', 'ryabov@example.test', 'acc-1', 'ryabov@example.test', now())`,
    );
  });
  afterAll(() => database.close());

  const run = (...args: string[]) => unionId(environment, ...args);
  const audited = (event: string) =>
    database.query<{ actor: string; account_id: string | null; detail: object }>(
      'select actor, account_id, detail from audit where event = $1 order by id',
      [event],
    );

  test('staff: granted once, revoked once, each of it audited', async () => {
    const role = ['--email', 'Ryabov@example.test', '--role', 'union_operator'];
    expect(await run('staff', 'grant', ...role)).toMatchObject({ code: 0, out: 'granted: union_operator\n' });
    expect(await run('staff', 'grant', ...role)).toMatchObject({
      code: 0,
      out: 'has it already: union_operator\n',
    });
    expect(await database.query('select account_id, granted_by from staff_role')).toEqual([
      { account_id: 'acc-1', granted_by: 'operator' },
    ]);
    expect(await run('staff', 'revoke', ...role)).toMatchObject({
      code: 0,
      out: 'revoked: union_operator\n',
    });
    expect(await database.query('select 1 from staff_role')).toEqual([]);
    for (const event of ['staff_granted', 'staff_revoked']) {
      expect(await audited(event)).toEqual([
        { actor: 'operator', account_id: 'acc-1', detail: { role: 'union_operator' } },
      ]);
    }
    expect(
      await run('staff', 'grant', '--email', 'nobody@example.test', '--role', 'union_operator'),
    ).toMatchObject({ code: 1, err: 'No account has this address.\n' });
    expect(await run('staff', 'grant', '--email', 'ryabov@example.test', '--role', 'king')).toMatchObject({
      code: 1,
      err: '--role must be one of union_operator, administrator.\n',
    });
  });

  test('staff: whoever has lost her devices begins anew', async () => {
    await database.script(
      `insert into code_app (id, account_id, name, secret, last_step) values ('app', 'acc-1', 'Телефон', 'x', 0);
       insert into recovery_code (account_id, code_hash) values ('acc-1', 'a'), ('acc-1', 'b');
       insert into account_protection (account_id, user_handle, always_asked_at) values ('acc-1', 'h', now())`,
    );
    const forget = () => run('staff', 'forget-devices', '--email', 'ryabov@example.test');
    expect(await forget()).toMatchObject({ code: 0, out: 'forgotten: 3\n' });
    expect(await forget()).toMatchObject({ code: 0, out: 'forgotten: 0\n' });
    expect(await database.query('select always_asked_at from account_protection')).toEqual([
      { always_asked_at: null },
    ]);
    expect((await audited('factors_forgotten')).map(({ detail }) => detail)).toEqual([
      { count: 3 },
      { count: 0 },
    ]);
  });

  test('cases: kinds, states and times, and nothing of anybody', async () => {
    expect(await run('cases', 'list')).toMatchObject({ code: 0, out: '', err: 'There are no cases.\n' });
    const { number } = await postgresCases(database).open({
      ...{
        side: 'school',
        schoolId: 'P-08',
        schoolPersonId: 'K-10',
        upstream: 'esia',
        clientId: 'epos-portal',
      },
      key: { issuer: 'https://esia.test', subject: '1000000110' },
      ...{ accountId: 'acc-1', kinds: ['family_name', 'email'], told: 'sealed' },
    });
    expect((await run('cases', 'list')).out).toBe('');
    const { out } = await run('cases', 'list', '--school', 'P-08');
    expect(out).toMatch(new RegExp(`^number .*\n${number} +open +\\d{4}-.* +esia +family_name, email\n$`));
    const shown = await run('cases', 'show', number);
    expect(shown.out).toMatch(/side +school\nschool +P-08\nstate +open\nkinds +family_name, email\n/);
    expect(out + shown.out).not.toMatch(/1000000110|acc-1|K-10|sealed/);
    expect(await run('cases', 'show', '1999-000001')).toMatchObject({
      code: 1,
      err: 'There is no case 1999-000001.\n',
    });
  });

  test('holidays: known ones are listed, others added once', async () => {
    expect((await run('holidays', 'list', '--from', '31.12.2026')).out).toMatch(
      /^2026-12-31 {2}перенос с 4 января\n/,
    );
    const add = () => run('holidays', 'add', '11.06.2027', '--name', 'перенос');
    expect(await add()).toMatchObject({ code: 0, out: '2027-06-11 is a non-working day\n' });
    expect(await add()).toMatchObject({ code: 0, out: '2027-06-11 is one already\n' });
    expect(await audited('holiday_added')).toEqual([
      { actor: 'operator', account_id: null, detail: { day: '2027-06-11' } },
    ]);
    expect(await run('holidays', 'add', '31.02.2027', '--name', 'x')).toMatchObject({ code: 1 });
  });
});
