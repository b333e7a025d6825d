/** A new password: the old one proves who asks, everybody else is signed out, the owner is told by letter. */
import type { Account, CredentialStore } from '../../adapters/account-store/account-store.ts';
import { HasherOverloaded, type PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import type { GuessLimits } from '../login/guess-limits.ts';
import { judgePasswordOf, type StaffPasswordNeeds } from '../staff/judge-staff-password.ts';

export type PasswordChange = { readonly current: string; readonly fresh: string; readonly repeated: string };

export type PasswordChangeProblem = {
  readonly field: 'current' | 'fresh' | 'repeated' | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, number>>;
};

export type ChangePasswordNeeds = StaffPasswordNeeds & {
  readonly credentials: CredentialStore;
  readonly hasher: PasswordHasher;
  readonly limits: GuessLimits;
  readonly post: Post;
  readonly events: Events;
};

/** Undefined when it is done. Guesses at the current password count together with those at the sign-in. */
export async function changePassword(
  needs: ChangePasswordNeeds,
  account: Account,
  origin: RequestOrigin,
  { current, fresh, repeated }: PasswordChange,
): Promise<PasswordChangeProblem | undefined> {
  const { credentials, hasher, limits, post, events } = needs;
  const refuse = async (problem: PasswordChangeProblem): Promise<PasswordChangeProblem> => {
    await events.passwordChangeRefused(origin, account.id, problem.code);
    return problem;
  };
  if (current === '') return { field: 'current', code: 'password_missing' };
  const fault = await judgePasswordOf(needs, account, fresh);
  if (fault) return { field: 'fresh', code: fault };
  if (fresh !== repeated) return { field: 'repeated', code: 'passwords_differ' };

  const guess = { target: account.id, source: origin.source, device: undefined };
  const wait = await limits.refusal(guess);
  if (wait !== undefined) {
    return refuse({ field: 'form', code: 'throttled', params: { minutes: Math.ceil(wait / 60) } });
  }
  try {
    const hash = await credentials.passwordOf(account.id);
    const { matches, undecided } = await hasher.verify(hash, current);
    if (!matches || hash === undefined) {
      await limits.wrong(guess);
      return refuse({ field: 'current', code: undecided ? 'old_portal_away' : 'current_password_wrong' });
    }
    await limits.right(guess);
    const replaced = await credentials.replacePassword(account.id, hash, await hasher.hash(fresh));
    if (!replaced) return refuse({ field: 'form', code: 'password_changed_elsewhere' });
  } catch (error) {
    if (error instanceof HasherOverloaded) return { field: 'form', code: 'overloaded' };
    throw error;
  }
  await events.passwordChanged(origin, account.id);
  await post.send({
    template: 'password-changed',
    to: { accountId: account.id },
    facts: { at: new Date(), network: origin.network },
  });
  return undefined;
}
