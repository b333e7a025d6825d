/**
 * The name a relying party knows a person by: an HMAC over its sector and the account, so that two parties cannot
 * compare notes (OpenID Connect Core 8.1). Account ids are random and never used again, so neither is a subject.
 */
import { createHmac, createSecretKey } from 'node:crypto';
import type { Client, Configuration } from 'oidc-provider';
import { sectorOf } from './client-rules.ts';

export function pairwiseSubject(salt: Buffer): NonNullable<Configuration['pairwiseIdentifier']> {
  const subject = sectorSubject(salt);
  return (_ctx, accountId, client: Client) => subject(sectorOf(client), accountId);
}

/** By what name a client knows an account, whichever kind of subject it has. */
export function subjectFor(salt: Buffer): (client: Client, accountId: string) => string {
  const subject = sectorSubject(salt);
  return (client, accountId) =>
    client.subjectType === 'pairwise' ? subject(sectorOf(client), accountId) : accountId;
}

/** The same name outside a request: for whoever hears of a person without a client. */
export function sectorSubject(salt: Buffer): (sector: string, accountId: string) => string {
  // Once: making a key of bytes costs six times the HMAC itself.
  const key = createSecretKey(salt);
  return (sector, accountId) =>
    createHmac('sha256', key).update(`${sector}\n${accountId}`).digest('base64url');
}
