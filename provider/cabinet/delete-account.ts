/**
 * Asking for the deletion of one's account: effects shown, a proof of who asks, a code by mail where there is an address,
 * and then some days in which it can be called off. Nothing is destroyed here (carry-out-deletion.ts).
 */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { Deletions } from '../../adapters/deletions/deletions.ts';
import type { IntegrationStore } from '../../adapters/integration-store/integration-store.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import { INTEGRATIONS_PER_PERSON } from '../integrations/create.ts';
import { fieldsOf } from '../integrations/metadata.ts';
import type { Post } from '../letters/post.ts';
import { CODE_MINUTES, type CodeProblem, codeRefusal, issueCode, judgeCode } from '../login/mailed-code.ts';
import type { Visitor } from './enter.ts';
import { type ProofProblem, type ProvePersonNeeds, provePerson } from './prove-person.ts';

export type DeleteAccountNeeds = ProvePersonNeeds & {
  readonly database: Database;
  readonly deletions: Deletions;
  readonly integrations: Pick<IntegrationStore, 'ofOwner'>;
  readonly secrets: OneTimeSecrets;
  readonly codes: Limiter;
  readonly post: Post;
  readonly events: Events;
  readonly deletionDays: number;
};

const DAY_MILLISECONDS = 24 * 3_600_000;

const codeFor = ({ id }: Account) => ({ purpose: 'delete-account', subject: id }) as const;

/** A code leaves for the address of the account; without one the days of waiting begin at once. */
export async function beginDeletion(
  needs: DeleteAccountNeeds,
  visitor: Visitor,
  origin: RequestOrigin,
  password: string | undefined,
): Promise<ProofProblem | CodeProblem | undefined> {
  const { account } = visitor;
  const problem = await provePerson(needs, visitor, origin, password, 'account_deletion');
  if (problem) return problem;
  if (account.verifiedEmail !== undefined) return writeCode(needs, account);
  await needs.database.transaction((tx) => beginWaiting(needs, account, origin, tx));
  return undefined;
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
  needs: DeleteAccountNeeds,
  account: Account,
  origin: RequestOrigin,
  code: string,
): Promise<CodeProblem | undefined> {
  const { database, secrets, events } = needs;
  return database.transaction(async (tx) => {
    const problem = await judgeCode(secrets, codeFor(account), code, tx);
    if (problem) await events.deletionRefused(origin, account.id, problem.code, tx);
    else await beginWaiting(needs, account, origin, tx);
    return problem;
  });
}

async function beginWaiting(
  { deletions, integrations, post, events, deletionDays }: DeleteAccountNeeds,
  account: Account,
  origin: RequestOrigin,
  tx: Queryable,
): Promise<void> {
  if (!(await deletions.request(account.id, deletionDays, tx))) return;
  const at = new Date();
  const facts = { at, due: new Date(at.getTime() + deletionDays * DAY_MILLISECONDS) };
  await post.send({ template: 'deletion-requested', to: { accountId: account.id }, facts }, tx);
  const owned = await integrations.ofOwner(account.id, { limit: INTEGRATIONS_PER_PERSON }, tx);
  if (owned.length > 0) {
    const names = owned.map(({ item }) => fieldsOf(item.metadata).name);
    await post.send(
      {
        template: 'integrations-will-stop',
        to: { accountId: account.id },
        facts: { names, due: facts.due },
      },
      tx,
    );
  }
  await events.deletionRequested(origin, account.id, tx);
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
