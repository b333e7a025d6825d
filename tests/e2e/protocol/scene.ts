/** What the tests of the protocol's features share: a house, clients of their own kinds, proofs made by hand. */
import { createHash, randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { ClientMetadata } from '../../../adapters/client-store/client-store.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, toSignIn } from '../../support/walks.ts';

export const SECRET = 'a secret of the tests, long enough to be one';
export const CALLBACK = 'http://127.0.0.1:7/callback';

export const openScene = async (more: Record<string, string> = {}): Promise<OpenHouse> =>
  openHouse({ ...(await testStores()), ...more });

/** A portal of ours, so that no test has to agree to anything. */
export async function saveClient(open: OpenHouse, metadata: ClientMetadata): Promise<void> {
  const isSecret = metadata.token_endpoint_auth_method === undefined;
  await open.house.clients.save(
    {
      first_party: true,
      client_name: metadata.client_id,
      redirect_uris: [CALLBACK],
      scope: 'openid profile email offline_access',
      ...(isSecret && { client_secret: SECRET }),
      ...metadata,
    },
    'test',
  );
}

export type Keys = { readonly privateKey: CryptoKey; readonly jwk: JWK };

export async function makeKeys(alg: string, kid?: string): Promise<Keys> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), ...(kid && { kid, alg, use: 'sig' }) } };
}

/** RFC 9449 §4.2. */
export async function proofOf(
  { privateKey, jwk }: Keys,
  {
    url,
    method = 'POST',
    token,
    ...claims
  }: { url: string; method?: string; token?: string } & Record<string, unknown>,
): Promise<string> {
  const ath = token && createHash('sha256').update(token).digest('base64url');
  const iat = Math.floor(Date.now() / 1_000);
  return new SignJWT({ jti: randomUUID(), iat, htm: method, htu: url, ...(ath && { ath }), ...claims })
    .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
    .sign(privateKey);
}

export async function assertionOf(
  { privateKey }: Keys,
  clientId: string,
  audience: string,
  alg = 'ES256',
): Promise<Record<string, string>> {
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg, kid: 'k' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(privateKey);
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Body };
type Body = Record<string, unknown> & {
  readonly error?: string;
  readonly access_token?: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
};

/** A POST as a program would send it. */
export async function post(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
}

export const basic = (clientId: string): Record<string, string> => ({
  authorization: `Basic ${btoa(`${clientId}:${SECRET.replaceAll(' ', '+')}`)}`,
});

/** The whole way to the portal; what came back with it. */
export async function arrive(
  portal: RelyingParty,
  identifier: string,
  parameters: Record<string, string> = {},
  person: Visitor = visitor(),
) {
  const { started, page } = await toSignIn(person, portal, parameters);
  const arrived = await fillIn(person, portal, page, { identifier });
  return { person, started, arrived };
}

export const errorIn = (url: URL | string | null): string | null =>
  new URL(url ?? '', CALLBACK).searchParams.get('error');
