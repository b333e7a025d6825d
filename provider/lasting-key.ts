/** Keys of hashes that must mean the same tomorrow: from the one secret that never changes. */
import { hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

/** A key of its own for every purpose (RFC 5869). */
export function lastingKey(secret: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, KEY_BYTES));
}
