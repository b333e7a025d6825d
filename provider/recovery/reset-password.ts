/**
 * A new password for whoever holds the link from the letter. The link, the password and the end of every session are
 * one transaction; nobody is signed in by it (A-17, B-10, security.md c2 #73–74).
 */
import type {
  Account,
  AccountRegister,
  AccountStore,
  SignOutRegister,
} from '../../adapters/account-store/account-store.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { HasherOverloaded, type PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import { looksLikeLink } from '../login/fresh-secret.ts';
import type { GuessLimits } from '../login/guess-limits.ts';
import { judgePasswordOf, type StaffPasswordNeeds } from '../staff/judge-staff-password.ts';
import { limitKey } from './ask-reset.ts';

export type ResetPasswordNeeds = StaffPasswordNeeds & {
  readonly database: Database;
  readonly accounts: AccountStore & AccountRegister & SignOutRegister;
  readonly secrets: OneTimeSecrets;
  readonly hasher: PasswordHasher;
  readonly limits: GuessLimits;
  readonly resetLimits: { readonly address: Limiter };
  readonly jobs: JobQueue;
  readonly post: Post;
  readonly events: Events;
};

export type NewPassword = { readonly fresh: string; readonly repeated: string };

export type ResetOutcome =
  | { readonly kind: 'done'; readonly accountId: string; readonly signedOutAt: Date }
  | { readonly kind: 'ask-again'; readonly field: 'fresh' | 'repeated' | 'form'; readonly code: ProblemCode }
  /** Used, old, voided by a newer one, or never made. */
  | { readonly kind: 'gone' };

/** Whose link it is, while it is good; asking changes nothing. */
export async function holderOf(
  { accounts, secrets }: Pick<ResetPasswordNeeds, 'accounts' | 'secrets'>,
  link: string,
): Promise<Account | undefined> {
  const subject = looksLikeLink(link) ? await secrets.subjectOf('reset-password', link) : undefined;
  const account = subject === undefined ? undefined : await accounts.find(subject);
  return account?.status === 'confirmed' ? account : undefined;
}

export async function resetPassword(
  needs: ResetPasswordNeeds,
  origin: RequestOrigin,
  link: string,
  { fresh, repeated }: NewPassword,
): Promise<ResetOutcome> {
  const account = await holderOf(needs, link);
  if (!account) return { kind: 'gone' };
  // A password that will not do costs neither the link nor a hash.
  const fault = await judgePasswordOf(needs, account, fresh);
  if (fault) return { kind: 'ask-again', field: 'fresh', code: fault };
  if (fresh !== repeated) return { kind: 'ask-again', field: 'repeated', code: 'passwords_differ' };
  try {
    const hash = await needs.hasher.hash(fresh);
    const signedOutAt = await commit(needs, origin, account, link, hash);
    if (!signedOutAt) return { kind: 'gone' };
    await forgetTries(needs, account);
    return { kind: 'done', accountId: account.id, signedOutAt };
  } catch (error) {
    if (error instanceof HasherOverloaded) return { kind: 'ask-again', field: 'form', code: 'overloaded' };
    throw error;
  }
}

function commit(
  { database, accounts, secrets, jobs, post, events }: ResetPasswordNeeds,
  origin: RequestOrigin,
  { id: accountId }: Account,
  link: string,
  hash: string,
): Promise<Date | undefined> {
  return database.transaction(async (tx) => {
    const errand = { purpose: 'reset-password', subject: accountId } as const;
    const judged = await secrets.redeem({ ...errand, secret: link }, tx);
    if (judged.kind !== 'right') return undefined;
    await accounts.setPassword(accountId, hash, tx);
    const signedOutAt = await accounts.signOutEverywhere(accountId, tx);
    await jobs.add('end-sessions', { accountId, until: signedOutAt.toISOString() }, tx);
    const facts = { at: signedOutAt, network: origin.network };
    await post.send({ template: 'password-changed', to: { accountId }, facts }, tx);
    await events.passwordReset(origin, accountId, tx);
    return signedOutAt;
  });
}

/** The owner has shown who she is: neither somebody's wrong guesses nor her own requests stand in her way now. */
async function forgetTries({ limits, resetLimits }: ResetPasswordNeeds, account: Account): Promise<void> {
  await limits.forget(account.id);
  const address = parseEmailAddress(account.verifiedEmail ?? '');
  if (address.ok) await resetLimits.address.reset(limitKey(address.key));
}
