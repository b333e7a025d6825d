/** CASE-1, CASE-2 and the people at the desk, as the sandbox begins (domain.md §6.4). */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresCases } from '../../../adapters/case-store/postgres.ts';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { argon2id } from '../../../adapters/password-hasher/argon2id.ts';
import { postgresSchoolRegister } from '../../../adapters/school-register/postgres.ts';
import { openTold } from '../../../provider/cases/told.ts';
import {
  generatePasswords,
  seed,
  seedCases,
  seedLinks,
  seedSchools,
} from '../../../sandbox/people/people.ts';
import { createDatabase } from '../../support/services/given.ts';

const cipher = aesGcm([{ id: 't', key: Buffer.alloc(32, 1) }]);
/** Friday evening in Perm. */
const NOW = new Date('2026-11-20T19:00:00+05:00');

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const created = await createDatabase();
  drop = created.drop;
  database = openPg({ url: created.url, poolSize: 4 });
  const hasher = argon2id({
    peppers: [{ id: 't', key: randomBytes(32) }],
    parameters: { memoryCost: 256, timeCost: 1, parallelism: 1 },
  });
  await seed(database, hasher, generatePasswords());
  await seedLinks(database, { esiaIssuer: 'https://esia.test', rsaaIssuer: 'https://rsaa.test' });
  const url = 'http://localhost:1';
  await seedSchools(database, { 'epos-school': url, 'epos-kontingent': url, 'epos-diary': url });
  await seedCases(database, cipher, NOW);
}, 60_000);
afterAll(async () => {
  await database.close();
  await drop();
});

const listed = () => postgresCases(database).list({ side: 'school', schoolId: 'P-08' }, { limit: 10 });

it('M-10 is open, M-11 corrected and in effect on Monday, 14:00 in Perm', async () => {
  const [second, first] = await listed();
  expect(first).toMatchObject({ schoolPersonId: 'K-10', kinds: ['family_name'], state: 'open' });
  expect(first && openTold(cipher, first)).toMatchObject({ family: 'Чернова', confirmed: true });
  expect(second).toMatchObject({
    ...{ schoolPersonId: 'K-11', kinds: ['email'], state: 'changed' },
    effectiveAt: new Date('2026-11-23T14:00:00+05:00'),
  });
  const schools = postgresSchoolRegister(database);
  expect((await schools.find('K-10'))?.family).toBe('Белова');
  expect((await schools.find('K-11'))?.email).toBe(second && openTold(cipher, second)?.email);
});

it('M-33 and M-29a administer their schools, M-25 is the Union’s operator and administrator', async () => {
  const seats = await database.query(
    `select r.school_id, i.value from school_role r join school_person p on p.id = r.person_id
       join identifier i on i.account_id = p.account_id and i.kind = 'email'
      where r.duty = 'contingent_admin' order by 1`,
  );
  expect(seats).toEqual([
    { school_id: 'P-06', value: 'morozov@example.test' },
    { school_id: 'P-08', value: 'fomina@example.test' },
  ]);
  const staff = await database.query(
    `select role, i.value from staff_role s join identifier i on i.account_id = s.account_id and i.kind = 'email'
      order by 1`,
  );
  expect(staff).toEqual([
    { role: 'administrator', value: 'ryabov@example.test' },
    { role: 'union_operator', value: 'ryabov@example.test' },
  ]);
});

it('a second start leaves them as they have become', async () => {
  const before = await listed();
  const number = before.find(({ schoolPersonId }) => schoolPersonId === 'K-10')?.number ?? '';
  await database.transaction((tx) => postgresCases(database).move(number, ['open'], 'closed', tx));
  await seedCases(database, cipher);
  expect(await listed()).toHaveLength(before.length);
  expect((await postgresCases(database).find(number))?.state).toBe('closed');
});
