/** Identities between their proof and the proof of the account they are to open: sealed, and each taken once. */
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import { AlreadyConsumed, type Storage } from '../../adapters/storage/storage.ts';
import type { PendingIdentities, Proved } from './settlement.ts';

const SECONDS = 15 * 60;

export function pendingIdentities(storage: Storage, cipher: Cipher): PendingIdentities {
  const artefacts = storage('PendingIdentity');
  const contextOf = (owner: string): string => `pending-identity:${owner}`;
  const opened = (owner: string, sealed: unknown): Proved =>
    JSON.parse(cipher.open(String(sealed), contextOf(owner)));

  return {
    async hold(owner, proved) {
      await artefacts.upsert(
        owner,
        { sealed: cipher.seal(JSON.stringify(proved), contextOf(owner)) },
        SECONDS,
      );
    },
    async look(owner) {
      const found = await artefacts.find(owner);
      return found && found.consumed === undefined ? opened(owner, found.sealed) : undefined;
    },
    async take(owner) {
      try {
        await artefacts.consume(owner);
      } catch (error) {
        if (error instanceof AlreadyConsumed) return undefined;
        throw error;
      }
      const found = await artefacts.find(owner);
      await artefacts.destroy(owner);
      return found && opened(owner, found.sealed);
    },
  };
}
