/** «The same number» without the number: a keyed digest of SNILS, equal wherever it is made. */
import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';

/**
 * `salt` must outlive every encryption key, or equal numbers would stop being equal: it is the pairwise salt, from which
 * a key of its own is derived.
 */
export function snilsDigester(salt: Buffer): (snils: string) => Buffer {
  // A key object: from raw bytes one would be made anew for each number, at five times the cost.
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', salt, '', 'snils digest', 32)));
  return (snils) => createHmac('sha256', key).update(snils).digest();
}
