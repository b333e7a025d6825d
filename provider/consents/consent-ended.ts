/**
 * Clears away what a consent that has ended made possible: the portals that lived on it are left, with their grants and
 * tokens. What they may be told has ended with the commit already; this job comes with the same commit.
 */
import type Provider from 'oidc-provider';
import type { ClientRecord, ClientStore } from '../../adapters/client-store/client-store.ts';
import type { ConsentType } from '../../adapters/document-store/document-store.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { CABINET_CLIENT_ID } from '../cabinet/enter.ts';
import type { SessionEnder } from '../oidc/end-session.ts';

/** `current` because the provider is rebuilt when its keys change. */
export async function endConsents(
  worker: JobWorker,
  current: () => Provider,
  { clients, sessions }: { readonly clients: ClientStore; readonly sessions: SessionEnder },
): Promise<void> {
  await worker.work('consent-ended', async ({ accountId, type, until }) => {
    const living = (await clients.list()).filter((client) => livesOn(client, type as ConsentType));
    const ids = living.map(({ metadata }) => metadata.client_id);
    await sessions.leave(current(), accountId, ids, new Date(until));
  });
}

/** Every portal lives on the consent to be known at all; only some on that of a recipient. */
function livesOn({ metadata }: ClientRecord, type: ConsentType): boolean {
  if (type === 'union_pd') return metadata.client_id !== CABINET_CLIENT_ID;
  const conditional = metadata.claims_by_consent as Readonly<Record<string, unknown>> | undefined;
  return conditional?.[type] !== undefined;
}
