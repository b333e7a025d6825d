/** What an ID token must say to whom: OpenID Connect Core 2, 3.1.3.6 and 3.1.3.7, as any client would check it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTHeaderParameters,
  type JWTPayload,
  jwtVerify,
} from 'jose';
import type { Client, Server } from './server.ts';
import type { Tokens } from './token-endpoint.ts';

export type IdToken = JWTPayload & {
  readonly sub: string;
  readonly auth_time?: number;
  readonly acr?: string;
  readonly sid?: string;
};

const SKEW_SECONDS = 60;

export async function json(server: Server, path: string): Promise<Record<string, unknown>> {
  const response = await server.reach(`${server.issuer}${path}`);
  assert.equal(response.status, 200, `${path} answered ${response.status}`);
  assert.match(response.headers.get('content-type') ?? '', /^application\/[\w+-]*json/, `${path} is no JSON`);
  return (await response.json()) as Record<string, unknown>;
}

/** Signed by a key of the published set, for this client, by this issuer. */
export async function verified(
  server: Server,
  client: Client,
  token: string,
  typ?: string,
): Promise<{ payload: JWTPayload; protectedHeader: JWTHeaderParameters }> {
  const keys = createLocalJWKSet((await json(server, '/jwks')) as unknown as JSONWebKeySet);
  const expected = { issuer: server.issuer, audience: client.id, ...(typ !== undefined && { typ }) };
  try {
    return await jwtVerify(token, keys, expected);
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new assert.AssertionError({ message: `the token does not verify: ${error.message}` });
  }
}

export async function idTokenOf(
  server: Server,
  client: Client,
  tokens: Tokens,
  request: URLSearchParams,
): Promise<IdToken> {
  const { payload, protectedHeader } = await verified(server, client, tokens.id_token);
  assert.notEqual(protectedHeader.alg, 'none', 'the id_token is not signed');
  assert.ok(protectedHeader.kid, 'the id_token does not name its key, and there are several');
  const now = Date.now() / 1_000;
  const { iat = 0, exp = 0, sub = '', aud, azp, nonce, at_hash, auth_time } = payload;
  assert.equal(aud, client.id, 'aud is not this client alone');
  assert.ok(azp === undefined || azp === client.id, 'azp is another client');
  assert.match(sub, /^[\x21-\x7e]{1,255}$/, 'sub is no subject');
  assert.ok(Math.abs(now - iat) < SKEW_SECONDS, `iat is ${Math.round(now - iat)} s ago`);
  assert.ok(exp > iat, 'exp is not after iat');
  assert.equal(nonce, request.get('nonce') ?? undefined, 'nonce is not the one that was sent');
  if (at_hash !== undefined) {
    assert.equal(at_hash, leftHalf(tokens.access_token), 'at_hash is not that of the access token');
  }
  if (request.has('max_age')) assert.ok(auth_time, 'max_age was asked for, and there is no auth_time');
  assert.ok(auth_time === undefined || (auth_time as number) <= now + 1, 'auth_time is in the future');
  return { ...payload, sub } as IdToken;
}

/** Of the algorithms offered here all but EdDSA hash with 256 bits. */
function leftHalf(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}
