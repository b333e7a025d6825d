/**
 * Algorithm confusion (security.md c1 #26, class 14): every way of signing that is none, at every place where we look at
 * a signature. Whatever address a header names, nobody goes there.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visitor } from '../../support/visitor.ts';
import { errorOf, REDIRECT_URI, type Scene, scene } from './scene.ts';

let stage: Scene;
let lure: Server;
let lured = 0;
let client: { readonly key: CryptoKey; readonly jwk: JWK };
let stranger: { readonly key: CryptoKey; readonly jwk: JWK };

async function keyPair(): Promise<{ key: CryptoKey; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { key: privateKey, jwk: { ...(await exportJWK(publicKey)), alg: 'ES256' } };
}

beforeAll(async () => {
  stage = await scene();
  [client, stranger] = await Promise.all([keyPair(), keyPair()]);
  const jwks = { keys: [{ ...client.jwk, use: 'sig', kid: 'signer' }] };
  await stage.open.house.clients.save(
    {
      client_id: 'signer',
      first_party: true,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks,
      request_object_signing_alg: 'ES256',
      grant_types: ['authorization_code', 'client_credentials'],
      redirect_uris: [REDIRECT_URI],
      scope: 'openid',
    },
    'test',
  );
  lure = createServer((_request, response) => {
    lured += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [stranger.jwk] }));
  }).listen(0, '127.0.0.1');
  await once(lure, 'listening');
});
afterAll(async () => {
  await stage.close();
  lure.close();
});

type Claims = Record<string, unknown>;
/** What is honestly signed there, by what, and with which public key it is looked at. */
type Honest = {
  readonly claims: Claims;
  readonly header: Claims;
  readonly key: CryptoKey;
  readonly known: JWK;
};
type Forgery = (honest: Honest) => Promise<string>;

const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const lureUrl = (): string => `http://127.0.0.1:${(lure.address() as AddressInfo).port}/keys`;

const unsigned =
  (alg: string, signature = ''): Forgery =>
  async ({ claims, header }) =>
    `${encode({ ...header, alg })}.${encode(claims)}.${signature}`;
const symmetric =
  (secret: (known: JWK) => Promise<string> | string, alg = 'HS256'): Forgery =>
  async ({ claims, header, known }) =>
    new SignJWT(claims)
      .setProtectedHeader({ ...header, alg } as never)
      .sign(Buffer.from((await secret(known)).padEnd(64)));
/** By a key of the forger's own, which the header recommends. */
const foreign =
  (more: () => Claims): Forgery =>
  async ({ claims, header }) =>
    new SignJWT(claims)
      .setProtectedHeader({ ...header, alg: 'ES256', ...more() } as never)
      .sign(stranger.key);
const pem = async (known: JWK): Promise<string> => exportSPKI((await importJWK(known)) as CryptoKey);

const FORGERIES: Readonly<Record<string, Forgery>> = {
  'alg none': unsigned('none'),
  'alg None': unsigned('None'),
  'alg nOnE with a signature': unsigned('nOnE', 'x'.repeat(86)),
  'no alg': async ({ claims, header: { alg: _, ...header } }) => `${encode(header)}.${encode(claims)}.`,
  'HS256 by the public key in PEM': symmetric(pem),
  'HS256 by the public key as published': symmetric((known) => JSON.stringify(known)),
  'HS512 by the public key in PEM': symmetric(pem, 'HS512'),
  'HS256 by nothing much': symmetric(() => '0'),
  'another key': foreign(() => ({})),
  'another key under a known kid': foreign(() => ({ kid: 'signer' })),
  'a key in jwk': foreign(() => ({ jwk: stranger.jwk, kid: undefined })),
  'a key at jku': foreign(() => ({ jku: lureUrl(), kid: 'stranger' })),
  'a key at x5u': foreign(() => ({ x5u: lureUrl(), kid: 'stranger' })),
  'a key in x5c': foreign(() => ({ x5c: ['MAA='], kid: 'stranger' })),
  'kid of a file': foreign(() => ({ kid: '../../../../../../dev/null' })),
  'kid of a query': foreign(() => ({ kid: "x' union select '0" })),
  'kid of an address': foreign(() => ({ kid: lureUrl() })),
  'a critical header nobody knows': async ({ claims, header, key }) => {
    const signed = await new SignJWT(claims).setProtectedHeader(header as never).sign(key);
    const [, payload = '', signature = ''] = signed.split('.');
    return `${encode({ ...header, crit: ['x'], x: 1 })}.${payload}.${signature}`;
  },
  'other claims under a true signature': async ({ claims, header, key }) => {
    const signed = await new SignJWT(claims).setProtectedHeader(header as never).sign(key);
    return signed
      .split('.')
      .with(1, encode({ ...claims, sub: 'x', jti: 'y' }))
      .join('.');
  },
  'a signature of zeros': unsigned('ES256', Buffer.alloc(64).toString('base64url')),
};
const NAMES = Object.keys(FORGERIES);
const forged = (name: string, honest: Honest): Promise<string> => (FORGERIES[name] as Forgery)(honest);
const honestly = ({ claims, header, key }: Honest): Promise<string> =>
  new SignJWT(claims).setProtectedHeader(header as never).sign(key);

