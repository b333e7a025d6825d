/** «Контингент» in PostgreSQL. A person is found by her id, her account or her birth date, each through an index. */
import { IdentifierTaken } from '../account-store/account-store.ts';
import { type Database, isUniqueViolation, type Queryable } from '../database/database.ts';
import type {
  EduRole,
  OpenSubsystem,
  SchoolExits,
  SchoolIntake,
  SchoolPerson,
  SchoolRegister,
  SchoolRole,
  SubsystemIntake,
} from './school-register.ts';

type PersonRow = {
  id: string;
  family_name: string;
  given_name: string;
  middle_name: string | null;
  birthdate: string;
  email: string | null;
  account_id: string | null;
  agreed_at: Date | null;
  role: EduRole | null;
  duty: 'contingent_admin' | null;
  school_id: string;
  school_name: string;
  school_short_name: string;
};

/** A row for each role of each person; of somebody without a role one with nulls. */
const PEOPLE = `
  select p.id, p.family_name, p.given_name, p.middle_name, p.birthdate, p.email, p.account_id, p.agreed_at,
         r.role, r.duty, s.id as school_id, s.name as school_name, s.short_name as school_short_name
    from school_person p
    left join school_role r on r.person_id = p.id
    left join school s on s.id = r.school_id`;
const IN_ORDER = `order by p.family_name, p.given_name, p.middle_name, p.id,
         array_position(array['staff', 'parent', 'learner'], r.role), s.short_name, s.id`;

const BY_ACCOUNT = { name: 'school-person-of', text: `${PEOPLE} where p.account_id = $1 ${IN_ORDER}` };
const BY_ID = { name: 'school-person', text: `${PEOPLE} where p.id = $1 ${IN_ORDER}` };
const BY_BIRTHDATE = { name: 'school-born-on', text: `${PEOPLE} where p.birthdate = $1::date ${IN_ORDER}` };
const OPEN = {
  name: 'school-subsystems-for',
  text: `select s.client_id as "clientId", s.name, s.url, array_agg(distinct r.school_id) as "schoolIds"
           from school_role r
           join subsystem_access a on a.role = r.role
                                  and (a.duty is null or a.duty = r.duty)
                                  and (a.school_id is null or a.school_id = r.school_id)
           join subsystem s on s.client_id = a.client_id
          where r.person_id = $1 and r.role = $2
          group by s.client_id
          order by s.sort, s.name`,
};

const EXITS_AT_ONCE = 200;

export function postgresSchoolRegister(database: Database): SchoolRegister & SchoolExits & SchoolIntake {
  const people = async (
    statement: Parameters<Queryable['query']>[0],
    value: string,
  ): Promise<readonly SchoolPerson[]> => gather(await database.query<PersonRow>(statement, [value]));

  return {
    personOf: async (id) => (await people(BY_ACCOUNT, id))[0],
    find: async (personId) => (await people(BY_ID, personId))[0],
    bornOn: (birthdate) => people(BY_BIRTHDATE, birthdate),
    peopleOf: (schoolId) =>
      people(
        `${PEOPLE} where p.id in (select person_id from school_role where school_id = $1) ${IN_ORDER}`,
        schoolId,
      ),
    async recognise(personId, accountId, within = database) {
      try {
        const rows = await within.query(
          `update school_person set account_id = $2
            where id = $1 and (account_id is null or account_id = $2) returning id`,
          [personId, accountId],
        );
        if (rows.length === 0) throw new IdentifierTaken(`record ${personId}`);
      } catch (error) {
        if (isUniqueViolation(error)) throw new IdentifierTaken(`account ${accountId}`, { cause: error });
        throw error;
      }
    },
    async release(personId, within) {
      await within.query('update school_person set account_id = null, agreed_at = null where id = $1', [
        personId,
      ]);
    },
    async noteAgreement(personId, signedInAt) {
      await database.query(
        'update school_person set agreed_at = greatest(agreed_at, $2::timestamptz) where id = $1',
        [personId, signedInAt],
      );
    },
    async correct(personId, { family, given, middle, birthdate, email }, within) {
      await within.query(
        `update school_person
            set family_name = $2, given_name = $3, middle_name = $4, birthdate = $5::date, email = $6,
                updated_at = now()
          where id = $1`,
        [personId, family, given, middle ?? null, birthdate, email ?? null],
      );
    },
    async addRole(personId, role, schoolId, within = database) {
      await within.query(
        `insert into school_role (person_id, role, school_id) values ($1, $2, $3) on conflict do nothing`,
        [personId, role, schoolId],
      );
    },
    async removeRole(personId, role, schoolId, within = database) {
      // The clock, not the transaction's beginning: what began before this moment is to end.
      const rows = await within.query(
        `with gone as (
           delete from school_role where person_id = $1 and role = $2 and school_id = $3 returning person_id
         ), exit as (
           insert into school_exit (account_id, until)
           select p.account_id, clock_timestamp() from gone join school_person p on p.id = gone.person_id
            where p.account_id is not null
           on conflict (account_id) do update set until = excluded.until
         )
         select person_id from gone`,
        [personId, role, schoolId],
      );
      return rows.length === 1;
    },
    subsystemsFor: ({ id }, role) => database.query<OpenSubsystem>(OPEN, [id, role]),
    async exits() {
      const rows = await database.query<{ account_id: string; until: Date }>(
        `select account_id, until from school_exit order by until limit ${EXITS_AT_ONCE}`,
      );
      return rows.map(({ account_id, until }) => ({ accountId: account_id, until }));
    },
    async exited({ accountId, until }) {
      // To the millisecond, as a Date has it.
      await database.query(
        `delete from school_exit where account_id = $1 and date_trunc('milliseconds', until) <= $2`,
        [accountId, until],
      );
    },
    ...intake(database),
  };
}

