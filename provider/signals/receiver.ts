/**
 * Who asks for events: a relying party by an access token of its own (client credentials, RFC 6749 §4.4) that was
 * issued for this. Token and client are looked at each time, so that a block counts at once.
 */
import type Provider from 'oidc-provider';
import { type RECEIVER_SCOPES, signalsOf } from '../oidc/resources.ts';

/** A receiver asks for what it needs and no more. */
export type ReceiverScope = (typeof RECEIVER_SCOPES)[number];

export class ReceiverRefused extends Error {
  override name = 'ReceiverRefused';
  readonly status: 401 | 403;
  readonly error: string | undefined;

  constructor(status: 401 | 403, error: string | undefined) {
    super(error);
    this.status = status;
    this.error = error;
  }
}

/** The client's id; `ssf.manage` includes `ssf.read`. Throws ReceiverRefused (RFC 6750 §3). */
export async function receiverOf(
  provider: Provider,
  authorization: string,
  scope: ReceiverScope,
): Promise<string> {
  const [, value] = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization) ?? [];
  if (value === undefined) throw new ReceiverRefused(401, undefined);
  const token = await provider.ClientCredentials.find(value);
  const { jkt, 'x5t#S256': x5t } = (token ?? {}) as { jkt?: string; 'x5t#S256'?: string };
  // One that is bound to a key, or meant for somebody else, is nothing by itself.
  const isPlain =
    token?.isValid === true &&
    token.aud === signalsOf(provider.issuer) &&
    jkt === undefined &&
    x5t === undefined;
  const client = isPlain ? await provider.Client.find(String(token.clientId)) : undefined;
  if (!token || !client) throw new ReceiverRefused(401, 'invalid_token');
  if (!token.scopes.has(scope) && !token.scopes.has('ssf.manage')) {
    throw new ReceiverRefused(403, 'insufficient_scope');
  }
  return client.clientId;
}
