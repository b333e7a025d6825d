/**
 * «Отозвать»: the withdrawal, its trace in the audit and the letter about it are one transaction, and what follows
 * from it is part of it (effective-documents.ts). As easy as giving, and easier: neither a password nor a code.
 */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { DocumentStore, StoredDocument } from '../../adapters/document-store/document-store.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import { DEFAULT_LOCALE } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';

export type WithdrawNeeds = {
  readonly database: Database;
  readonly documents: DocumentStore;
  readonly post: Post;
  readonly events: Events;
  readonly clock: Clock;
};

/** False when it was not in force any more: of parallel calls one is true. */
export async function withdrawConsent(
  { database, documents, post, events, clock }: WithdrawNeeds,
  account: Account,
  { id, title }: StoredDocument,
  origin: RequestOrigin,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const type = await documents.withdraw(account.id, id, tx);
    if (!type) return false;
    const at = clock.now();
    await post.send(
      { template: 'consent-withdrawn', to: { accountId: account.id }, facts: { document: title, at } },
      tx,
    );
    const { member } = account;
    if (type === 'union_pd' && member?.organisation.email !== undefined) {
      // Without a name: the chair finds the card by its number in the register.
      const to = { address: member.organisation.email, locale: DEFAULT_LOCALE };
      await post.send({ template: 'member-withdrew-consent', to, facts: { card: member.id, at } }, tx);
    }
    await events.documentWithdrawn(origin, account.id, { type, documentId: id }, tx);
    return true;
  });
}
