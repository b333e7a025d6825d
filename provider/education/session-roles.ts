/** As whom somebody goes about in ЭПОС: chosen once for all its relying parties, and over with the session. */
import { EDU_ROLES, type EduRole } from '../../adapters/school-register/school-register.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import { SESSION_SECONDS } from '../oidc/lifetimes.ts';

export type SessionRoles = {
  of(sessionUid: string, accountId: string): Promise<EduRole | undefined>;
  choose(sessionUid: string, accountId: string, role: EduRole): Promise<void>;
};

export function sessionRoles(storage: Storage): SessionRoles {
  const artefacts = storage('SessionRole');
  return {
    async of(sessionUid, accountId) {
      const found = await artefacts.find(sessionUid);
      return found?.accountId === accountId ? EDU_ROLES.find((role) => role === found.role) : undefined;
    },
    choose: (sessionUid, accountId, role) =>
      artefacts.upsert(sessionUid, { accountId, role }, SESSION_SECONDS),
  };
}
