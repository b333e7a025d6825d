/**
 * The secret of a link that closes one channel of one person and can do nothing else. Always the same one, so that a
 * letter of any age still works; it names nobody, and without the key nobody can make it up.
 */
import { createHmac, createSecretKey } from 'node:crypto';
import type { Channel } from '../../adapters/document-store/document-store.ts';

export function unsubscribeTokens(secret: Buffer) {
  const key = createSecretKey(secret);
  return (accountId: string, channel: Channel): string =>
    createHmac('sha256', key).update(`${accountId}\n${channel}`).digest('base64url');
}

export function unsubscribePath(token: string): string {
  return `/unsubscribe/${token}`;
}
