/**
 * A role that ends in «Контингент». It opens nothing from the commit on, because roles are read at each request; what
 * has been opened with it is left: grants end, relying parties are told, and she comes in again with what she has.
 */
import type Provider from 'oidc-provider';
import type { ClientStore } from '../../adapters/client-store/client-store.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { EduRole, SchoolExits, SchoolRegister } from '../../adapters/school-register/school-register.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { SessionEnder } from '../oidc/end-session.ts';

export type TakeRoleAwayNeeds = {
  readonly database: Database;
  readonly schools: Pick<SchoolRegister, 'find' | 'removeRole'>;
  readonly jobs: JobQueue;
  readonly events: Pick<Events, 'schoolRoleTaken'>;
};

export type TakenRole = {
  /** The account of the school's administrator. */
  readonly actor: string;
  readonly personId: string;
  readonly role: EduRole;
  readonly schoolId: string;
};

/** False when she had no such role. */
export async function takeRoleAway(
  { database, schools, jobs, events }: TakeRoleAwayNeeds,
  where: Where,
  { actor, personId, role, schoolId }: TakenRole,
): Promise<boolean> {
  const accountId = (await schools.find(personId))?.accountId;
  return database.transaction(async (tx) => {
    if (!(await schools.removeRole(personId, role, schoolId, tx))) return false;
    await jobs.add('school-exits', {}, tx);
    const taken = { actor, schoolPersonId: personId, role, schoolId };
    await events.schoolRoleTaken(where, { ...taken, ...(accountId !== undefined && { accountId }) }, tx);
    return true;
  });
}

export type LeaveNeeds = {
  readonly schools: SchoolExits;
  readonly clients: Pick<ClientStore, 'list'>;
  readonly sessions: Pick<SessionEnder, 'leave'>;
};

/** Every minute, too: an operator's command takes roles away where no queue runs. `current`: see gateway.ts. */
export async function letOut(
  worker: JobWorker,
  current: () => Provider,
  { schools, clients, sessions }: LeaveNeeds,
): Promise<void> {
  await worker.work('school-exits', async () => {
    const exits = await schools.exits();
    if (exits.length === 0) return;
    const region = (await clients.list()).filter(({ metadata }) => metadata.education === true);
    const ids = region.map(({ metadata }) => metadata.client_id);
    for (const exit of exits) {
      await sessions.leave(current(), exit.accountId, ids, exit.until);
      await schools.exited(exit);
    }
  });
  await worker.repeat('school-exits', '* * * * *', {});
}
