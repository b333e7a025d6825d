/**
 * Brings signed applications to the register: in the order of their signing, each until it is taken, once. The register
 * takes an id once, so whatever is cut off in the middle is simply done again. Knows neither signing nor pages.
 */
import type { ApplicationStore } from '../../adapters/application-store/application-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { DraftStore } from '../../adapters/draft-store/draft-store.ts';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import {
  ApplicationMisunderstood,
  ApplicationRefused,
  type Registry,
  type RegistryApplication,
} from '../../adapters/registry/registry.ts';
import type { Events } from '../events/events.ts';
import type { Post } from '../letters/post.ts';

/** Below the time the queue gives a job; the rest of a long line is the next job's. */
const LINE_MILLISECONDS = 30_000;

export type DeliveryNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly registry: Pick<Registry, 'submit'>;
  readonly applications: ApplicationStore;
  readonly drafts: Pick<DraftStore, 'reopen'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly events: Events;
};

/**
 * The job `application` is added with the signature; the minute's one finds whatever has lost its job, and so does a
 * process when it starts.
 */
export async function deliverApplications(jobs: JobWorker & JobQueue, needs: DeliveryNeeds): Promise<void> {
  let walking: Promise<void> | undefined;
  // Jobs of this process that run at the same time go along with the first of them.
  const walk = (): Promise<void> => {
    walking ??= deliverLine(needs).finally(() => {
      walking = undefined;
    });
    return walking;
  };
  await jobs.work('application', async ({ applicationId }) => {
    await walk();
    await deliver(needs, applicationId);
  });
  await jobs.work('waiting-applications', walk);
  await jobs.repeat('waiting-applications', '* * * * *', {});
  await jobs.add('waiting-applications', {});
}

/** All that wait, the eldest first. Ends with RegistryUnavailable: the others would fare no better. */
async function deliverLine(needs: DeliveryNeeds): Promise<void> {
  const end = needs.clock.now().getTime() + LINE_MILLISECONDS;
  for (const id of await needs.applications.forgotten(0)) {
    if (needs.clock.now().getTime() > end) return;
    try {
      await deliver(needs, id);
    } catch (error) {
      // Its own job tries again; it must not stand in everybody's way.
      if (!(error instanceof ApplicationMisunderstood)) throw error;
    }
  }
}

async function deliver(needs: DeliveryNeeds, id: string): Promise<void> {
  const { registry, applications, events } = needs;
  const application = await applications.undelivered(id);
  if (!application) return;
  try {
    await registry.submit(application);
  } catch (error) {
    if (error instanceof ApplicationRefused) return await giveBack(needs, application, error.reason);
    if (error instanceof ApplicationMisunderstood) await events.applicationMisunderstood(id);
    throw error;
  }
  await applications.markDelivered(id);
  await events.applicationDelivered(id);
}

/** To the applicant, who may choose another organisation: as if the register had returned it. */
async function giveBack(
  { database, applications, drafts, post, events }: DeliveryNeeds,
  { id }: RegistryApplication,
  reason: string,
): Promise<void> {
  await database.transaction(async (tx) => {
    const returned = await applications.advance(id, 'returned', reason, tx);
    if (!returned) return;
    const { accountId } = returned;
    await drafts.reopen(accountId, tx);
    await post.send({ template: 'application-returned', to: { accountId }, facts: { reason } }, tx);
    await events.applicationDecided(accountId, id, 'returned', tx);
  });
}
