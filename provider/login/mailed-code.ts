/** A code by mail for one act: bound to account, purpose and act, with few guesses and fewer letters. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { OneTimeSecrets, Purpose } from '../../adapters/one-time-secrets/one-time-secrets.ts';
import type { ProblemCode } from '../http/texts.ts';
import { freshCode, typedCode } from './fresh-secret.ts';

/** domain.md §3.10. */
export const CODE_MINUTES = 10;
const CODE_TRIES = 5;
/** Whatever the act: with five tries each, what somebody may guess in an hour (security.md class 25). */
export const CODES_PER_ACCOUNT = { points: 5, seconds: 60 * 60 } as const;

export type CodeProblem = {
  readonly field: 'code' | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, number>>;
};

type Act = { readonly purpose: Purpose; readonly subject: string; readonly binding?: string };

/** Undefined when another code may be written now. */
export async function codeRefusal(codes: Limiter, accountId: string): Promise<CodeProblem | undefined> {
  const { allowed, retryAfter } = await codes.take(accountId);
  if (allowed) return undefined;
  return { field: 'form', code: 'throttled', params: { minutes: Math.ceil(retryAfter / 60) } };
}

/** The code to be mailed; a former one for the same act is void. */
export async function issueCode(secrets: OneTimeSecrets, act: Act, within: Queryable): Promise<string> {
  const secret = freshCode();
  await secrets.issue({ ...act, secret, seconds: CODE_MINUTES * 60, tries: CODE_TRIES }, within);
  return secret;
}

/** Undefined when it is right, and then it is used up. */
export async function judgeCode(
  secrets: OneTimeSecrets,
  act: Act,
  typed: string,
  within: Queryable,
): Promise<CodeProblem | undefined> {
  const code = typedCode(typed);
  if (code === '') return { field: 'code', code: 'code_missing' };
  const judged = await secrets.redeem({ ...act, secret: code }, within);
  if (judged.kind === 'right') return undefined;
  return judged.kind === 'wrong' && judged.triesLeft > 0
    ? { field: 'code', code: 'code_wrong' }
    : { field: 'code', code: 'code_gone' };
}
