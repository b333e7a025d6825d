/** SNILS at rest: sealed for whoever may read it, and a keyed digest for «the same number». */
import type { Cipher } from '../../../adapters/cipher/cipher.ts';
import { snilsDigester } from '../../accounts/snils-digest.ts';

export type SealedSnils = { readonly sealed: string; readonly digest: Buffer };

/** `salt`: the pairwise one. */
export function snilsSealer(cipher: Cipher, salt: Buffer) {
  const digestOf = snilsDigester(salt);
  return (snils: string, memberId: string): SealedSnils => ({
    sealed: cipher.seal(snils, `member_snils:${memberId}`),
    digest: digestOf(snils),
  });
}
