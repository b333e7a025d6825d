/**
 * The reconciliation cases of domain.md §6.4, and who settles cases: M-33 and M-29a for their schools, M-25 for the Union;
 * it is he, too, who decides on the requests of developers.
 * Comes after the links and the schools.
 */
import { postgresCalendar } from '../../adapters/calendar-store/postgres.ts';
import type { CaseStore, MismatchKind } from '../../adapters/case-store/case-store.ts';
import { postgresCases } from '../../adapters/case-store/postgres.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { Link } from '../../adapters/link-store/link-store.ts';
import { postgresLinks } from '../../adapters/link-store/postgres.ts';
import { postgresSchoolRegister } from '../../adapters/school-register/postgres.ts';
import { postgresStaff } from '../../adapters/staff-store/postgres.ts';
import { dayInPerm, nextRetry } from '../../provider/cases/next-retry.ts';
import { sealTold } from '../../provider/cases/told.ts';
import { persons } from './register.ts';

const UNION_OPERATOR = 'M-25';
const SCHOOL_ADMINISTRATORS = { 'M-33': 'K-33', 'M-29a': 'K-29a' };
const SCHOOL = 'P-08';

/** May be repeated: a case that is there stays as it has become. */
export async function seedCases(database: Database, cipher: Cipher, now: Date = new Date()): Promise<void> {
  const cases = postgresCases(database);
  const schools = postgresSchoolRegister(database);
  const staff = postgresStaff(database);
  const operator = await accountOf(database, UNION_OPERATOR);
  for (const role of ['union_operator', 'administrator'] as const)
    await staff.grant(operator, role, 'sandbox');
  for (const [person, record] of Object.entries(SCHOOL_ADMINISTRATORS)) {
    const accountId = await accountOf(database, person);
    if (!(await schools.personOf(accountId))) await schools.recognise(record, accountId);
  }

  const surname = await unseen(database, 'M-10', 'K-10');
  if (surname) {
    await database.transaction((tx) => open(cases, cipher, surname, 'K-10', ['family_name'], tx));
  }
  const address = await unseen(database, 'M-11', 'K-11');
  const record = await schools.find('K-11');
  if (!address || !record) return;
  const days = await postgresCalendar(database).nonWorkingDays(dayInPerm(now));
  const effectiveAt = nextRetry(now, new Set(days.map(({ day }) => day)));
  const { email } = address.told;
  await database.transaction(async (tx) => {
    const number = await open(cases, cipher, address, 'K-11', ['email'], tx);
    await schools.correct('K-11', { ...record, ...(email !== undefined && { email }) }, tx);
    await cases.move(number, ['open'], 'changed', tx, { effectiveAt });
  });
}

async function open(
  cases: CaseStore,
  cipher: Cipher,
  { issuer, subject, upstream, accountId, told }: Link,
  schoolPersonId: string,
  kinds: readonly MismatchKind[],
  tx: Queryable,
): Promise<string> {
  const { number } = await cases.open(
    {
      ...{ side: 'school', key: { issuer, subject }, upstream, accountId, kinds },
      ...{ schoolPersonId, schoolId: SCHOOL, clientId: 'epos-portal', told: sealTold(cipher, told) },
    },
    tx,
  );
  return number;
}

/** Her link, unless there has been a case about that record already. */
async function unseen(database: Database, person: string, record: string): Promise<Link | undefined> {
  const known = await database.query('select 1 from mismatch_case where school_person_id = $1', [record]);
  if (known.length > 0) return undefined;
  const links = await postgresLinks(database).linksOf(await accountOf(database, person));
  return links.find(({ upstream }) => upstream === 'esia');
}

async function accountOf(database: Database, person: string): Promise<string> {
  const email = persons.find(({ id }) => id === person)?.email;
  const [row] = await database.query<{ account_id: string }>(
    `select account_id from identifier where kind = 'email' and value = $1`,
    [email ?? ''],
  );
  if (!row) throw new Error(`${person} has no account`);
  return row.account_id;
}