const now = (): number => Math.floor(Date.now() / 1_000);
const signerClaims = (): Claims => ({
  ...{ iss: 'signer', sub: 'signer', aud: stage.issuer, jti: crypto.randomUUID() },
  ...{ iat: now(), exp: now() + 60 },
});

describe('a client assertion', () => {
  const honest = (): Honest => ({
    claims: signerClaims(),
    header: { alg: 'ES256', kid: 'signer' },
    key: client.key,
    known: client.jwk,
  });
  const present = (client_assertion: string) =>
    stage.post('/token', {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    });

  it('as it should be is taken', async () => {
    expect((await present(await honestly(honest()))).status).toBe(200);
  });
  it.each(NAMES)('by %s is refused', async (name) => {
    const answer = await present(await forged(name, honest()));
    expect([400, 401]).toContain(answer.status);
    expect(await errorOf(answer)).toMatch(/^invalid_(client|request)$/);
  });
});

describe('a request object', () => {
  const honest = (): Honest => ({
    claims: {
      ...signerClaims(),
      sub: undefined,
      client_id: 'signer',
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    },
    header: { alg: 'ES256', kid: 'signer', typ: 'oauth-authz-req+jwt' },
    key: client.key,
    known: client.jwk,
  });
  const send = (request: string) => {
    const beside = { client_id: 'signer', response_type: 'code', scope: 'openid', request };
    return visitor().request(`${stage.issuer}/auth?${new URLSearchParams(beside)}`);
  };

  it('as it should be leads to the sign-in', async () => {
    expect((await send(await honestly(honest()))).headers.get('location')).toMatch(/\/interaction\//);
  });
  it.each(NAMES)('by %s is refused', async (name) => {
    const page = await send(await forged(name, honest()));
    expect(page.headers.get('location') ?? '').not.toMatch(/interaction|code=/);
    expect(page.status === 400 || page.headers.get('location')?.includes('error=invalid_request')).toBe(true);
  });
});

describe('an id_token_hint', () => {
  const honest = async (id_token: string): Promise<Honest> => {
    const [header = '', payload = ''] = id_token.split('.');
    const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;
    const { keys } = (await (await fetch(`${stage.issuer}/jwks`)).json()) as { keys: JWK[] };
    const known = keys.find(({ kid }) => kid === decode(header).kid) as JWK;
    return { claims: decode(payload), header: { ...decode(header), alg: 'ES256' }, key: stranger.key, known };
  };

  it.each(NAMES)('by %s is refused, at the sign-in and at the sign-out', async (name) => {
    const { person, ...arrival } = await stage.arrive(5);
    const { id_token } = (await (await stage.redeem({ person, ...arrival })).json()) as { id_token: string };
    const hint = await forged(name, await honest(id_token));
    const { url } = await stage.portal.start({ prompt: 'none', id_token_hint: hint });
    const answer = new URL((await person.request(url)).headers.get('location') ?? '', stage.issuer);
    expect(answer.searchParams.has('code')).toBe(false);
    expect(answer.searchParams.get('error')).toBe('invalid_request');
    const leave = { id_token_hint: hint, post_logout_redirect_uri: 'https://portal.example.test/' };
    const signOut = await person.request(`${stage.issuer}/session/end?${new URLSearchParams(leave)}`);
    expect(signOut.status).toBe(400);
  });
});

describe('a DPoP proof', () => {
  /** The key lies in the proof, so a forger's own is no forgery; all else is. */
  const OWN_KEY = ['a key in jwk'];
  const honest = (): Honest => ({
    claims: { htm: 'POST', htu: `${stage.issuer}/token`, jti: crypto.randomUUID(), iat: now() },
    header: {
      alg: 'ES256',
      typ: 'dpop+jwt',
      jwk: { kty: 'EC', crv: 'P-256', x: client.jwk.x, y: client.jwk.y },
    },
    key: client.key,
    known: client.jwk,
  });
  const present = async (dpop: string) => {
    const assertion = await new SignJWT(signerClaims())
      .setProtectedHeader({ alg: 'ES256', kid: 'signer' })
      .sign(client.key);
    const fields = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    };
    return stage.post('/token', fields, { dpop });
  };

  it('as it should be is taken', async () => {
    expect((await present(await honestly(honest()))).status).toBe(200);
  });
  it.each(NAMES.filter((name) => !OWN_KEY.includes(name)))('by %s is refused', async (name) => {
    const answer = await present(await forged(name, honest()));
    expect([answer.status, await errorOf(answer)]).toEqual([400, 'invalid_dpop_proof']);
  });
  it.each<[string, () => JWK]>([
    ['the private key', () => ({ ...client.jwk, d: 'x'.repeat(43) })],
    ['a symmetric key', () => ({ kty: 'oct', k: 'x'.repeat(43) })],
    ['a key of another curve', () => ({ ...client.jwk, crv: 'P-384' })],
  ])('with %s in it is refused', async (_what, jwk) => {
    const { claims, header, key } = honest();
    const proof = await new SignJWT(claims).setProtectedHeader({ ...header, jwk: jwk() } as never).sign(key);
    expect(await errorOf(await present(proof))).toBe('invalid_dpop_proof');
  });
});

it('nobody has gone where a header wanted to send us', () => {
  expect(lured).toBe(0);
});
