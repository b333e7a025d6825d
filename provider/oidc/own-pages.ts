/**
 * Our own pages behind a sign-in, each a relying party of its own gateway: how it is registered, and the authorization
 * request it sends a visitor away with. The code she comes back with is simply not needed; the session is the gateway's.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import type { Acr } from '../login/assurance.ts';

export type OwnPages = {
  readonly clientId: string;
  readonly name: string;
  /** Where the sign-in comes back to. */
  readonly entryPath: string;
  /** The least level that is let in; absent: any. */
  readonly least?: Acr;
  /** Whether she must show a device of hers. */
  readonly ownDevice?: boolean;
};

export function ownClient(
  { clientId, name, entryPath, least, ownDevice }: OwnPages,
  issuer: string,
): ClientMetadata {
  return {
    client_id: clientId,
    client_name: name,
    first_party: true,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    redirect_uris: [`${issuer}${entryPath}`],
    scope: 'openid',
    id_token_signed_response_alg: 'ES256',
    ...(least !== undefined && { minimum_acr: least }),
    ...(ownDevice && { own_device: true }),
  };
}

/** `room`: comes back as `state`, and is to be checked again then. */
export function ownRequest(
  { clientId, entryPath }: OwnPages,
  issuer: string,
  room: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');
  const params = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${issuer}${entryPath}`,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: room,
    ...more,
  });
  return `/auth?${params}`;
}
