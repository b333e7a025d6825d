/**
 * Who is there, once more, before what protects an account is changed: by something she protects it with, or, as long as
 * there is nothing, by a code to her mailbox. Holds ten minutes, in this session alone.
 */
import type { Protection } from '../../adapters/authenticators/authenticators.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import type { Visitor } from '../cabinet/enter.ts';
import { hasOwnProof, hasSecondProof } from '../login/assurance.ts';

const RECENT_SECONDS = 10 * 60;

export type RecentProofs = {
  note(visitor: Visitor): Promise<void>;
  /** Whether she has proved herself lately: here, or by the very sign-in. */
  stands(visitor: Visitor, protection: Protection): Promise<boolean>;
};

export function recentProofs(storage: Storage, clock: Clock): RecentProofs {
  const artefacts = storage('ProtectionProof');
  return {
    async note({ account, session }) {
      await artefacts.upsert(session.uid, { accountId: account.id }, RECENT_SECONDS);
    },
    async stands(visitor, protection) {
      const { account, session } = visitor;
      const noted = await artefacts.find(session.uid);
      if (noted?.accountId === account.id) return true;
      const age = clock.now().getTime() / 1_000 - (session.loginTs ?? 0);
      return age <= RECENT_SECONDS && isSignInEnough(visitor, protection, clock.now());
    },
  };
}

/** Whether a mailed code is enough for her: there is nothing better, or it was lost. */
export function doesMailProve({ codeApps, passkeys, mailCountsAt }: Protection, now: Date): boolean {
  return codeApps + passkeys === 0 || (mailCountsAt !== undefined && mailCountsAt <= now);
}

function isSignInEnough({ account, session }: Visitor, protection: Protection, now: Date): boolean {
  if (hasOwnProof(session)) return true;
  if (!doesMailProve(protection, now)) return false;
  // Whoever has no address has nothing to prove beside her password, either.
  return account.verifiedEmail === undefined || hasSecondProof(session, true);
}
