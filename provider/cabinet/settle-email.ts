/**
 * The ends of a change of address, each by a link that works in any browser: the new address is confirmed, or the old
 * one is taken back. Whoever took it back did not want the change, so somebody knows her password: it is worth nothing
 * from then on, and a link to a new one leaves for the address that is hers again.
 */
import type {
  Account,
  AccountRegister,
  AccountStore,
  SignOutRegister,
} from '../../adapters/account-store/account-store.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { Deletions } from '../../adapters/deletions/deletions.ts';
import type { EmailAddress, EmailChanges } from '../../adapters/email-changes/email-changes.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Quarantine } from '../../adapters/quarantine/quarantine.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { Post } from '../letters/post.ts';
import { freshLink, looksLikeLink } from '../login/fresh-secret.ts';
import { writeResetLetter } from '../recovery/deliver-reset.ts';
import { bindingOf, givenNameOf } from './change-email.ts';

const UNDO_DAYS = 7;
const DAY_SECONDS = 24 * 3_600;

export type SettleEmailNeeds = {
  readonly database: Database;
  readonly accounts: AccountStore & AccountRegister & SignOutRegister;
  readonly emailChanges: EmailChanges;
  readonly deletions: Deletions;
  readonly quarantine: Quarantine;
  readonly secrets: OneTimeSecrets;
  readonly jobs: JobQueue;
  readonly post: Post;
  readonly events: Events;
};

type Reading = Pick<SettleEmailNeeds, 'emailChanges' | 'secrets'>;

/** The address that the link would confirm, while it is good; asking changes nothing. */
export async function addressToConfirm(
  { emailChanges, secrets }: Reading,
  link: string,
): Promise<EmailAddress | undefined> {
  const id = looksLikeLink(link) ? await secrets.subjectOf('change-email-link', link) : undefined;
  return id === undefined ? undefined : (await emailChanges.find(id))?.address;
}

/** The address that the link would bring back. */
export async function addressToRestore(
  { emailChanges, secrets }: Reading,
  link: string,
): Promise<EmailAddress | undefined> {
  const id = looksLikeLink(link) ? await secrets.subjectOf('undo-email-change', link) : undefined;
  return id === undefined ? undefined : (await emailChanges.undoable(id))?.former;
}

export type ConfirmedEmail = { readonly kind: 'changed' | 'added'; readonly account: Account };

/** Undefined when the link is no good, or the address became another account's: nothing has changed then. */
export async function confirmEmail(
  needs: SettleEmailNeeds,
  origin: RequestOrigin,
  link: string,
): Promise<ConfirmedEmail | undefined> {
  const { database, accounts, emailChanges, quarantine, secrets } = needs;
  const id = await secrets.subjectOf('change-email-link', link);
  const pending = id === undefined ? undefined : await emailChanges.find(id);
  const account = pending && (await accounts.find(pending.accountId));
  if (id === undefined || !pending || account?.status !== 'confirmed') return undefined;
  const isAddition = account.verifiedEmail === undefined;
  return database.transaction(async (tx) => {
    const errand = { purpose: 'change-email-link', subject: id, binding: bindingOf(account) } as const;
    const judged = await secrets.redeem({ ...errand, secret: link }, tx);
    if (judged.kind !== 'right') return undefined;
    if (await quarantine.holds('email', pending.address.key, account.id, tx)) return undefined;
    const done = isAddition
      ? await addAddress(needs, origin, account, id, tx)
      : await changeAddress(needs, origin, account, id, tx);
    if (!done) return undefined;
    // Hers again, if it was hers before.
    await quarantine.release('email', pending.address.key, tx);
    return { kind: isAddition ? 'added' : 'changed', account };
  });
}

async function addAddress(
  { emailChanges, events }: SettleEmailNeeds,
  origin: RequestOrigin,
  account: Account,
  id: string,
  tx: Queryable,
): Promise<boolean> {
  if ((await emailChanges.add(id, tx)) === undefined) return false;
  await events.emailAdded(origin, account.id, tx);
  return true;
}

async function changeAddress(
  { emailChanges, quarantine, secrets, post, events }: SettleEmailNeeds,
  origin: RequestOrigin,
  account: Account,
  id: string,
  tx: Queryable,
): Promise<boolean> {
  const change = await emailChanges.complete(id, UNDO_DAYS * DAY_SECONDS, tx);
  if (!change) return false;
  // Nobody else's while it may have to come back.
  const former = { kind: 'email', value: change.former.key } as const;
  await quarantine.put(former, { days: UNDO_DAYS, owner: account.id }, tx);
  // A link to a new password that lies in the former mailbox opens nothing any more.
  await secrets.revoke('reset-password', account.id, tx);
  const secret = freshLink();
  const seconds = UNDO_DAYS * DAY_SECONDS;
  await secrets.issue({ purpose: 'undo-email-change', subject: id, secret, seconds, tries: 1 }, tx);
  const to = { address: change.former.original, locale: account.locale, ...givenNameOf(account) };
  const facts = { at: new Date(), path: `/email/undo/${secret}`, days: UNDO_DAYS };
  await post.send({ template: 'email-changed', to, facts }, tx);
  await events.emailChanged(origin, account.id, tx);
  return true;
}

export type Restored = { readonly accountId: string; readonly signedOutAt: Date };

/** Undefined when the link is no good. */
export async function undoEmailChange(
  needs: SettleEmailNeeds,
  origin: RequestOrigin,
  link: string,
): Promise<Restored | undefined> {
  const { database, accounts, emailChanges, quarantine, secrets, jobs, events } = needs;
  const id = await secrets.subjectOf('undo-email-change', link);
  const change = id === undefined ? undefined : await emailChanges.undoable(id);
  const account = change && (await accounts.find(change.accountId));
  if (id === undefined || !change || account?.status !== 'confirmed') return undefined;
  const accountId = account.id;
  return database.transaction(async (tx) => {
    const judged = await secrets.redeem({ purpose: 'undo-email-change', subject: id, secret: link }, tx);
    if (judged.kind !== 'right') return undefined;
    const forgotten = await emailChanges.undo(id, tx);
    if (!forgotten) return undefined;
    await voidLinks(secrets, forgotten, tx);
    await quarantine.release('email', change.former.key, tx);
    await needs.deletions.cancel(accountId, tx);
    await accounts.dropPassword(accountId, tx);
    const signedOutAt = await accounts.signOutEverywhere(accountId, tx);
    await jobs.add('end-sessions', { accountId, until: signedOutAt.toISOString() }, tx);
    await writeResetLetter(needs, accountId, undefined, tx);
    await events.emailRestored(origin, accountId, tx);
    return { accountId, signedOutAt };
  });
}

async function voidLinks(secrets: OneTimeSecrets, changes: readonly string[], tx: Queryable): Promise<void> {
  for (const id of changes) {
    await secrets.revoke('change-email-link', id, tx);
    await secrets.revoke('undo-email-change', id, tx);
  }
}
