/**
 * Whoever has lost her devices and her paper asks that her mailbox counts instead: a code proves that it is hers, and a
 * day goes by in which the owner, told by letter, only has to prove herself to stop it. Not for the Union's staff: their
 * mailbox is never enough, an administrator helps them.
 */
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Protections } from '../../adapters/authenticators/authenticators.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { Errand, OneTimeSecrets } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import { STAFF_ROLES, type StaffStore } from '../../adapters/staff-store/staff-store.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { Post } from '../letters/post.ts';
import { CODE_MINUTES, type CodeProblem, codeRefusal, issueCode, judgeCode } from '../login/mailed-code.ts';

export const WAITING_HOURS = 24;
export const LOST_PURPOSE = 'lost-factor';

export type LostFactorNeeds = {
  readonly database: Database;
  readonly secrets: OneTimeSecrets;
  readonly codes: Limiter;
  readonly protections: Pick<Protections, 'of' | 'letMailCount'>;
  readonly staff: Pick<StaffStore, 'has'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly events: Events;
};

type LostAct = Errand & { readonly purpose: typeof LOST_PURPOSE };

/** The address that may count instead. */
export async function lastResortOf(
  { staff }: Pick<LostFactorNeeds, 'staff'>,
  { id, verifiedEmail }: Account,
): Promise<string | undefined> {
  const roles = await Promise.all(STAFF_ROLES.map((role) => staff.has(id, role)));
  return roles.includes(true) ? undefined : verifiedEmail;
}

/** Throws bad_request for whoever may not. */
export async function mailLostCode(
  needs: LostFactorNeeds,
  account: Account,
  act: LostAct,
): Promise<CodeProblem | undefined> {
  await demandLastResort(needs, account);
  const problem = await codeRefusal(needs.codes, account.id);
  if (problem) return problem;
  await needs.database.transaction(async (tx) => {
    const code = await issueCode(needs.secrets, act, tx);
    const facts = { code, minutes: CODE_MINUTES, purpose: 'lost_device' as const };
    await needs.post.send({ template: 'step-up-code', to: { accountId: account.id }, facts }, tx);
  });
  return undefined;
}

/** Undefined when the waiting has begun. Throws bad_request for whoever may not. */
export async function beginWaiting(
  needs: LostFactorNeeds,
  account: Account,
  origin: RequestOrigin,
  act: LostAct,
  typed: string,
): Promise<CodeProblem | undefined> {
  await demandLastResort(needs, account);
  return needs.database.transaction(async (tx) => {
    const problem = await judgeCode(needs.secrets, act, typed, tx);
    if (!problem) await wait(needs, account.id, origin, tx);
    return problem;
  });
}

async function wait(
  { protections, post, clock, events }: LostFactorNeeds,
  accountId: string,
  origin: RequestOrigin,
  tx: Queryable,
): Promise<void> {
  if (!(await protections.letMailCount(accountId, WAITING_HOURS, tx))) return;
  const at = new Date(clock.now().getTime() + WAITING_HOURS * 3_600_000);
  await post.send(
    { template: 'factors-lost', to: { accountId }, facts: { at, network: origin.network } },
    tx,
  );
  await events.factorsLost(origin, accountId, tx);
}

async function demandLastResort(needs: LostFactorNeeds, account: Account): Promise<void> {
  if ((await lastResortOf(needs, account)) === undefined) throw new GatewayError('bad_request');
}
