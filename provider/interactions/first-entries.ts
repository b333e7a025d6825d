/**
 * Between a one-time password and one of her own: which credentials this browser has opened, and the password it has
 * chosen – its hash, sealed – while the mailbox is confirmed.
 */
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { Storage } from '../../adapters/storage/storage.ts';
import type { GatewayContext } from '../http/context.ts';
import type { PendingKeys } from './pending-key.ts';

const SECONDS = 20 * 60;

export type FirstEntry = {
  /** Of this browser in this interaction. */
  readonly key: string;
  readonly credentialId: string;
  readonly hash?: string;
};

export type FirstEntries = {
  begin(ctx: GatewayContext, uid: string, credentialId: string): Promise<void>;
  of(ctx: GatewayContext, uid: string): Promise<FirstEntry | undefined>;
  keep(entry: FirstEntry, hash: string): Promise<void>;
  end(entry: FirstEntry): Promise<void>;
};

export function firstEntries(storage: Storage, cipher: Cipher, keys: PendingKeys): FirstEntries {
  const artefacts = storage('FirstEntry');
  const contextOf = (key: string): string => `first-entry:${key}`;
  return {
    async begin(ctx, uid, credentialId) {
      await artefacts.upsert(keys.fresh(ctx, uid), { credentialId }, SECONDS);
    },
    async of(ctx, uid) {
      const key = keys.of(ctx, uid);
      const found = key === undefined ? undefined : await artefacts.find(key);
      if (key === undefined || !found) return undefined;
      const { credentialId, sealed } = found;
      return {
        ...{ key, credentialId: String(credentialId) },
        ...(typeof sealed === 'string' && { hash: cipher.open(sealed, contextOf(key)) }),
      };
    },
    async keep({ key, credentialId }, hash) {
      await artefacts.upsert(key, { credentialId, sealed: cipher.seal(hash, contextOf(key)) }, SECONDS);
    },
    end: ({ key }) => artefacts.destroy(key),
  };
}
