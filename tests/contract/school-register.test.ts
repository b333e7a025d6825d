import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IdentifierTaken } from '../../adapters/account-store/account-store.ts';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import { postgresDeletions } from '../../adapters/deletions/postgres.ts';
import { postgresSchoolRegister } from '../../adapters/school-register/postgres.ts';
import type { PersonIntake } from '../../adapters/school-register/school-register.ts';
import { engines } from './engines.ts';

const SCHOOLS = [
  { id: 'S-1', name: 'Средняя школа № 1', shortName: 'СОШ № 1' },
  { id: 'S-2', name: 'Лицей № 2', shortName: 'Лицей № 2' },
];

describe.each(engines)('the register of schools on %s', (_name, openDatabase) => {
  let database: Database;
  let register: ReturnType<typeof postgresSchoolRegister>;
  let serial = 0;

  beforeAll(async () => {
    database = await openDatabase();
    register = postgresSchoolRegister(database);
    for (const school of SCHOOLS) await register.saveSchool(school);
  });
  afterAll(() => database.close());

  const account = async () => {
    const id = `school-account-${++serial}`;
    const email = { key: `${id}@example.test`, original: `${id}@example.test` };
    await postgresAccounts(database).create({ id, locale: 'ru', email, passwordHash: 'hash' });
    return id;
  };
  const person = async (more: Partial<PersonIntake> = {}) => {
    const fresh: PersonIntake = {
      id: `K-${++serial}`,
      family: 'Орлова',
      given: 'Ирина',
      middle: 'Сергеевна',
      birthdate: '1987-08-08',
      email: 'orlova@example.test',
      roles: [],
      ...more,
    };
    await register.savePerson(fresh);
    return fresh;
  };
  const found = async (id: string) => {
    const one = await register.find(id);
    if (!one) throw new Error('not found');
    return one;
  };

  describe('a person', () => {
    it('is what came in, her roles in the order of the page', async () => {
      const {
        id,
        roles: _,
        ...known
      } = await person({
        roles: [
          { role: 'learner', schoolId: 'S-2' },
          { role: 'parent', schoolId: 'S-1' },
          { role: 'staff', schoolId: 'S-1', duty: 'contingent_admin' },
        ],
      });
      const [one, two] = SCHOOLS;
      expect(await register.find(id)).toEqual({
        ...{ id, ...known },
        roles: [
          { role: 'staff', school: one, duty: 'contingent_admin' },
          { role: 'parent', school: one },
          { role: 'learner', school: two },
        ],
      });
    });

    it('may have no patronymic, no address and no role', async () => {
      const { middle: _, email: __, ...bare } = await person({ birthdate: '1900-01-01' });
      await register.savePerson({ ...bare, roles: [] });
      const { roles, ...rest } = bare;
      expect(await register.find(bare.id)).toEqual({ ...rest, roles: [] });
    });

    it('is not there under another id', async () => {
      expect(await register.find('nobody')).toBeUndefined();
      expect(await register.personOf('nobody')).toBeUndefined();
    });

    it('keeps roles and recognition when she comes in once more', async () => {
      const { id } = await person({ roles: [{ role: 'staff', schoolId: 'S-1' }] });
      const accountId = await account();
      await register.recognise(id, accountId);
      await person({ id, family: 'Соколова', roles: [{ role: 'parent', schoolId: 'S-1' }] });
      expect(await register.find(id)).toMatchObject({
        family: 'Соколова',
        accountId,
        roles: [{ role: 'staff' }, { role: 'parent' }],
      });
    });

    it('is found by the day of her birth, among all of that day and no others', async () => {
      const [one, two] = [
        await person({ birthdate: '2004-02-29' }),
        await person({ birthdate: '2004-02-29' }),
      ];
      await person({ birthdate: '2004-03-01' });
      const ids = (await register.bornOn('2004-02-29')).map(({ id }) => id);
      expect(ids.sort()).toEqual([one.id, two.id].sort());
    });

    it('is corrected whole: what the correction leaves out is gone', async () => {
      const { id } = await person();
      const correction = { family: 'Чернова', given: 'Елена', birthdate: '1990-03-03' };
      await database.transaction((tx) => register.correct(id, correction, tx));
      expect(await register.find(id)).toEqual({ id, ...correction, roles: [] });
    });

    it('is one of the people of each school she has a role at, by name', async () => {
      const school = { id: 'S-people', name: 'Гимназия', shortName: 'Гимназия' };
      await register.saveSchool(school);
      const at = { role: 'staff', schoolId: school.id } as const;
      const yakovleva = await person({ family: 'Яковлева', roles: [at] });
      const avdeeva = await person({ family: 'Авдеева', roles: [at, { role: 'parent', schoolId: 'S-1' }] });
      await person({ family: 'Белова' });
      const people = await register.peopleOf(school.id);
      expect(people.map(({ id }) => id)).toEqual([avdeeva.id, yakovleva.id]);
      expect(people[0]?.roles).toHaveLength(2);
    });
  });

  describe('recognition', () => {
    it('is remembered, and may be said again', async () => {
      const [{ id }, accountId] = [await person(), await account()];
      await register.recognise(id, accountId);
      await register.recognise(id, accountId);
      expect((await register.personOf(accountId))?.id).toBe(id);
    });

    it('of a record that is somebody else’s is refused', async () => {
      const { id } = await person();
      const first = await account();
      await register.recognise(id, first);
      await expect(register.recognise(id, await account())).rejects.toThrow(IdentifierTaken);
      expect((await found(id)).accountId).toBe(first);
    });

    it('of a second record by one account is refused', async () => {
      const [one, two, accountId] = [await person(), await person(), await account()];
      await register.recognise(one.id, accountId);
      await expect(register.recognise(two.id, accountId)).rejects.toThrow(IdentifierTaken);
    });

    it('at the same moment by five: one is recognised', async () => {
      const { id } = await person();
      const accounts = [];
      for (let n = 0; n < 5; n += 1) accounts.push(await account());
      const outcomes = await Promise.allSettled(accounts.map((each) => register.recognise(id, each)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('remembers the latest sign-in that agreed, in whatever order they are told', async () => {
      const { id } = await person();
      const [earlier, later] = [new Date('2026-09-01T08:00:00Z'), new Date('2026-09-02T08:00:00Z')];
      await register.noteAgreement(id, later);
      await register.noteAgreement(id, earlier);
      expect((await found(id)).agreedAt).toEqual(later);
    });

    it('ends with the account; the record stays', async () => {
      const [{ id }, accountId] = [await person(), await account()];
      await register.recognise(id, accountId);
      const deletions = postgresDeletions(database);
      const step = <T>(work: (tx: Queryable) => Promise<T>) => database.transaction(work);
      await step((tx) => deletions.request(accountId, 0, tx));
      await step((tx) => deletions.close(accountId, tx));
      expect(await step((tx) => deletions.erase(accountId, 0, tx))).toMatchObject({ school_person: 1 });
      expect(await register.personOf(accountId)).toBeUndefined();
      expect((await found(id)).family).toBe('Орлова');
    });
  });

  describe('a role', () => {
    it('is given once and taken away once', async () => {
      const { id } = await person();
      await register.addRole(id, 'staff', 'S-1');
      await register.addRole(id, 'staff', 'S-1');
      expect((await found(id)).roles).toHaveLength(1);
      expect(await register.removeRole(id, 'staff', 'S-2')).toBe(false);
      expect(await register.removeRole(id, 'staff', 'S-1')).toBe(true);
      expect(await register.removeRole(id, 'staff', 'S-1')).toBe(false);
      expect((await found(id)).roles).toEqual([]);
    });

    it('that is taken away makes its person leave, once, and again when another is', async () => {
      const roles = [
        { role: 'staff', schoolId: 'S-1' },
        { role: 'parent', schoolId: 'S-1' },
      ] as const;
      const [{ id }, { id: stranger }, accountId] = [
        await person({ roles }),
        await person({ roles }),
        await account(),
      ];
      await register.recognise(id, accountId);
      const before = new Date();
      await register.removeRole(stranger, 'staff', 'S-1');
      await register.removeRole(id, 'learner', 'S-1');
      expect(await register.exits()).toEqual([]);
      await register.removeRole(id, 'staff', 'S-1');
      const [exit, ...others] = await register.exits();
      expect(others).toEqual([]);
      expect(exit?.accountId).toBe(accountId);
      expect(Math.abs((exit?.until.getTime() ?? 0) - before.getTime())).toBeLessThan(60_000);
      await register.removeRole(id, 'parent', 'S-1');
      if (!exit) throw new Error('nobody leaves');
      await register.exited({ ...exit, until: new Date(exit.until.getTime() - 1) });
      const [again] = await register.exits();
      expect(again?.accountId).toBe(accountId);
      if (again) await register.exited(again);
      expect(await register.exits()).toEqual([]);
    });

    it('keeps its duty when it is given again', async () => {
      const { id } = await person({ roles: [{ role: 'staff', schoolId: 'S-1', duty: 'contingent_admin' }] });
      await register.addRole(id, 'staff', 'S-1');
      expect((await found(id)).roles).toMatchObject([{ duty: 'contingent_admin' }]);
    });
  });

  describe('a subsystem', () => {
    const save = (
      clientId: string,
      access: Parameters<typeof register.saveSubsystem>[0]['access'],
      sort = 0,
    ) =>
      database.transaction((tx) =>
        register.saveSubsystem(
          { clientId, name: `Подсистема ${clientId}`, url: `https://${clientId}.test/`, sort, access },
          tx,
        ),
      );
    const openTo = async (roles: PersonIntake['roles']) => {
      const one = await found((await person({ roles })).id);
      return {
        staff: (await register.subsystemsFor(one, 'staff')).map(({ clientId }) => clientId),
        parent: (await register.subsystemsFor(one, 'parent')).map(({ clientId }) => clientId),
      };
    };
    beforeAll(async () => {
      await save('kontingent', [{ role: 'staff', duty: 'contingent_admin' }], 2);
      await save('journal', [{ role: 'staff' }, { role: 'parent' }], 1);
      await save('lyceum', [{ role: 'staff', schoolId: 'S-2' }], 3);
      await save('closed', []);
    });

    it('is open by role, duty and school alone, in its order', async () => {
      expect(await openTo([{ role: 'staff', schoolId: 'S-1' }])).toEqual({ staff: ['journal'], parent: [] });
      expect(await openTo([{ role: 'staff', schoolId: 'S-2' }])).toEqual({
        staff: ['journal', 'lyceum'],
        parent: [],
      });
      expect(await openTo([{ role: 'staff', schoolId: 'S-1', duty: 'contingent_admin' }])).toEqual({
        staff: ['journal', 'kontingent'],
        parent: [],
      });
      expect(await openTo([{ role: 'parent', schoolId: 'S-2' }])).toEqual({ staff: [], parent: ['journal'] });
      expect(await openTo([])).toEqual({ staff: [], parent: [] });
    });

    it('is listed once to somebody of two schools, and says for which it is open', async () => {
      const roles = SCHOOLS.map(({ id }) => ({ role: 'staff', schoolId: id }) as const);
      const one = await found((await person({ roles })).id);
      expect(await register.subsystemsFor(one, 'staff')).toEqual([
        {
          ...{ clientId: 'journal', name: 'Подсистема journal' },
          url: 'https://journal.test/',
          schoolIds: ['S-1', 'S-2'],
        },
        {
          ...{ clientId: 'lyceum', name: 'Подсистема lyceum' },
          url: 'https://lyceum.test/',
          schoolIds: ['S-2'],
        },
      ]);
    });

    it('is closed to a role that was taken away, though the record was read before', async () => {
      const one = await found((await person({ roles: [{ role: 'staff', schoolId: 'S-1' }] })).id);
      await register.removeRole(one.id, 'staff', 'S-1');
      expect(await register.subsystemsFor(one, 'staff')).toEqual([]);
    });

    it('has exactly the access that was said last', async () => {
      await save('changing', [{ role: 'staff' }, { role: 'staff' }, { role: 'learner', schoolId: 'S-1' }], 9);
      await save('changing', [{ role: 'learner', schoolId: 'S-2' }], 8);
      const listed = (await register.subsystems()).find(({ clientId }) => clientId === 'changing');
      expect(listed).toMatchObject({ sort: 8, access: [{ role: 'learner', schoolId: 'S-2' }] });
      await database.query(`delete from subsystem where client_id = 'changing'`);
    });
  });

  it('finds people through an index, however many there are', async () => {
    await database.query(
      `insert into school_person (id, family_name, given_name, birthdate)
       select 'many-' || n, 'Иванова', 'Мария', date '1950-01-01' + n from generate_series(1, 20000) as n`,
    );
    await database.query('analyze school_person');
    const day = `19${randomInt(60, 90)}-05-05`;
    for (const [where, value] of [
      ['birthdate', `date '${day}'`],
      ['account_id', `'an-account'`],
    ]) {
      const plan = await database.query<{ 'QUERY PLAN': string }>(
        `explain select p.id, r.role, s.name from school_person p
           left join school_role r on r.person_id = p.id left join school s on s.id = r.school_id
          where p.${where} = ${value}`,
      );
      const lines = plan.map((row) => row['QUERY PLAN']).join('\n');
      expect(lines).toMatch(new RegExp(`school_person_${where}`));
      expect(lines).not.toMatch(/Seq Scan on school_person/);
    }
  });
});
