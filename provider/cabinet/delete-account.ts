/**
 * Asking for the deletion of one's account: effects shown, password, a code by mail, and then some days in which it can
 * be called off. Nothing is destroyed here (carry-out-deletion.ts).
 */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { Deletions } from '../../adapters/deletions/deletions.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { Post } from '../letters/post.ts';
import { CODE_MINUTES, type CodeProblem, codeRefusal, issueCode, judgeCode } from '../login/mailed-code.ts';
import { type PasswordProblem, type ProvePasswordNeeds, provePassword } from './prove-password.ts';

export type DeleteAccountNeeds = ProvePasswordNeeds & {
  readonly database: Database;
  readonly deletions: Deletions;
  readonly secrets: OneTimeSecrets;
  readonly codes: Limiter;
  readonly post: Post;
  readonly events: Events;
  readonly deletionDays: number;
};

const DAY_MILLISECONDS = 24 * 3_600_000;

const codeFor = ({ id }: Account) => ({ purpose: 'delete-account', subject: id }) as const;

/** A code leaves for the address of the account. */
export async function beginDeletion(
  needs: DeleteAccountNeeds,
  account: Account,
  origin: RequestOrigin,
  password: string,
): Promise<PasswordProblem | CodeProblem | undefined> {
  return (
    (await provePassword(needs, account, origin, password, 'account_deletion')) ??
    (await writeCode(needs, account))
  );
}

/** For a code that did not arrive or was guessed at too often; the password was right a moment ago. */
export async function repeatDeletionCode(
  needs: DeleteAccountNeeds,
  account: Account,
): Promise<CodeProblem | undefined> {
  const standing = await needs.secrets.issuedAt('delete-account', account.id);
  return standing ? writeCode(needs, account) : { field: 'form', code: 'code_gone' };
}

async function writeCode(
  { database, secrets, codes, post }: DeleteAccountNeeds,
  account: Account,
): Promise<CodeProblem | undefined> {
  const problem = await codeRefusal(codes, account.id);
  if (problem) return problem;
  await database.transaction(async (tx) => {
    const code = await issueCode(secrets, codeFor(account), tx);
    const facts = { code, minutes: CODE_MINUTES };
    await post.send({ template: 'deletion-code', to: { accountId: account.id }, facts }, tx);
  });
  return undefined;
}

/** Undefined when the days of waiting have begun. */
export async function requestDeletion(
  { database, deletions, secrets, post, events, deletionDays }: DeleteAccountNeeds,
  account: Account,
  origin: RequestOrigin,
  code: string,
): Promise<CodeProblem | undefined> {
  return database.transaction(async (tx) => {
    const problem = await judgeCode(secrets, codeFor(account), code, tx);
    if (problem) {
      await events.deletionRefused(origin, account.id, problem.code, tx);
      return problem;
    }
    if (!(await deletions.request(account.id, deletionDays, tx))) return undefined;
    const at = new Date();
    const facts = { at, due: new Date(at.getTime() + deletionDays * DAY_MILLISECONDS) };
    await post.send({ template: 'deletion-requested', to: { accountId: account.id }, facts }, tx);
    await events.deletionRequested(origin, account.id, tx);
    return undefined;
  });
}

export async function cancelDeletion(
  { database, deletions, secrets, post, events }: DeleteAccountNeeds,
  account: Account,
  origin: RequestOrigin,
): Promise<void> {
  await database.transaction(async (tx) => {
    await secrets.revoke('delete-account', account.id, tx);
    if (!(await deletions.cancel(account.id, tx))) return;
    const facts = { at: new Date() };
    await post.send({ template: 'deletion-cancelled', to: { accountId: account.id }, facts }, tx);
    await events.deletionCancelled(origin, account.id, tx);
  });
}
