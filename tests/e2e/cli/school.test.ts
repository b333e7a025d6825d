/** «Контингент» from files and by hand, by the real command: one operator's day on one database, in order. */
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../support/services/given.ts';
import { configured, type Environment, unionId } from './union-id.ts';

const COLUMNS =
  'person_id;family_name;given_name;middle_name;birthdate;email;role;duty;school_id;school_name;school_short_name';
const SCHOOL = 'S-8;Средняя школа № 8;СОШ № 8';
const GOOD = [
  COLUMNS,
  `K-13;Орлова;Ирина;Сергеевна;08.08.1987;orlova@example.test;staff;;${SCHOOL}`,
  `K-13;Орлова;Ирина;Сергеевна;08.08.1987;orlova@example.test;parent;;${SCHOOL}`,
  `K-33;Фомина;Раиса;Карповна;06.06.1974;fomina@example.test;staff;contingent_admin;${SCHOOL}`,
  `K-40;Малышева;Аня;;01.09.2018;;learner;;${SCHOOL}`,
];

let folder: string;
let environment: Environment;
let admin: pg.Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'union-id-school-'));
  const { url, drop } = await createDatabase();
  environment = configured({ DATABASE_URL: url });
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await unionId(environment, 'migrate');
  return async () => {
    await admin.end();
    await drop();
    await rm(folder, { recursive: true });
  };
});

async function file(name: string, lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await rm(`${path}.rejects.csv`, { force: true });
  await writeFile(path, lines.join('\n'));
  return path;
}
const count = async (table: string) =>
  Number((await admin.query(`select count(*) from ${table}`)).rows[0].count);
const school = (...args: string[]) => unionId(environment, 'school', ...args);

describe('the import', () => {
  it('rehearses: the same words, and nothing stored', async () => {
    const path = await file('rehearsal.csv', [...GOOD, `K-13;Другая;Анна;;01.02.1990;;staff;;${SCHOOL}`]);
    const { code, out } = await school('import', path, '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('4 roles added, 0 changed, 1 rows rejected');
    expect(out).toContain('Nothing was stored');
    await expect(access(`${path}.rejects.csv`)).resolves.toBeUndefined();
    for (const table of ['school', 'school_person', 'school_role', 'audit'])
      expect(await count(table)).toBe(0);
  });

  it('stores schools, people and roles, and changes nothing the second time', async () => {
    const path = await file('good.csv', GOOD);
    expect(await school('import', path)).toMatchObject({
      code: 0,
      out: expect.stringContaining('4 roles added, 0 changed, 0 rows rejected'),
    });
    expect([await count('school'), await count('school_person'), await count('school_role')]).toEqual([
      1, 3, 4,
    ]);
    expect((await school('import', path)).out).toContain('0 roles added, 0 changed');
  });

  it('takes a correction, and no role away', async () => {
    const married = `K-13;Соколова;Ирина;Сергеевна;08.08.1987;orlova@example.test;staff;;${SCHOOL}`;
    expect((await school('import', await file('second.csv', [COLUMNS, married]))).out).toContain(
      '0 roles added, 1 changed',
    );
    const { rows } = await admin.query(`select family_name from school_person where id = 'K-13'`);
    expect(rows).toEqual([{ family_name: 'Соколова' }]);
    expect(await count('school_role')).toBe(4);
  });

  it('says of each row that is not taken why', async () => {
    const path = await file('bad.csv', [
      COLUMNS,
      `K-12;Лаптева;Зоя;Фёдоровна;22.02.1960;;staff;;${SCHOOL}`,
      `K-12;Сидорова;Ирина;Сергеевна;08.08.1987;orlova@example.test;parent;;${SCHOOL}`,
      `K-14;Иванова;Анна;;31.02.1990;;staff;;${SCHOOL}`,
      `K-15;Иванова;Анна;;01.02.2990;не адрес;директор;;${SCHOOL}`,
      `K-16;Иванова;Анна;;01.02.1990;;parent;contingent_admin;${SCHOOL}`,
      `K-17;Иванова;Анна;;01.02.1990;;staff;;S-8;Другая школа;СОШ № 8`,
    ]);
    expect((await school('import', path)).out).toContain('1 roles added, 0 changed, 5 rows rejected');
    const rejects = await readFile(`${path}.rejects.csv`, 'utf8');
    for (const why of [
      'person_id is somebody else on line 2',
      'birthdate is not in the calendar',
      'birthdate is in the future; email is not an e-mail address; role must be one of staff, parent, learner',
      'duty needs the role staff',
      'school_id is another school on line 2',
    ]) {
      expect(rejects).toContain(why);
    }
  });
});

describe('a role by hand', () => {
  it('is given and taken away, each with its line in the trail', async () => {
    expect(await school('role', 'add', 'K-40', 'parent', 'S-8')).toMatchObject({ code: 0 });
    expect(await school('role', 'remove', 'K-13', 'staff', 'S-8')).toMatchObject({ code: 0 });
    const { rows } = await admin.query(
      `select event, detail from audit where event like 'school_role%' order by id`,
    );
    expect(rows).toEqual([
      { event: 'school_role_given', detail: { role: 'parent', schoolId: 'S-8', schoolPersonId: 'K-40' } },
      { event: 'school_role_taken', detail: { role: 'staff', schoolId: 'S-8', schoolPersonId: 'K-13' } },
    ]);
  });

  it.each([
    [['add', 'K-99', 'staff', 'S-8'], 'no person K-99'],
    [['add', 'K-13', 'staff', 'S-9'], 'no school S-9'],
    [['add', 'K-13', 'director', 'S-8'], 'must be one of'],
    [['remove', 'K-13', 'learner', 'S-8'], 'is not learner at S-8'],
  ])('is refused: %s', async (args, words) => {
    const { code, err } = await school('role', ...args);
    expect(code).toBe(1);
    expect(err).toContain(words);
  });
});

describe('the subsystems', () => {
  it('come from a file, in its order, and only for clients of ЭПОС', async () => {
    const list = [
      {
        client_id: 'journal',
        name: 'Журнал',
        url: 'https://journal.example.test/sign-in',
        access: [{ role: 'staff' }],
      },
      {
        client_id: 'diary',
        name: 'Дневник',
        url: 'https://diary.example.test/sign-in',
        access: [{ role: 'parent' }, { role: 'learner' }],
      },
    ];
    const path = await file('subsystems.json', [JSON.stringify(list)]);
    const stranger = await school('subsystems', 'import', path);
    expect(stranger).toMatchObject({
      code: 1,
      err: expect.stringContaining('diary is no client with education: true'),
    });
    const clients = list.map(({ client_id }) => ({
      ...{ client_id, education: true, scope: 'openid edu_role', first_party: true },
      redirect_uris: [`https://${client_id}.example.test/callback`],
    }));
    const added = await unionId(
      environment,
      'clients',
      'add',
      await file('clients.json', [JSON.stringify(clients)]),
    );
    expect(added, added.err).toMatchObject({ code: 0 });
    expect(await school('subsystems', 'import', path)).toMatchObject({ code: 0 });
    const { out } = await school('subsystems', 'list');
    expect(out).toMatch(/journal\s+Журнал\s+\S+\s+staff\n.*diary\s+Дневник\s+\S+\s+learner, parent/s);
  });

  it('of an unreadable file are refused in words', async () => {
    const path = await file('broken.json', ['[{"client_id": "journal"}]']);
    expect((await school('subsystems', 'import', path)).err).toContain('0.name');
    expect((await school('subsystems', 'import', await file('no.json', ['{']))).err).toContain('is not JSON');
  });
});
