/**
 * Whether a code that was typed proves her: one of an application, each time step once, or one of her paper, each once.
 * Tries are counted by account, those of either kind for themselves: guessing at one does not shut the other.
 */
import type { CodeApps, Protections, RecoveryCodes } from '../../adapters/authenticators/authenticators.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { Post } from '../letters/post.ts';
import { typedCode } from '../login/fresh-secret.ts';
import type { CodeProblem } from '../login/mailed-code.ts';
import { looksLikeRecoveryCode, typedRecoveryCode } from './recovery-codes.ts';
import { stepOf } from './time-code.ts';

/** Three codes of a million are right at a time: five tries a quarter of an hour leave a guesser years. */
export const APP_CODES_PER_ACCOUNT = { points: 5, seconds: 15 * 60 } as const;
export const RECOVERY_CODES_PER_ACCOUNT = { points: 10, seconds: 60 * 60 } as const;

export type JudgeCodeNeeds = {
  readonly database: Database;
  readonly codeApps: Pick<CodeApps, 'secretsOf' | 'useStep'>;
  readonly recoveryCodes: Pick<RecoveryCodes, 'redeem'>;
  readonly protections: Pick<Protections, 'stopMailCounting'>;
  readonly appCodeTries: Limiter;
  readonly recoveryCodeTries: Limiter;
  readonly clock: Clock;
  readonly post: Post;
  readonly events: Events;
};

/** Undefined when it is right, and then it is used up. */
export async function judgeAppCode(
  { codeApps, appCodeTries, protections, clock }: JudgeCodeNeeds,
  accountId: string,
  typed: string,
): Promise<CodeProblem | undefined> {
  if (typedCode(typed) === '') return { field: 'code', code: 'code_missing' };
  const refusal = await refusalOf(appCodeTries, accountId);
  if (refusal) return refusal;
  for (const { id, secret } of await codeApps.secretsOf(accountId)) {
    const step = stepOf(secret, typed, clock.now());
    if (step === undefined) continue;
    if (!(await codeApps.useStep(id, step))) return { field: 'code', code: 'app_code_used' };
    await appCodeTries.reset(accountId);
    await protections.stopMailCounting(accountId);
    return undefined;
  }
  return { field: 'code', code: 'app_code_wrong' };
}

/** Undefined when it is right, and then it is used up, and she is told by letter. */
export async function judgeRecoveryCode(
  { database, recoveryCodes, recoveryCodeTries, protections, clock, post, events }: JudgeCodeNeeds,
  accountId: string,
  origin: RequestOrigin,
  typed: string,
): Promise<CodeProblem | undefined> {
  const code = typedRecoveryCode(typed);
  if (code === '') return { field: 'code', code: 'recovery_code_missing' };
  const refusal = await refusalOf(recoveryCodeTries, accountId);
  if (refusal) return refusal;
  if (!looksLikeRecoveryCode(code)) return { field: 'code', code: 'recovery_code_wrong' };
  const isRight = await database.transaction(async (tx) => {
    const left = await recoveryCodes.redeem(accountId, code, tx);
    if (left === undefined) return false;
    await protections.stopMailCounting(accountId, tx);
    await events.recoveryCodeUsed(origin, accountId, left, tx);
    const facts = { at: clock.now(), network: origin.network, left };
    await post.send({ template: 'recovery-code-used', to: { accountId }, facts }, tx);
    return true;
  });
  if (!isRight) return { field: 'code', code: 'recovery_code_wrong' };
  await recoveryCodeTries.reset(accountId);
  return undefined;
}

async function refusalOf(tries: Limiter, accountId: string): Promise<CodeProblem | undefined> {
  const { allowed, retryAfter } = await tries.take(accountId);
  if (allowed) return undefined;
  return { field: 'form', code: 'throttled', params: { minutes: Math.ceil(retryAfter / 60) } };
}
