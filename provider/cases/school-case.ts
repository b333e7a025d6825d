/** Cases of the school's side at a sign-in to ЭПОС: opened, waited for, settled or opened again (D-16). */
import type { Case, CaseStore } from '../../adapters/case-store/case-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { SchoolRegister } from '../../adapters/school-register/school-register.ts';
import type { SchoolCases } from '../education/school-cases.ts';
import type { Events } from '../events/events.ts';
import { sealTold } from './told.ts';

export type SchoolCaseNeeds = {
  readonly database: Database;
  readonly cases: Pick<CaseStore, 'open' | 'latestOf' | 'move'>;
  readonly schools: Pick<SchoolRegister, 'find'>;
  readonly cipher: Cipher;
  readonly clock: Clock;
  readonly events: Pick<Events, 'schoolMismatched' | 'caseTried'>;
};

export function schoolCases(needs: SchoolCaseNeeds): SchoolCases {
  const { database, cases, schools, cipher, clock, events } = needs;

  /** Corrected, but not in effect yet. */
  const retryAtOf = ({ state, effectiveAt }: Case): Date | undefined =>
    state === 'changed' && effectiveAt && effectiveAt > clock.now() ? effectiveAt : undefined;

  return {
    async notYet({ issuer, subject }) {
      const found = await cases.latestOf('school', { issuer, subject });
      const retryAt = found && retryAtOf(found);
      if (!retryAt || found.schoolPersonId === undefined) return undefined;
      const person = await schools.find(found.schoolPersonId);
      // Of a school that she has left meanwhile nothing is waited for.
      const school = person?.roles.find((role) => role.school.id === found.schoolId)?.school;
      return school && { number: found.number, kinds: found.kinds, school, retryAt };
    },
    hold: (where, { link, person, school, kinds, clientId }) =>
      database.transaction(async (tx) => {
        const { issuer, subject, upstream, accountId, told } = link;
        const held = await cases.open(
          {
            ...{ side: 'school', key: { issuer, subject }, upstream, accountId, kinds, clientId },
            ...{ schoolPersonId: person.id, schoolId: school.id, told: sealTold(cipher, told) },
          },
          tx,
        );
        const { number } = held;
        await events.schoolMismatched(where, accountId, { upstream, number, kinds, schoolId: school.id }, tx);
        const retryAt = retryAtOf(held);
        if (!retryAt && (await cases.move(number, ['changed'], 'reopened', tx))) {
          await events.caseTried(where, accountId, { number, outcome: 'reopened' }, tx);
        }
        return { number, kinds, school, ...(retryAt && { retryAt }) };
      }),
    async settle(where, { issuer, subject, accountId }) {
      // One of each record she was taken for; each pass settles one.
      for (;;) {
        const found = await cases.latestOf('school', { issuer, subject });
        if (!found) return;
        const { number, state } = found;
        await database.transaction(async (tx) => {
          if (!(await cases.move(number, [state], 'retry_ok', tx))) return;
          await events.caseTried(where, accountId, { number, outcome: 'retry_ok' }, tx);
        });
      }
    },
  };
}
