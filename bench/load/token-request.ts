/** Requests that a client makes in its own name, with its secret or an assertion it signed. */
import { randomUUID, sign } from 'node:crypto';
import type { LoadClient } from '../clients.ts';
import type { Answer } from './connection.ts';
import { expect, expectJson } from './expect.ts';
import type { Site } from './site.ts';

const ASSERTION_SECONDS = 60;

export async function requestAs(
  site: Site,
  client: LoadClient,
  path: string,
  form: Record<string, string>,
): Promise<Answer> {
  const { client_id, client_secret = '' } = client.metadata;
  if (!client.assertion) {
    // RFC 6749 §2.3.1: both parts are form-encoded first.
    const pair = `${encodeURIComponent(client_id)}:${encodeURIComponent(client_secret)}`;
    const authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    return site.connection.request({ method: 'POST', path, headers: { authorization }, form });
  }
  return site.connection.request({
    method: 'POST',
    path,
    form: {
      ...form,
      client_id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(client_id, site.issuer, client.assertion),
    },
  });
}

/** The token response; an access token is in it. */
export async function requestToken(site: Site, client: LoadClient, form: Record<string, string>) {
  const tokens = expectJson(
    await requestAs(site, client, site.paths.token, form),
    form.grant_type ?? 'token',
  );
  expect(typeof tokens.access_token === 'string' && tokens.token_type === 'Bearer', 'no bearer token');
  expect(Number(tokens.expires_in) > 0, `expires_in ${tokens.expires_in}`);
  return tokens;
}

/** RFC 7523 §3. */
function assertion(clientId: string, audience: string, by: NonNullable<LoadClient['assertion']>): string {
  const now = Math.floor(Date.now() / 1_000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), iat: now };
  const signed = `${part({ alg: 'ES256', kid: by.kid })}.${part({ ...claims, exp: now + ASSERTION_SECONDS })}`;
  const signature = sign('sha256', Buffer.from(signed), { key: by.key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