function intake(database: Database): SchoolIntake {
  return {
    async saveSchool({ id, name, shortName }, within = database) {
      await within.query(
        `insert into school (id, name, short_name) values ($1, $2, $3)
         on conflict (id) do update set name = excluded.name, short_name = excluded.short_name`,
        [id, name, shortName],
      );
    },
    async savePerson({ id, family, given, middle, birthdate, email, roles }, within = database) {
      await within.query(
        `insert into school_person (id, family_name, given_name, middle_name, birthdate, email)
         values ($1, $2, $3, $4, $5::date, $6)
         on conflict (id) do update
            set family_name = excluded.family_name, given_name = excluded.given_name,
                middle_name = excluded.middle_name, birthdate = excluded.birthdate, email = excluded.email,
                updated_at = now()`,
        [id, family, given, middle ?? null, birthdate, email ?? null],
      );
      for (const { role, schoolId, duty } of roles) {
        await within.query(
          `insert into school_role (person_id, role, school_id, duty) values ($1, $2, $3, $4)
           on conflict (person_id, role, school_id) do update set duty = excluded.duty`,
          [id, role, schoolId, duty ?? null],
        );
      }
    },
    async saveSubsystem({ clientId, name, url, sort, access }, within) {
      await within.query(
        `insert into subsystem (client_id, name, url, sort) values ($1, $2, $3, $4)
         on conflict (client_id) do update
            set name = excluded.name, url = excluded.url, sort = excluded.sort`,
        [clientId, name, url, sort],
      );
      await within.query('delete from subsystem_access where client_id = $1', [clientId]);
      for (const { role, duty, schoolId } of access) {
        await within.query(
          `insert into subsystem_access (client_id, role, duty, school_id) values ($1, $2, $3, $4)
           on conflict do nothing`,
          [clientId, role, duty ?? null, schoolId ?? null],
        );
      }
    },
    subsystems: () =>
      database.query<SubsystemIntake>(
        `select s.client_id as "clientId", s.name, s.url, s.sort,
                coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                           'role', a.role, 'duty', a.duty, 'schoolId', a.school_id))
                         order by a.role, a.school_id, a.duty) filter (where a.role is not null), '[]') as access
           from subsystem s left join subsystem_access a on a.client_id = s.client_id
          group by s.client_id
          order by s.sort, s.name`,
      ),
  };
}

function gather(rows: readonly PersonRow[]): readonly SchoolPerson[] {
  const people = new Map<string, Omit<SchoolPerson, 'roles'> & { readonly roles: SchoolRole[] }>();
  for (const row of rows) {
    const {
      id,
      family_name: family,
      given_name: given,
      middle_name,
      birthdate,
      email,
      account_id,
      agreed_at,
    } = row;
    const known = people.get(id) ?? {
      ...{ id, family, given, birthdate, roles: [] },
      ...(middle_name !== null && { middle: middle_name }),
      ...(email !== null && { email }),
      ...(account_id !== null && { accountId: account_id }),
      ...(agreed_at !== null && { agreedAt: agreed_at }),
    };
    people.set(id, known);
    if (row.role === null) continue;
    known.roles.push({
      role: row.role,
      school: { id: row.school_id, name: row.school_name, shortName: row.school_short_name },
      ...(row.duty !== null && { duty: row.duty }),
    });
  }
  return [...people.values()];
}
