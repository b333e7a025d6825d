/**
 * Carries deletions out when their days of waiting are over. Three steps, each of which may be repeated and none of
 * which happens twice: a process that dies in between leaves the rest to the next round.
 */
import type Provider from 'oidc-provider';
import type { Logger } from 'pino';
import type { Database } from '../../adapters/database/database.ts';
import type { Deletions } from '../../adapters/deletions/deletions.ts';
import { CONSENT_TYPES, type DocumentStore } from '../../adapters/document-store/document-store.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { Quarantine } from '../../adapters/quarantine/quarantine.ts';
import type { Events } from '../events/events.ts';
import type { Post } from '../letters/post.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import type { TellReceivers } from '../signals/tell.ts';

/** How long signed documents stay as evidence after the account is gone (ГК РФ art. 196). */
const EVIDENCE_YEARS = 3;
const EVERY_TEN_MINUTES = '*/10 * * * *';

export type CarryOutNeeds = {
  readonly database: Database;
  readonly deletions: Deletions;
  readonly documents: Pick<DocumentStore, 'consent' | 'withdraw'>;
  readonly quarantine: Quarantine;
  readonly quarantineDays: number;
  readonly sessions: SessionEnder;
  readonly tellReceivers: TellReceivers;
  readonly post: Post;
  readonly events: Events;
  readonly log: Logger;
};

/** `current` because the provider is rebuilt when its keys change. */
export async function carryOutDeletions(
  worker: JobWorker,
  current: () => Provider,
  needs: CarryOutNeeds,
): Promise<void> {
  const { database, deletions, events, log } = needs;
  await worker.work('deletions', async () => {
    for (const accountId of await deletions.due()) {
      // One that cannot be carried out now must not keep the others waiting.
      await carryOut(needs, current(), accountId).catch((err: unknown) =>
        log.error({ err, accountId }, 'deletion is tried again later'),
      );
    }
    for (const accountId of await deletions.evidenceDue()) {
      await database.transaction(async (tx) => {
        const destroyed = await deletions.eraseEvidence(accountId, tx);
        if (destroyed) await events.dataDestroyed(accountId, 'evidence_term_over', destroyed, tx);
      });
    }
  });
  await worker.repeat('deletions', EVERY_TEN_MINUTES, {});
}

async function carryOut(needs: CarryOutNeeds, provider: Provider, accountId: string): Promise<void> {
  const { database, deletions, sessions, events } = needs;
  await close(needs, accountId);
  // Nobody comes in any more; portals are told while the list of sessions is still there.
  await sessions.endAllOthers(provider, accountId, undefined);
  await database.transaction(async (tx) => {
    const destroyed = await deletions.erase(accountId, EVIDENCE_YEARS, tx);
    if (destroyed) await events.dataDestroyed(accountId, 'demand_of_the_person', destroyed, tx);
  });
}

async function close(
  { database, deletions, documents, quarantine, quarantineDays, tellReceivers, post, events }: CarryOutNeeds,
  accountId: string,
): Promise<void> {
  await database.transaction(async (tx) => {
    const remains = await deletions.close(accountId, tx);
    if (!remains) return;
    for (const type of CONSENT_TYPES) {
      const consent = await documents.consent(accountId, type, tx);
      if (consent) await documents.withdraw(accountId, consent.id, tx);
    }
    for (const identifier of remains.identifiers) {
      await quarantine.put(identifier, { days: quarantineDays }, tx);
    }
    const { address, locale, givenName } = remains;
    if (address !== undefined) {
      const to = { address, locale, ...(givenName !== undefined && { givenName }) };
      await post.send({ template: 'account-deleted', to, facts: { at: new Date() } }, tx);
    }
    await tellReceivers({ name: 'account-purged', accountId, at: new Date() }, tx);
    await events.accountClosed(accountId, tx);
  });
}
