/**
 * «Контингент» of the sandbox: two schools, who works and learns there, and which subsystem is open to whom. Its records
 * are the region's own: some differ from what Gosuslugi say (domain.md §6.3), and none is joined to a member's.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Database } from '../../adapters/database/database.ts';
import { postgresSchoolRegister } from '../../adapters/school-register/postgres.ts';
import { EDU_ROLES } from '../../adapters/school-register/school-register.ts';
import { birthdateOf, persons } from './register.ts';

const grant = {
  role: z.enum(EDU_ROLES),
  duty: z.literal('contingent_admin').exactOptional(),
};

const file = z.strictObject({
  schools: z.array(z.strictObject({ id: z.string(), name: z.string(), shortName: z.string() })),
  people: z.array(
    z.strictObject({
      /** Of persons.json; what is not named here is as it stands there. */
      person: z.string(),
      email: z.string().optional(),
      roles: z.array(z.strictObject({ ...grant, schoolId: z.string() })),
    }),
  ),
  subsystems: z.array(
    z.strictObject({
      id: z.enum(['epos-school', 'epos-kontingent', 'epos-diary']),
      name: z.string(),
      access: z.array(z.strictObject(grant)),
    }),
  ),
});

const content = file.parse(JSON.parse(readFileSync(new URL('./schools.json', import.meta.url), 'utf8')));
type SubsystemId = (typeof content.subsystems)[number]['id'];

/**
 * `urls`: where the subsystems are. People who are there already stay as they have become: a role that was taken away,
 * or a record that was corrected, does not come back with the next start.
 */
export async function seedSchools(
  database: Database,
  urls: Readonly<Record<SubsystemId, string>>,
  today: Date = new Date(),
): Promise<void> {
  const register = postgresSchoolRegister(database);
  await database.transaction(async (tx) => {
    for (const school of content.schools) await register.saveSchool(school, tx);
    const known = new Set(
      (await tx.query<{ id: string }>('select id from school_person')).map(({ id }) => id),
    );
    for (const { person: id, email, roles } of content.people) {
      const person = persons.find((each) => each.id === id);
      const birthdate = person && birthdateOf(person, today);
      if (!person?.name || birthdate === undefined) throw new Error(`${id} is no whole person`);
      const recordId = recordOf(id);
      if (known.has(recordId)) continue;
      const { family, given, middle } = person.name;
      const address = email ?? person.email;
      await register.savePerson(
        {
          ...{ id: recordId, family, given, birthdate, roles },
          ...(middle !== undefined && { middle }),
          ...(address !== undefined && { email: address }),
        },
        tx,
      );
    }
    for (const [sort, { id, name, access }] of content.subsystems.entries()) {
      await register.saveSubsystem({ clientId: id, name, url: `${urls[id]}/sign-in`, sort, access }, tx);
    }
  });
}

/** M-10 → K-10: what «Контингент» calls her. */
const recordOf = (person: string): string => person.replace(/^M/, 'K');
