/** A code application on its way: its secret, until a code has shown that the application has got it. */
import { z } from 'zod';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import { AlreadyConsumed, type Storage } from '../../adapters/storage/storage.ts';
import { freshCodeSecret } from './time-code.ts';

const SECONDS = 15 * 60;
const contextOf = (sessionUid: string): string => `enrolment ${sessionUid}`;
const shape = z.object({ sealed: z.string(), consumed: z.number().optional() });

export type Enrolments = {
  /** One stands per session: a later one voids it. */
  begin(sessionUid: string): Promise<void>;
  secretOf(sessionUid: string): Promise<string | undefined>;
  /** Atomic: of parallel calls one is true. */
  take(sessionUid: string): Promise<boolean>;
};

export function enrolments(storage: Storage, cipher: Cipher): Enrolments {
  const artefacts = storage('CodeAppEnrolment');
  return {
    async begin(sessionUid) {
      const sealed = cipher.seal(freshCodeSecret(), contextOf(sessionUid));
      await artefacts.upsert(sessionUid, { sealed }, SECONDS);
    },
    async secretOf(sessionUid) {
      const found = await artefacts.find(sessionUid);
      const { sealed, consumed } = found ? shape.parse(found) : {};
      return sealed === undefined || consumed !== undefined
        ? undefined
        : cipher.open(sealed, contextOf(sessionUid));
    },
    async take(sessionUid) {
      try {
        await artefacts.consume(sessionUid);
        return true;
      } catch (error) {
        if (error instanceof AlreadyConsumed) return false;
        throw error;
      }
    },
  };
}
