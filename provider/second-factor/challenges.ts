/** What a passkey has to sign: fresh for every act, of one holder, taken once. Knows nothing of keys. */
import { randomBytes } from 'node:crypto';
import { AlreadyConsumed, type Storage } from '../../adapters/storage/storage.ts';

const BYTES = 32;
/** As long as somebody may look for her telephone. */
export const CHALLENGE_SECONDS = 5 * 60;

/** For what it is, and whose: an interaction, or a session. */
export type Holder = `${'prove' | 'add'}:${string}`;

export type Challenges = {
  issue(holder: Holder): Promise<string>;
  /** Atomic: of parallel calls one is true. Another holder's is voided. */
  take(challenge: string, holder: Holder): Promise<boolean>;
};

export function challenges(storage: Storage): Challenges {
  const artefacts = storage('PasskeyChallenge');
  return {
    async issue(holder) {
      const challenge = randomBytes(BYTES).toString('base64url');
      await artefacts.upsert(challenge, { holder }, CHALLENGE_SECONDS);
      return challenge;
    },
    async take(challenge, holder) {
      try {
        await artefacts.consume(challenge);
      } catch (error) {
        if (error instanceof AlreadyConsumed) return false;
        throw error;
      }
      return (await artefacts.find(challenge))?.holder === holder;
    },
  };
}
