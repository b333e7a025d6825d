/**
 * Back-channel logout through the job queue: signing out never waits for a relying party, and a relying party that is
 * down is told when it is back. The token is signed at delivery, so that its `iat` is fresh and its `jti` new
 * (Back-Channel Logout 2.5). What came of it is in the log of deliveries.
 */
import type Provider from 'oidc-provider';
import type { Client } from 'oidc-provider';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type {
  DeliveryAttempt,
  LogoutDeliveries,
  LogoutTarget,
} from '../../adapters/logout-deliveries/logout-deliveries.ts';
import { OutwardFault } from '../../adapters/outward/outward.ts';
import { retryPause } from '../retry-pause.ts';

/** About a day in all, which a relying party's outage rarely outlasts. */
const RETRIES = { longestSeconds: 600, giveUpSeconds: 24 * 3_600 };

/** Present on the library's clients, absent from its types. */
type Tellable = Client & { backchannelLogout(accountId: string, sid: string): Promise<unknown> };
type ClientPrototype = { backchannelLogout: Tellable['backchannelLogout'] };

/** Resolves when it is sure that the relying party will be told. */
export type TellLogout = (target: LogoutTarget) => Promise<void>;

export type LogoutNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly deliveries: LogoutDeliveries;
  readonly jobs: JobQueue;
};

export function tellLogout({ database, deliveries, jobs }: LogoutNeeds): TellLogout {
  return (target) =>
    database.transaction(async (tx) => {
      const deliveryId = await deliveries.open(target, tx);
      await jobs.add('backchannel-logout', { deliveryId, ...target }, tx);
    });
}

/** False when it waits anyway, or there is nobody left to be signed out. */
export type ReplayLogout = (deliveryId: string, within: Queryable) => Promise<boolean>;

export function replayLogout({ deliveries, jobs }: Pick<LogoutNeeds, 'deliveries' | 'jobs'>): ReplayLogout {
  return async (deliveryId, within) => {
    const target = await deliveries.reopen(deliveryId, within);
    if (target) await jobs.add('backchannel-logout', { deliveryId, ...target }, within);
    return target !== undefined;
  };
}

const originals = new WeakMap<Provider, Tellable['backchannelLogout']>();

/** From now on the library's own logouts are jobs. */
export function queueBackchannelLogout(provider: Provider, tell: TellLogout): void {
  const prototype = provider.Client.prototype as unknown as ClientPrototype;
  originals.set(provider, prototype.backchannelLogout);
  prototype.backchannelLogout = function enqueue(this: Client, accountId, sid) {
    return tell({ clientId: this.clientId, accountId, sid });
  };
}

/** `current` because the provider is rebuilt when its keys change. */
export async function deliverBackchannelLogout(
  worker: JobWorker,
  current: () => Provider,
  { database, deliveries, jobs, clock }: LogoutNeeds & { readonly clock: Clock },
): Promise<void> {
  await worker.work('backchannel-logout', async (job) => {
    const attempt = await tell(current(), job);
    await database.transaction(async (tx) => {
      const delivery = await deliveries.find(job.deliveryId, tx);
      // Forgotten meanwhile, with its client.
      if (!delivery) return;
      const now = clock.now();
      const isOver = attempt.state !== 'waiting';
      const pause = isOver ? undefined : retryPause(RETRIES, delivery.attempts + 1, delivery.begunAt, now);
      if (isOver) return deliveries.note(delivery.id, attempt, tx);
      if (pause === undefined) return deliveries.note(delivery.id, { ...attempt, state: 'given_up' }, tx);
      const nextTryAt = new Date(now.getTime() + pause * 1_000);
      await deliveries.note(delivery.id, { ...attempt, nextTryAt }, tx);
      await jobs.add('backchannel-logout', job, tx, { afterSeconds: pause });
    });
  });
}

async function tell(
  provider: Provider,
  { clientId, accountId, sid }: LogoutTarget,
): Promise<DeliveryAttempt> {
  const client = (await provider.Client.find(clientId)) as Tellable | undefined;
  if (!client?.backchannelLogoutUri) return { state: 'refused', reason: 'no_address' };
  try {
    await originals.get(provider)?.call(client, accountId, sid);
    return { state: 'delivered' };
  } catch (error) {
    return failed(error);
  }
}

async function failed(error: unknown): Promise<DeliveryAttempt> {
  if (error instanceof OutwardFault) {
    return { state: error.code === 'not_allowed' ? 'refused' : 'waiting', reason: error.code };
  }
  const { response } = error as { response?: Response };
  if (!response) throw error;
  const { status } = response;
  // Back-Channel Logout 2.8: what it calls invalid will not become valid.
  const isFinal = status === 400 && (await errorIn(response)) === 'invalid_request';
  return isFinal ? { state: 'refused', status, reason: 'invalid_request' } : { state: 'waiting', status };
}

async function errorIn(response: Response): Promise<unknown> {
  const body: unknown = await response.json().catch(() => undefined);
  return (body as { error?: unknown } | undefined)?.error;
}
