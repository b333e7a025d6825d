import { decodeProtectedHeader } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, PASSWORD } from '../../support/house.ts';
import { visitor } from '../../support/visitor.ts';
import {
  type Answer,
  assertionOf,
  CALLBACK,
  errorIn,
  type Keys,
  makeKeys,
  openScene,
  post,
  proofOf,
  saveClient,
} from './scene.ts';

const CLIENT = 'strict';
const VERIFIER = client.randomPKCECodeVerifier();
let open: OpenHouse;
let keys: Keys;
let rsa: Keys;
let proofKeys: Keys;

beforeAll(async () => {
  open = await openScene();
  [keys, rsa, proofKeys] = await Promise.all([
    makeKeys('ES256', 'k'),
    makeKeys('RS256', 'k'),
    makeKeys('ES256'),
  ]);
  await saveClient(open, {
    client_id: CLIENT,
    profile: 'fapi2',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [keys.jwk, rsa.jwk] },
  });
});
afterAll(() => open?.close());

const at = (path: string) => `${open.issuer}${path}`;
const push = async (
  change: Record<string, string | undefined> = {},
  assertion?: Record<string, string>,
): Promise<Answer> => {
  const wanted = {
    ...{ response_type: 'code', scope: 'openid', redirect_uri: CALLBACK },
    ...{ client_id: CLIENT, state: 's', nonce: 'n', code_challenge_method: 'S256' },
    code_challenge: await client.calculatePKCECodeChallenge(VERIFIER),
    ...(assertion ?? (await assertionOf(keys, CLIENT, open.issuer))),
    ...change,
  };
  const form = Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return post(at('/request'), Object.fromEntries(form));
};
const authorize = (requestUri: unknown): URL =>
  new URL(`${at('/auth')}?${new URLSearchParams({ client_id: CLIENT, request_uri: String(requestUri) })}`);
const redeem = async (form: Record<string, string>, proof = true): Promise<Answer> =>
  post(
    at('/token'),
    { ...form, ...(await assertionOf(keys, CLIENT, open.issuer)) },
    proof ? { DPoP: await proofOf(proofKeys, { url: at('/token') }) } : {},
  );

describe('a client of the strict profile', () => {
  it('pushes, signs, proves possession, and keeps its refresh token', async () => {
    const pushed = await push();
    expect(pushed.status, JSON.stringify(pushed.body)).toBe(201);
    const person = visitor();
    const page = await person.open(authorize(pushed.body.request_uri));
    const answer = await person.submit(page, /\/password$/, {
      ...{ by: 'email', identifier: 'ivanova@example.test', password: PASSWORD },
    });
    const arrived = await person.follow(answer, (url) => url.href.startsWith(CALLBACK));
    expect(arrived.status).toBe(303);
    expect((await person.request(authorize(pushed.body.request_uri))).status).toBe(400);
    expect(arrived.url.searchParams.get('iss')).toBe(open.issuer);

    const code = {
      grant_type: 'authorization_code',
      code: arrived.url.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
    };
    expect((await redeem(code, false)).body.error).toBe('invalid_grant');
    const tokens = await redeem(code);
    expect(tokens).toMatchObject({ status: 200, body: { token_type: 'DPoP' } });
    expect(decodeProtectedHeader(tokens.body.id_token ?? '').alg).toBe('ES256');

    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.body.refresh_token ?? '' };
    const first = await redeem(refresh);
    const second = await redeem(refresh);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.body.refresh_token ?? refresh.refresh_token).toBe(refresh.refresh_token);
    expect((await redeem(refresh, false)).body.error).toBe('invalid_grant');
  });

  it('is refused without PAR, and with a request that was not pushed', async () => {
    const plain = new URL(at('/auth'));
    plain.search = new URLSearchParams({
      ...{ client_id: CLIENT, response_type: 'code', scope: 'openid', redirect_uri: CALLBACK },
      code_challenge: await client.calculatePKCECodeChallenge(VERIFIER),
      code_challenge_method: 'S256',
    }).toString();
    expect(errorIn((await visitor().request(plain)).headers.get('location'))).toBe('invalid_request');
    expect((await visitor().request(authorize('urn:ietf:params:oauth:request_uri:unknown'))).status).toBe(
      400,
    );
  });

  it.each([
    ['PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['PKCE that hides anything', { code_challenge: VERIFIER, code_challenge_method: 'plain' }],
    ['a registered redirect', { redirect_uri: 'https://evil.test/' }],
    ['a redirect at all', { redirect_uri: undefined }],
    ['a response type of ours', { response_type: 'code id_token' }],
  ])('is refused without %s', async (_, change) => {
    const { status, body } = await push(change);
    expect(status, JSON.stringify(body)).toBe(400);
  });

  it('proves itself to the issuer and nobody else, once, with a strong signature', async () => {
    const once = await assertionOf(keys, CLIENT, open.issuer);
    expect((await push({}, once)).status).toBe(201);
    expect((await push({}, once)).status).toBe(401);
    for (const wrong of [
      await assertionOf(keys, CLIENT, at('/token')),
      await assertionOf(keys, CLIENT, 'https://other.test'),
      await assertionOf(rsa, CLIENT, open.issuer, 'RS256'),
    ]) {
      expect((await push({}, wrong)).status).toBe(401);
    }
  });
});
