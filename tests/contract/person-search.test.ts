import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../adapters/database/database.ts';
import type { FoundPerson } from '../../adapters/person-search/person-search.ts';
import { postgresPersonSearch } from '../../adapters/person-search/postgres.ts';
import { engines } from './engines.ts';

const CROWD = 20_000;

describe.each(engines)('the search of people on %s', (_name, openDatabase) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase();
    await database.script(`
      insert into organisation (id, kind, name, short_name, region) values
        ('P-1', 'primary', 'Первая', 'ППО 1', 'Край'), ('P-2', 'primary', 'Вторая', 'ППО 2', 'Край');
      insert into member (id, organisation_id, family_name, given_name, middle_name, birthdate, membership,
                          snils_hmac, phone, email) values
        ('ivanova', 'P-1', 'Иванова', 'Мария', 'Петровна', '1984-03-14', 'member', 'a', '+79000000001', 'Iv@example.test'),
        ('ivanova-2', 'P-2', 'Иванова', 'Эсмеральда', null, '1990-01-01', 'member', null, null, null),
        ('ivanova-petrova', 'P-2', 'Иванова-Петрова', 'Мария', null, '1991-01-01', 'ended', null, null, null),
        ('yolkina', 'P-1', 'Ёлкина', 'Анна Мария', 'Али оглы', '1970-05-05', 'member', null, null, null);
      insert into ticket (number, member_id, state) values
        ('9900000000000011', 'ivanova', 'issued'), ('9900000000000012', 'ivanova', 'replaced');
      insert into account (id, member_id, phone) values ('a-ivanova', 'ivanova', '+79000000002');
      insert into account (id, family_name, given_name) values ('a-nobody', 'Иванов', 'Пётр'), ('a-nameless', null, null);
      insert into identifier (kind, value, account_id, original, confirmed_at) values
        ('email', 'ivanova@example.test', 'a-ivanova', 'ivanova@example.test', now()),
        ('ticket', '9900000000000011', 'a-ivanova', '9900000000000011', now());
      insert into member (id, organisation_id, family_name, given_name, birthdate, membership)
        select 'x' || n, 'P-2', 'Сидоренко' || repeat('в', n % 7), 'Олег', date '1950-01-01' + n, 'member'
          from generate_series(1, ${CROWD}) as each (n);
      analyze member; analyze account;`);
  });
  afterAll(() => database.close());

  const idsOf = (found: readonly FoundPerson[]) =>
    found.map(({ memberId, accountId }) => memberId ?? accountId);
  const named = async (clue: Parameters<ReturnType<typeof postgresPersonSearch>['byName']>[0], limit = 10) =>
    idsOf(await postgresPersonSearch(database).byName(clue, limit));

  it.each([
    ['a ticket, a replaced one included', { kind: 'ticket', value: '9900000000000012' }],
    ['an address that signs in', { kind: 'email', value: 'ivanova@example.test' }],
    ['an address of the card', { kind: 'email', value: 'iv@example.test' }],
    ['a phone of the account', { kind: 'phone', value: '+79000000002' }],
    ['a phone of the card', { kind: 'phone', value: '+79000000001' }],
    ['the digest of a SNILS', { kind: 'snils', value: Buffer.from('a') }],
    ['an account', { kind: 'account', value: 'a-ivanova' }],
  ] as const)('finds by %s one member with her account', async (_clue, clue) => {
    expect(await postgresPersonSearch(database).byClue(clue)).toEqual([
      {
        ...{ accountId: 'a-ivanova', status: 'confirmed', memberId: 'ivanova', membership: 'member' },
        ...{ name: { family: 'Иванова', given: 'Мария', middle: 'Петровна' } },
        ...{ birthdate: '1984-03-14', organisation: 'ППО 1' },
      },
    ]);
  });

  it('finds nobody by what nobody has', async () => {
    const search = postgresPersonSearch(database);
    expect(await search.byClue({ kind: 'ticket', value: '0000000000000000' })).toEqual([]);
    expect(await search.byClue({ kind: 'snils', value: Buffer.from('b') })).toEqual([]);
    expect(await search.ofMember('nobody')).toBeUndefined();
  });

  it('finds by the beginning of a family name, whoever is no member among them', async () => {
    expect(await named({ family: 'иванов' })).toEqual([
      'a-nobody',
      'ivanova',
      'ivanova-petrova',
      'ivanova-2',
    ]);
    expect(await named({ family: 'Иванова' })).toEqual(['ivanova', 'ivanova-petrova', 'ivanova-2']);
    expect(await named({ family: 'ёлк' })).toEqual(await named({ family: 'ЕЛК' }));
  });

  it('narrows it by the beginnings of the other names', async () => {
    expect(await named({ family: 'Иванова', given: 'Мар' })).toEqual(['ivanova', 'ivanova-petrova']);
    expect(await named({ family: 'Иван', given: 'эсм' })).toEqual(['ivanova-2']);
    expect(await named({ family: 'Иванова', given: 'Мария', middle: 'Петр' })).toEqual(['ivanova']);
    // Neither the second part of a given name nor that of a family name is a given name.
    expect(await named({ family: 'Елк', given: 'Мария' })).toEqual([]);
    expect(await named({ family: 'Иван', given: 'Петр' })).toEqual(['a-nobody']);
  });

  it('finds by a birth date, with or without a name', async () => {
    expect(await named({ birthdate: '1970-05-05', family: 'ё' })).toEqual(['yolkina']);
    expect(await named({ birthdate: '1984-03-14', family: 'Петрова' })).toEqual([]);
    expect(await named({ birthdate: '1984-03-14', given: 'мария' })).toContain('ivanova');
  });

  it('finds within organisations', async () => {
    expect(await named({ family: 'Иванова', organisations: ['P-2'] })).toEqual([
      'ivanova-petrova',
      'ivanova-2',
    ]);
    expect(await named({ organisations: ['P-1'] })).toEqual(['yolkina', 'ivanova']);
    expect(await named({ family: 'Иванова', organisations: [] })).toEqual([]);
  });

  it('gives no more than it is asked for, and nobody for nothing', async () => {
    expect(await named({ family: 'Сид' }, 3)).toHaveLength(3);
    expect(await named({ given: 'Олег' })).toEqual([]);
  });

  it('takes a name for nothing but a name', async () => {
    for (const family of ["' or 1=1 --", '%', 'И%', '\\', '$1']) {
      expect((await named({ family, given: "'; drop table member" })).length).toBe(0);
    }
  });

  it('reads indexes, never the table', async () => {
    const plans: string[] = [];
    const explaining = postgresPersonSearch({
      ...database,
      query: async <Row extends object>(text: string, values: never) => {
        const plan = await database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
        plans.push(plan.map((line) => line['QUERY PLAN']).join('\n'));
        return [] as Row[];
      },
    } as never);
    for (const value of ['1', '2'] as const) {
      for (const kind of ['ticket', 'email', 'phone', 'account'] as const) {
        await explaining.byClue({ kind, value });
      }
      await explaining.byClue({ kind: 'snils', value: Buffer.from(value) });
    }
    await explaining.byName({ family: 'Сидоренко', given: 'О' }, 51);
    await explaining.byName({ birthdate: '1970-05-05', family: 'С' }, 51);
    await explaining.byName({ family: 'С', organisations: ['P-1'] }, 51);
    expect(plans.length).toBeGreaterThan(10);
    for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on member/);
  });
});
