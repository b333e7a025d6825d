/** Who enters ЭПОС, as whom, and whose role there ends. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { EduRole } from '../../adapters/school-register/school-register.ts';
import type { Recorder, Where } from './recorder.ts';

export function educationEvents({ record }: Recorder) {
  return {
    /** `schoolPersonId`: the record of «Контингент» that is hers from now on. */
    async schoolPersonRecognised(where: Where, accountId: string, schoolPersonId: string) {
      await record({
        event: 'school_person_recognised',
        outcome: 'success',
        actor: accountId,
        accountId,
        detail: { schoolPersonId },
        ...where,
      });
    },
    async educationRefused(
      where: Where,
      { accountId, clientId, reason }: { accountId: string; clientId: string; reason: string },
    ) {
      await record({
        event: 'education_entry',
        outcome: 'failure',
        actor: accountId,
        ...{ accountId, clientId, reason },
        ...where,
      });
    },
    async eduRoleChosen(
      where: Where,
      { accountId, clientId, role }: { accountId: string; clientId: string; role: EduRole },
    ) {
      await record({
        event: 'edu_role_chosen',
        outcome: 'success',
        actor: accountId,
        ...{ accountId, clientId },
        detail: { role },
        ...where,
      });
    },
    /** `actor`: the account of a school's administrator, or `operator`. */
    async schoolRoleTaken(
      where: Partial<Where>,
      taken: {
        readonly actor: string;
        readonly accountId?: string;
        readonly schoolPersonId: string;
        readonly role: EduRole;
        readonly schoolId: string;
      },
      within: Queryable,
    ) {
      const { actor, accountId, ...detail } = taken;
      await record(
        {
          event: 'school_role_taken',
          outcome: 'success',
          actor,
          ...(accountId !== undefined && { accountId }),
          detail,
          ...where,
        },
        within,
      );
    },
  };
}
