/** Who may enter ЭПОС: the region's register, its cases, and the role of each session. */
import { systemClock } from '../../adapters/clock.ts';
import type { LinkStore } from '../../adapters/link-store/link-store.ts';
import { postgresSchoolRegister } from '../../adapters/school-register/postgres.ts';
import { schoolCases } from '../cases/school-case.ts';
import { education } from '../education/education.ts';
import { sessionRoles } from '../education/session-roles.ts';
import type { Records } from './records.ts';
import type { Stores } from './stores.ts';

export function openEducation(
  { database, storage }: Stores,
  { cases, cipher, events }: Records,
  links: LinkStore,
) {
  const schools = postgresSchoolRegister(database);
  const roles = sessionRoles(storage);
  return {
    schools,
    sessionRoles: roles,
    education: education({
      ...{ schools, links, events, sessionRoles: roles },
      cases: schoolCases({ database, cases, schools, cipher, clock: systemClock, events }),
    }),
  };
}
