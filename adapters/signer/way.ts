/** What differs between the kinds of signers: how the bytes of one signature come about. */
import type { KeyPair } from './key-folder.ts';
import { SignerMisconfigured } from './signer.ts';

/** Gives up by itself when `signal` says so. Throws SignerUnavailable or SignerMisconfigured. */
export type Way = (message: Uint8Array, pair: KeyPair, signal: AbortSignal) => Promise<Buffer>;

/** The path of the pair's key. */
export function keyOf({ certificatePath, keyPath }: KeyPair): string {
  if (keyPath !== undefined) return keyPath;
  throw new SignerMisconfigured(
    `No key beside ${certificatePath}: put it there under the same name with the end «.key».`,
  );
}
