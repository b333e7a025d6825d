/**
 * An office ends: the pages of the organisation are closed with the commit, because the gate asks each time; sessions,
 * grants and tokens of the portals that live on an office are cleared away right after (decision 35).
 */
import type Provider from 'oidc-provider';
import type { ClientRecord, ClientStore } from '../../adapters/client-store/client-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { Office, OfficeStore } from '../../adapters/office-store/office-store.ts';
import type { Events } from '../events/events.ts';
import type { Where } from '../events/recorder.ts';
import type { Post } from '../letters/post.ts';
import { STAFF_SCOPES } from '../oidc/claims.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import { WORKPLACE_CLIENT_ID } from '../staff/gate.ts';

export type EndOfficeNeeds = {
  readonly database: Database;
  readonly offices: Pick<OfficeStore, 'revoke'>;
  readonly jobs: JobQueue;
  readonly post: Post;
  readonly events: Pick<Events, 'officeRevoked'>;
  readonly clock: Clock;
};

/** False when it is over already. `by`: the account of whoever ends it, or `operator`. */
export function endOffice(
  { database, offices, jobs, post, events, clock }: EndOfficeNeeds,
  where: Where,
  { id: officeId, accountId, organisation }: Office,
  by: string,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    if (!(await offices.revoke(officeId, by, tx))) return false;
    const at = clock.now();
    await jobs.add('office-ended', { accountId, until: at.toISOString() }, tx);
    const facts = { organisation: organisation.shortName, at };
    await post.send({ template: 'office-ended', to: { accountId }, facts }, tx);
    await events.officeRevoked(where, { by, organisationId: organisation.id, accountId, officeId }, tx);
    return true;
  });
}

/** `current` because the provider is rebuilt when its keys change. */
export async function clearEndedOffices(
  worker: JobWorker,
  current: () => Provider,
  { clients, sessions }: { readonly clients: ClientStore; readonly sessions: SessionEnder },
): Promise<void> {
  await worker.work('office-ended', async ({ accountId, until }) => {
    const living = (await clients.list()).filter(livesOnOffices).map(({ metadata }) => metadata.client_id);
    await sessions.leave(current(), accountId, [WORKPLACE_CLIENT_ID, ...living], new Date(until));
  });
}

function livesOnOffices({ metadata }: ClientRecord): boolean {
  const scopes = typeof metadata.scope === 'string' ? metadata.scope.split(' ') : [];
  return STAFF_SCOPES.some((scope) => scopes.includes(scope));
}
