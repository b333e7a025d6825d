/** Relying parties registered at a test's house: as the sandbox registers them, with other addresses. */

import { exportJWK, generateKeyPair } from 'jose';
import { PrivateKeyJwt } from 'openid-client';
import type { OpenHouse } from './house.ts';
import { type RelyingParty, relyingParty } from './relying-party.ts';

export type PortalOptions = { readonly backchannel?: string };

export async function dictation(open: OpenHouse, { backchannel }: PortalOptions = {}): Promise<RelyingParty> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const url = 'http://127.0.0.1:1';
  await open.house.clients.save(
    {
      client_id: 'dictation',
      client_name: 'Профсоюзный диктант',
      first_party: true,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', use: 'sig', kid: 'd' }] },
      redirect_uris: [`${url}/callback`],
      post_logout_redirect_uris: [`${url}/`],
      ...(backchannel && { backchannel_logout_uri: backchannel, backchannel_logout_session_required: true }),
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: 'ES256',
      scope: 'openid profile_min membership region certificate_name',
      required_membership: ['member', 'applicant'],
      released_claims: ['given_name', 'middle_name', 'membership', 'region', 'name'],
    },
    'test',
  );
  return relyingParty({
    issuer: open.issuer,
    clientId: 'dictation',
    authentication: PrivateKeyJwt({ key: privateKey, kid: 'd' }),
    redirectUri: `${url}/callback`,
    scope: 'openid profile_min membership region',
  });
}

export async function compass(open: OpenHouse, { backchannel }: PortalOptions = {}): Promise<RelyingParty> {
  const secret = 'a secret of the compass, long enough';
  const url = 'http://127.0.0.1:2';
  await open.house.clients.save(
    {
      client_id: 'compass',
      client_name: 'Профсоюзный компас',
      first_party: true,
      client_secret: secret,
      redirect_uris: [`${url}/callback`],
      post_logout_redirect_uris: [`${url}/`],
      ...(backchannel && { backchannel_logout_uri: backchannel, backchannel_logout_session_required: true }),
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: 'ES256',
      scope: 'openid profile_min membership',
      required_membership: ['member'],
      released_claims: ['given_name', 'membership'],
    },
    'test',
  );
  return relyingParty({
    issuer: open.issuer,
    clientId: 'compass',
    secret,
    redirectUri: `${url}/callback`,
    scope: 'openid profile_min membership',
  });
}

export const ACME_SECRET = 'a secret of the third party, long enough';

/** A third party with refresh tokens and RS256, as most libraries come. */
export async function thirdParty(open: OpenHouse): Promise<RelyingParty> {
  const redirectUri = 'http://127.0.0.1:3/callback';
  await open.house.clients.save(
    {
      client_id: 'acme-quiz',
      client_name: 'Викторина «Акме»',
      client_secret: ACME_SECRET,
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: ['http://127.0.0.1:3/'],
      scope: 'openid profile email phone offline_access',
    },
    'test',
  );
  return relyingParty({ issuer: open.issuer, clientId: 'acme-quiz', secret: ACME_SECRET, redirectUri });
}

/** PROFCARDS: lives on the consent `finfort_pd`. */
export async function profcards(open: OpenHouse): Promise<RelyingParty> {
  const secret = 'a secret of the bonus programme, long enough';
  const redirectUri = 'http://127.0.0.1:4/callback';
  await open.house.clients.save(
    {
      client_id: 'profcards-web',
      client_name: 'PROFCARDS',
      first_party: true,
      sector: 'profcards',
      client_secret: secret,
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      id_token_signed_response_alg: 'ES256',
      scope: 'openid profile email ticket membership offline_access',
      required_membership: ['member'],
      claims_by_consent: { finfort_pd: ['ticket_number', 'email', 'email_verified'] },
    },
    'test',
  );
  return relyingParty({
    issuer: open.issuer,
    clientId: 'profcards-web',
    secret,
    redirectUri,
    scope: 'openid profile email ticket membership',
  });
}
