/** Decides whether a request for a new password gets a letter, and writes it. Nobody waits for the answer. */
import type { AccountRegister, AccountStore } from '../../adapters/account-store/account-store.ts';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Events } from '../events/events.ts';
import type { WayBack } from '../interactions/way-back.ts';
import type { Post } from '../letters/post.ts';
import { freshLink } from '../login/fresh-secret.ts';
import { openRequest } from './reset-request.ts';
import { wayBackQuery } from './way-on.ts';

/** domain.md §3.10. */
export const LINK_MINUTES = 60;

export type ResetLetterNeeds = {
  readonly secrets: OneTimeSecrets;
  readonly post: Post;
};

export type DeliverResetNeeds = ResetLetterNeeds & {
  readonly database: Database;
  readonly accounts: AccountStore & AccountRegister;
  readonly cipher: Cipher;
  readonly events: Events;
};

export async function deliverResets(worker: JobWorker, needs: DeliverResetNeeds): Promise<void> {
  const { database, accounts, cipher, events } = needs;
  await worker.work('password-reset', async ({ sealed }) => {
    const { email, wayBack, ...where } = openRequest(cipher, sealed);
    const owner = await accounts.ownerOf('email', email);
    const account = owner === undefined ? undefined : await accounts.find(owner);
    // Locked, closed or not confirmed: as if nobody had this address.
    if (account?.status !== 'confirmed' || account.verifiedEmail === undefined) return;
    await database.transaction(async (tx) => {
      await writeResetLetter(needs, account.id, wayBack, tx);
      await events.resetLetterWritten(where, account.id, tx);
    });
  });
}

/** The link goes to the address the account has, never to one that came with a request (security.md class 30). */
export async function writeResetLetter(
  { secrets, post }: ResetLetterNeeds,
  accountId: string,
  wayBack: WayBack | undefined,
  tx: Queryable,
): Promise<void> {
  const secret = freshLink();
  await secrets.issue(
    { purpose: 'reset-password', subject: accountId, secret, seconds: LINK_MINUTES * 60, tries: 1 },
    tx,
  );
  const path = `/recovery/${secret}${wayBackQuery(wayBack)}`;
  await post.send(
    { template: 'password-reset', to: { accountId }, facts: { path, minutes: LINK_MINUTES } },
    tx,
  );
}
