/** Names for random values that must not be stored as they are, and tokens derived from them. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** `use` separates what the same value is hashed for. */
export type KeyedHash = (use: string, value: string) => string;

export function keyedHash(key: Buffer): KeyedHash {
  return (use, value) => createHmac('sha256', key).update(`${use}\0${value}`).digest('base64url');
}

/** 256 bits in base64url. */
export function randomValue(): string {
  return randomBytes(32).toString('base64url');
}

/** Takes as long for a near miss as for a far one. */
export function areEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
