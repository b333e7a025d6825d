/**
 * Back-channel logout through the job queue: signing out never waits for a relying party, and a relying party that is
 * down is told when it is back. The token is signed at delivery, so that its `iat` is fresh (Back-Channel Logout 2.5).
 */
import type Provider from 'oidc-provider';
import type { Client } from 'oidc-provider';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';

/** Present on the library's clients, absent from its types. */
type LogoutTarget = Client & { backchannelLogout(accountId: string, sid: string): Promise<unknown> };
type ClientPrototype = { backchannelLogout: LogoutTarget['backchannelLogout'] };

const deliveries = new WeakMap<Provider, LogoutTarget['backchannelLogout']>();

/** From now on a logout is a job. */
export function queueBackchannelLogout(provider: Provider, jobs: JobQueue): void {
  const prototype = provider.Client.prototype as unknown as ClientPrototype;
  deliveries.set(provider, prototype.backchannelLogout);
  prototype.backchannelLogout = function enqueue(this: Client, accountId, sid) {
    return jobs.add('backchannel-logout', { clientId: this.clientId, accountId, sid });
  };
}

/** `current` because the provider is rebuilt when its keys change. */
export async function deliverBackchannelLogout(worker: JobWorker, current: () => Provider): Promise<void> {
  await worker.work('backchannel-logout', async ({ clientId, accountId, sid }) => {
    const provider = current();
    const client = (await provider.Client.find(clientId)) as LogoutTarget | undefined;
    // A client that has gone, or no longer wants to be told, needs no retries.
    if (client?.backchannelLogoutUri) await deliveries.get(provider)?.call(client, accountId, sid);
  });
}
