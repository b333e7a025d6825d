/**
 * Who is there, once more, before something that a session alone must not allow: a browser left open in a staff room is
 * a session, too. The password, whose guesses count together with those at the sign-in; without one, a sign-in through
 * an upstream that has just happened.
 */
import type { CredentialStore } from '../../adapters/account-store/account-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import { HasherOverloaded, type PasswordHasher } from '../../adapters/password-hasher/password-hasher.ts';
import type { Events } from '../events/events.ts';
import type { RequestOrigin } from '../http/context.ts';
import type { ProblemCode } from '../http/texts.ts';
import type { GuessLimits } from '../login/guess-limits.ts';
import type { Visitor } from './enter.ts';

export type ProvePersonNeeds = {
  readonly credentials: CredentialStore;
  readonly hasher: PasswordHasher;
  readonly limits: GuessLimits;
  readonly clock: Clock;
  readonly events: Events;
};

/** `recent`: nothing more is asked. `sign-in`: through an upstream again, and back. */
export type Proof = 'password' | 'recent' | 'sign-in';

export type ProofProblem = {
  readonly field: 'password' | 'form';
  readonly code: ProblemCode;
  readonly params?: Readonly<Record<string, number>>;
};

const RECENT_SECONDS = 10 * 60;

/** What the page has to ask for. */
export async function proofOf(
  { credentials, clock }: Pick<ProvePersonNeeds, 'credentials' | 'clock'>,
  { account, session }: Visitor,
): Promise<Proof> {
  if (await credentials.passwordSetAt(account.id)) return 'password';
  const age = clock.now().getTime() / 1_000 - (session.loginTs ?? 0);
  return session.amr?.includes('fed') && age <= RECENT_SECONDS ? 'recent' : 'sign-in';
}

/** Undefined when it is she. `what`: for the audit, what it was asked for. */
export async function provePerson(
  needs: ProvePersonNeeds,
  visitor: Visitor,
  origin: RequestOrigin,
  typed: string | undefined,
  what: string,
): Promise<ProofProblem | undefined> {
  const proof = await proofOf(needs, visitor);
  if (proof === 'password') return provePassword(needs, visitor.account.id, origin, typed ?? '', what);
  return proof === 'recent' ? undefined : { field: 'form', code: 'proof_missing' };
}

async function provePassword(
  { credentials, hasher, limits, events }: ProvePersonNeeds,
  accountId: string,
  origin: RequestOrigin,
  typed: string,
  what: string,
): Promise<ProofProblem | undefined> {
  const refuse = async (problem: ProofProblem): Promise<ProofProblem> => {
    await events.passwordProofRefused(origin, accountId, what, problem.code);
    return problem;
  };
  if (typed === '') return { field: 'password', code: 'password_missing' };
  const guess = { target: accountId, source: origin.source, device: undefined };
  const wait = await limits.refusal(guess);
  if (wait !== undefined) {
    return refuse({ field: 'form', code: 'throttled', params: { minutes: Math.ceil(wait / 60) } });
  }
  try {
    const hash = await credentials.passwordOf(accountId);
    const { matches, outdated, undecided } = await hasher.verify(hash, typed);
    if (!matches || hash === undefined) {
      await limits.wrong(guess);
      return refuse({ field: 'password', code: undecided ? 'old_portal_away' : 'current_password_wrong' });
    }
    await limits.right(guess);
    if (outdated) await credentials.replacePassword(accountId, hash, await hasher.hash(typed));
    return undefined;
  } catch (error) {
    if (error instanceof HasherOverloaded) return { field: 'form', code: 'overloaded' };
    throw error;
  }
}
