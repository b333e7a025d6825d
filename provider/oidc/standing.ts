/**
 * Whether a sign-in, grant or token still counts for its account. Said by the account itself, which every request loads
 * anyway: signing out everywhere holds from the commit on, however long it takes to clear the artefacts away.
 */
import type { Account } from '../../adapters/account-store/account-store.ts';
import { hasSecondProof } from '../login/assurance.ts';

/**
 * `since`: seconds, when it began. Sign-ins carry whole seconds, so one of the very second of the signing out counts:
 * it may be the new one.
 */
export function stands({ status, signedOutAt }: Account, since: number | undefined): boolean {
  if (status !== 'confirmed') return false;
  return signedOutAt === undefined || (since ?? 0) >= Math.floor(signedOutAt.getTime() / 1_000);
}

type SignedIn = { readonly loginTs?: number | undefined; readonly amr?: readonly string[] | undefined };

/** Whether the session may act as her: one that still lacks the second proof she has asked for is nobody's yet. */
export function signsIn(account: Account, session: SignedIn): boolean {
  return stands(account, session.loginTs) && !lacksSecondProof(account, session);
}

export function lacksSecondProof({ alwaysAsked }: Account, { amr }: SignedIn): boolean {
  return alwaysAsked !== undefined && !hasSecondProof({ amr }, alwaysAsked.mailCounts);
}
