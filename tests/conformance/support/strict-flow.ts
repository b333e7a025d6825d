/** The flow of the FAPI 2.0 Security Profile: pushed, with PKCE, and every token bound to a key by DPoP. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import {
  type Authorization,
  assertErrorPage,
  authorizationRequest,
  type Browser,
  browse,
  type Changes,
  codeOf,
  errorOf,
  newcomer,
} from './authorize.ts';
import { type IdToken, idTokenOf } from './id-token.ts';
import type { Client, Server } from './server.ts';
import { type Answer, assertRefused, claimsOf, post, type Tokens, tokensOf } from './token-endpoint.ts';

/** Whoever holds the key that tokens are bound to. */
export type Holder = { readonly key: CryptoKey; readonly jwk: JWK; readonly thumbprint: string };

export async function holder(): Promise<Holder> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { key: privateKey, jwk, thumbprint: await calculateJwkThumbprint(jwk) };
}

type Claims = Readonly<Record<string, unknown>>;

/** RFC 9449 §4.2, with changes to claims and header; undefined takes one away. */
export function proof(
  { key, jwk }: Holder,
  htm: string,
  htu: string,
  claims: Claims = {},
  header: Claims = {},
): Promise<string> {
  const iat = Math.floor(Date.now() / 1_000);
  return new SignJWT({ htm, htu, jti: crypto.randomUUID(), iat, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header } as never)
    .sign(key);
}

export type Pushed = {
  readonly answer: Answer;
  readonly request: URLSearchParams;
  readonly verifier: string;
  readonly uri: string;
};

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

export async function push(
  server: Server,
  client: Client,
  changes: Changes = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Pushed> {
  const verifier = randomBytes(32).toString('base64url');
  const request = authorizationRequest(server, client, {
    code_challenge: digest(verifier),
    code_challenge_method: 'S256',
    ...changes,
  });
  const answer = await post(server, client, '/request', Object.fromEntries(request), headers);
  return { answer, request, verifier, uri: String(answer.body.request_uri) };
}

/** RFC 9126 §2.2. */
export function assertPushed({ answer: { status, body } }: Pushed): void {
  assert.equal(status, 201, `pushing was answered by ${status} ${body.error} ${body.error_description}`);
  assert.match(String(body.request_uri), /^urn:[\w:.-]{20,}$/, 'request_uri can be guessed');
  const seconds = Number(body.expires_in);
  assert.ok(seconds > 0 && seconds < 600, `request_uri lives ${seconds} s`);
}

/** Only the reference, and what a module puts beside it. */
export async function visit(
  server: Server,
  client: Client,
  { uri, request }: Pick<Pushed, 'uri' | 'request'>,
  browser: Browser = newcomer(server),
  beside: Readonly<Record<string, string>> = {},
): Promise<Authorization> {
  const reference = new URLSearchParams({ client_id: client.id, request_uri: uri, ...beside });
  const page = await browser.visitor.request(`${server.issuer}/auth?${reference}`);
  return browse(server, browser, request, page);
}

/** A request that must not be pushed. */
export const unpushable = (changes: Changes, error: RegExp) => async (server: Server) => {
  const { answer } = await push(server, server.strict, changes);
  assertRefused(answer, error);
};

/** A page of the gateway, or a refusal told to the client. */
export function assertNoCode(
  server: Server,
  authorization: Authorization,
  error = /^invalid_request(_uri)?$/,
): void {
  if (authorization.answer === undefined) assertErrorPage(authorization);
  else assert.match(errorOf(server, authorization), error);
}

export type Redemption = {
  readonly verifier?: string | undefined;
  readonly proof?: string | undefined;
  readonly more?: Readonly<Record<string, string>>;
};

export function redeemBound(
  server: Server,
  client: Client,
  code: string,
  { verifier, proof: dpop, more = {} }: Redemption,
): Promise<Answer> {
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: client.redirectUri,
    ...(verifier !== undefined && { code_verifier: verifier }),
    ...more,
  };
  return post(server, client, '/token', fields, dpop === undefined ? {} : { dpop });
}

export async function resource(
  server: Server,
  token: string,
  by: Holder,
  { scheme = 'DPoP', claims = {} }: { scheme?: string; claims?: Claims } = {},
): Promise<Answer> {
  const url = `${server.issuer}/me`;
  const dpop = await proof(by, 'GET', url, { ath: digest(token), ...claims });
  const response = await server.reach(url, { headers: { authorization: `${scheme} ${token}`, dpop } });
  const body = (await response.json().catch(() => ({}))) as Answer['body'];
  return { status: response.status, headers: response.headers, body };
}

export type StrictFlow = Pushed & {
  readonly client: Client;
  readonly by: Holder;
  readonly code: string;
  readonly tokens: Tokens;
  readonly idToken: IdToken;
  readonly claims: Answer['body'];
  readonly browser: Browser;
};

export type StrictOptions = {
  readonly client?: Client;
  /** Claims of every DPoP proof. */
  readonly proofs?: () => Claims;
  /** Prove possession where the request is pushed, too. */
  readonly pushWithProof?: boolean;
  readonly by?: Holder;
};

/** The code in hand, and not yet redeemed. */
export async function codeInHand(
  server: Server,
  changes: Changes = {},
  { client = server.strict, proofs = () => ({}), pushWithProof = false, by }: StrictOptions = {},
): Promise<Omit<StrictFlow, 'tokens' | 'idToken' | 'claims'>> {
  const holds = by ?? (await holder());
  const dpop = await proof(holds, 'POST', `${server.issuer}/request`, proofs());
  const pushed = await push(server, client, changes, pushWithProof ? { dpop } : {});
  assertPushed(pushed);
  const browser = newcomer(server);
  const code = codeOf(server, client, await visit(server, client, pushed, browser));
  return { ...pushed, client, by: holds, code, browser };
}

export async function strictFlow(
  server: Server,
  changes: Changes = {},
  options: StrictOptions = {},
): Promise<StrictFlow> {
  const { proofs = () => ({}) } = options;
  const inHand = await codeInHand(server, changes, options);
  const { client, by, code, verifier, request } = inHand;
  const dpop = await proof(by, 'POST', `${server.issuer}/token`, proofs());
  const answer = await redeemBound(server, client, code, { verifier, proof: dpop });
  const tokens = tokensOf(answer);
  assert.equal(answer.body.token_type, 'DPoP', 'the access token is not bound to the key');
  const idToken = await idTokenOf(server, client, tokens, request);
  const told = await resource(server, tokens.access_token, by, { claims: proofs() });
  return { ...inHand, tokens, idToken, claims: claimsOf(told, idToken.sub) };
}
