/** The long part of an incident, a hundred accounts at a time: sessions end, passwords are dropped, letters leave. */
import type Provider from 'oidc-provider';
import type {
  AccountRegister,
  AccountStore,
  SignOutRegister,
} from '../../adapters/account-store/account-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { IncidentStore } from '../../adapters/incident-store/incident-store.ts';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Events } from '../events/events.ts';
import type { Post } from '../letters/post.ts';
import type { SessionEnder } from '../oidc/end-session.ts';

const AT_ONCE = 100;

export type CarryOutIncidentNeeds = {
  readonly database: Database;
  readonly incidents: IncidentStore;
  readonly accounts: AccountStore & Pick<AccountRegister, 'dropPassword'> & SignOutRegister;
  readonly secrets: Pick<OneTimeSecrets, 'revoke'>;
  readonly sessions: Pick<SessionEnder, 'endAllUntil'>;
  readonly jobs: Pick<JobQueue, 'add'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly events: Pick<Events, 'resetForced'>;
};

/** `provider`: the one of this moment. */
export async function carryOutIncidents(
  worker: JobWorker,
  provider: () => Provider,
  needs: CarryOutIncidentNeeds,
): Promise<void> {
  const { incidents, sessions, jobs } = needs;
  await worker.work('everybody-out', async ({ until, after }) => {
    const moment = new Date(until);
    const accounts = await incidents.signedIn(moment, after, AT_ONCE);
    for (const accountId of accounts) await sessions.endAllUntil(provider(), accountId, moment);
    const last = accounts.at(-1);
    if (last !== undefined) await jobs.add('everybody-out', { until, after: last });
  });
  await worker.work('forced-reset', async ({ resetId }) => {
    const accounts = await incidents.waitingInReset(resetId, AT_ONCE);
    for (const accountId of accounts) await forceReset(needs, resetId, accountId);
    if (accounts.length === 0) await incidents.endReset(resetId);
    else await jobs.add('forced-reset', { resetId });
  });
}

/** Her password opens nothing, nor does a link to a new one that somebody may have read; she is told what to do. */
async function forceReset(
  { database, incidents, accounts, secrets, jobs, post, clock, events }: CarryOutIncidentNeeds,
  resetId: string,
  accountId: string,
): Promise<void> {
  const account = await accounts.find(accountId);
  const isReachable = account?.status === 'confirmed' && account.verifiedEmail !== undefined;
  await database.transaction(async (tx) => {
    if (!(await incidents.markReset(resetId, accountId, isReachable, tx))) return;
    await accounts.dropPassword(accountId, tx);
    await secrets.revoke('reset-password', accountId, tx);
    const until = await accounts.signOutEverywhere(accountId, tx);
    await jobs.add('end-sessions', { accountId, until: until.toISOString() }, tx);
    if (isReachable) {
      const facts = { at: clock.now() };
      await post.send({ template: 'password-reset-forced', to: { accountId }, facts }, tx);
    }
    await events.resetForced(accountId, resetId, tx);
  });
}
