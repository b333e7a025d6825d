/**
 * The mark of a browser in which an account has signed in before. A lock against guessing does not apply to it: nobody
 * can keep a person out of her own account by typing wrong passwords elsewhere (security.md #67).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

export type DeviceMarks = {
  /** A value for the cookie of this browser. */
  issue(accountId: string): string;
  /** The random part of a mark that was issued for this account; undefined for any other value. */
  recognise(mark: string | undefined, accountId: string): string | undefined;
};

export function deviceMarks(keys: readonly string[]): DeviceMarks {
  const sign = (key: string, nonce: string, accountId: string) =>
    createHmac('sha256', key).update(`device:${nonce}:${accountId}`).digest();

  return {
    issue(accountId) {
      const nonce = randomBytes(16).toString('base64url');
      return `${nonce}.${sign(keys[0] as string, nonce, accountId).toString('base64url')}`;
    },
    recognise(mark, accountId) {
      const [nonce = '', signature = ''] = (mark ?? '').split('.');
      const given = Buffer.from(signature, 'base64url');
      const known = keys.some((key) => {
        const expected = sign(key, nonce, accountId);
        return expected.length === given.length && timingSafeEqual(expected, given);
      });
      return known ? nonce : undefined;
    },
  };
}
