/** The token and userinfo endpoints, as a client meets them, and what their answers must look like. */
import assert from 'node:assert/strict';
import { SignJWT } from 'jose';
import type { Authorization } from './authorize.ts';
import type { Authentication, Client, Server } from './server.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
};

export type Tokens = {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
};

type Fields = Readonly<Record<string, string>>;

async function answerOf(response: Response): Promise<Answer> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, body };
}

/** A form posted by the client, which says who it is in its own way. */
export async function post(
  server: Server,
  client: Client,
  path: string,
  fields: Fields,
  headers: Fields = {},
  method = 'POST',
): Promise<Answer> {
  const proof = await proofOf(server, client);
  const response = await server.reach(`${server.issuer}${path}`, {
    method,
    headers: { ...proof.headers, ...headers },
    body: new URLSearchParams({ ...proof.fields, ...fields }),
  });
  return answerOf(response);
}

async function proofOf(
  { issuer }: Server,
  { id, authentication }: Client,
): Promise<{ headers?: Fields; fields?: Fields }> {
  if (authentication.by === 'private_key_jwt') {
    return { fields: { client_id: id, ...assertionFields(await assertionOf(authentication, id, issuer)) } };
  }
  const { secret } = authentication;
  if (authentication.by === 'client_secret_post') return { fields: { client_id: id, client_secret: secret } };
  return { headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` } };
}

/** What the client says of itself, with changes; undefined takes a claim away. RFC 7523 §3. */
export function assertionOf(
  { key, alg, kid }: Extract<Authentication, { by: 'private_key_jwt' }>,
  id: string,
  issuer: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const honest = { iss: id, sub: id, aud: issuer, jti: crypto.randomUUID(), iat: now, exp: now + 60 };
  return new SignJWT({ ...honest, ...changes }).setProtectedHeader({ alg, kid }).sign(key);
}

/** RFC 7523 §2.2. */
export const assertionFields = (client_assertion: string): Fields => ({
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  client_assertion,
});

export function redeem(
  server: Server,
  client: Client,
  { request }: Pick<Authorization, 'request'>,
  code: string,
  more: Fields = {},
): Promise<Answer> {
  const redirect_uri = request.get('redirect_uri') ?? client.redirectUri;
  return post(server, client, '/token', { grant_type: 'authorization_code', code, redirect_uri, ...more });
}

/** OpenID Connect Core 3.1.3.3, RFC 6749 §5.1. */
export function tokensOf({ status, headers, body }: Answer): Tokens {
  assert.equal(status, 200, `the token endpoint answered ${status} ${body.error} ${body.error_description}`);
  assert.match(headers.get('content-type') ?? '', /^application\/json/, 'the token answer is no JSON');
  assert.match(headers.get('cache-control') ?? '', /no-store/, 'the token answer may be stored');
  assert.match(String(body.token_type), /^(bearer|dpop)$/i, 'token_type is neither Bearer nor DPoP');
  assert.equal(typeof body.access_token, 'string', 'no access_token');
  assert.equal(typeof body.expires_in, 'number', 'expires_in is no number');
  assert.equal(typeof body.id_token, 'string', 'no id_token');
  return body as Tokens;
}

/** RFC 6749 §5.2. */
export function assertRefused({ status, headers, body }: Answer, error: string | RegExp): void {
  assert.ok([400, 401].includes(status), `refused expected, but the token endpoint answered ${status}`);
  assert.match(headers.get('content-type') ?? '', /^application\/json/, 'the refusal is no JSON');
  const allowed = typeof error === 'string' ? new RegExp(`^${error}$`) : error;
  assert.match(String(body.error), allowed, `refused as ${body.error}`);
}

export type UserinfoBy = 'get' | 'post-header' | 'post-body';

export async function userinfo(server: Server, token: string, by: UserinfoBy = 'get'): Promise<Answer> {
  const inBody = by === 'post-body';
  const response = await server.reach(`${server.issuer}/me`, {
    method: by === 'get' ? 'GET' : 'POST',
    headers: inBody ? {} : { authorization: `Bearer ${token}` },
    ...(inBody && { body: new URLSearchParams({ access_token: token }) }),
  });
  return answerOf(response);
}

/** OpenID Connect Core 5.3.2. */
export function claimsOf({ status, headers, body }: Answer, sub: unknown): Answer['body'] {
  assert.equal(status, 200, `userinfo answered ${status}`);
  assert.match(headers.get('content-type') ?? '', /^application\/json/, 'userinfo is no JSON');
  assert.equal(body.sub, sub, 'sub of userinfo is not that of the id_token');
  for (const [name, value] of Object.entries(body)) {
    assert.ok(value !== null && value !== '', `claim ${name} is empty, and should have been left out`);
  }
  return body;
}
