/**
 * The password once more, before something that a session alone must not allow: a browser left open in a staff room is
 * a session, too. Guesses count together with those at the sign-in.
 */
import type { Account, CredentialStore } from '../../adapters/account-store/account-store.ts';
import { HasherOverloaded, type PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { GuessLimits } from '../login/guess-limits.ts';

export type ProvePasswordNeeds = {
  readonly credentials: CredentialStore;
  readonly hasher: PasswordHasher;
  readonly limits: GuessLimits;
  readonly events: Events;
};

export type PasswordProblem = {
  readonly field: 'password' | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, number>>;
};

/** Undefined when it is right. `what`: for the audit, what it was asked for. */
export async function provePassword(
  { credentials, hasher, limits, events }: ProvePasswordNeeds,
  account: Account,
  origin: RequestOrigin,
  typed: string,
  what: string,
): Promise<PasswordProblem | undefined> {
  const refuse = async (problem: PasswordProblem): Promise<PasswordProblem> => {
    await events.passwordProofRefused(origin, account.id, what, problem.code);
    return problem;
  };
  if (typed === '') return { field: 'password', code: 'password_missing' };
  const guess = { target: account.id, source: origin.source, device: undefined };
  const wait = await limits.refusal(guess);
  if (wait !== undefined) {
    return refuse({ field: 'form', code: 'throttled', params: { minutes: Math.ceil(wait / 60) } });
  }
  try {
    const { matches } = await hasher.verify(await credentials.passwordOf(account.id), typed);
    if (!matches) {
      await limits.wrong(guess);
      return refuse({ field: 'password', code: 'current_password_wrong' });
    }
    await limits.right(guess);
    return undefined;
  } catch (error) {
    if (error instanceof HasherOverloaded) return { field: 'form', code: 'overloaded' };
    throw error;
  }
}
