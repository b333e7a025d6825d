/** SNILS at rest: sealed for whoever may read it, and a keyed digest for «the same number». */
import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import type { Cipher } from '../../../adapters/cipher/cipher.ts';

export type SealedSnils = { readonly sealed: string; readonly digest: Buffer };

/**
 * `salt` must outlive every encryption key, or equal numbers would stop being equal: it is the pairwise salt, from which
 * a key of its own is derived.
 */
export function snilsSealer(cipher: Cipher, salt: Buffer) {
  // A key object: from raw bytes one would be made anew for each number, at five times the cost.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', salt, '', 'snils digest', 32)));
  return (snils: string, memberId: string): SealedSnils => ({
    sealed: cipher.seal(snils, `member_snils:${memberId}`),
    digest: createHmac('sha256', key).update(snils).digest(),
  });
}
