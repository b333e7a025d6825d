/**
 * Answers that somebody else has made, or that were made for somebody else: each is refused, and what is said of it tells
 * nothing of a person (security.md class 8; checklist no. 11–13). The servers here are the forger's.
 */
import { createHmac, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import { openUpstream } from '../../../adapters/upstream/open-upstream.ts';
import type { EsiaSettings, OidcSettings } from '../../../adapters/upstream/upstream.ts';
import { type Issued, issueCertificate } from '../../../sandbox/esia/issue-certificate.ts';
import { folderWith, silent } from '../../support/esia/esia-scene.ts';

const CLIENT_ID = 'UNIONID';
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

type Route = (form: URLSearchParams) => unknown;
/** Answers JSON by path. */
async function serve(routes: (url: string) => Readonly<Record<string, Route>>): Promise<string> {
  const server = createServer(async (request, response) => {
    const route = routes(url)[(request.url ?? '').split('?')[0] ?? ''];
    const answer = route?.(new URLSearchParams(await text(request)));
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }).listen(0, 'localhost');
  await once(server, 'listening');
  servers.push(server);
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return url;
}

const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1_000);

/** Refused as not to be trusted, in words that hold nothing of what came. */
async function expectRefused(answer: Promise<unknown>): Promise<void> {
  const thrown = await answer.catch((error: unknown) => error);
  expect(thrown).toMatchObject({ name: 'UpstreamFault', kind: 'untrusted' });
  const { message, code } = thrown as Error & { code: string };
  expect(`${message} ${code}`).not.toMatch(/eyJ|1000000101|Иванов|@/);
}

describe('ЕСИА', () => {
  const gost = issueCertificate({ commonName: 'ESIA', kind: 'gost' });
  const rsa = issueCertificate({ commonName: 'ESIA', kind: 'rsa' });
  const stranger = issueCertificate({ commonName: 'ESIA', kind: 'gost' });
  const ours = issueCertificate({ commonName: 'Union ID', kind: 'gost' });
  const keys = folderWith({ system: ours });
  const authorityKeys = folderWith({ gost, rsa });
  const ISSUER = 'http://esia.example.test/';
  const OID = 1000000101;

  type Forgery = {
    readonly id?: object;
    readonly idHeader?: object;
    readonly access?: object;
    readonly accessHeader?: object;
    readonly key?: Issued;
    /** Instead of the key's. */
    readonly sign?: (signed: string) => Buffer;
    readonly answer?: (tokens: Record<string, string>) => object;
    readonly settings?: Partial<EsiaSettings>;
  };
  let url: string;
  let forgery: Forgery;
  let asked: string[];

  function token(sbt: 'id' | 'access', claims: object, header: object = {}): string {
    const { key = gost, sign = (signed: string) => key.sign(Buffer.from(signed)) } = forgery;
    const head = { ver: sbt === 'id' ? 0 : 1, typ: 'JWT', sbt, alg: key.certificate.algorithm, ...header };
    const times = { iat: seconds(), nbf: seconds(), exp: seconds() + 3_600 };
    const signed = `${part(head)}.${part({ iss: ISSUER, ...times, ...claims })}`;
    return `${signed}.${sign(signed).toString('base64url')}`;
  }
  const subject = { 'urn:esia:sbj:oid': OID, 'urn:esia:sbj:typ': 'P', 'urn:esia:sbj:is_tru': true };

  beforeAll(async () => {
    url = await serve(() => ({
      '/aas/oauth2/v3/te': (form) => {
        const tokens = {
          id_token: token(
            'id',
            { aud: CLIENT_ID, sub: OID, 'urn:esia:sbj': subject, ...forgery.id },
            forgery.idHeader,
          ),
          access_token: token(
            'access',
            { client_id: CLIENT_ID, 'urn:esia:sbj_id': OID, ...forgery.access },
            forgery.accessHeader,
          ),
          state: form.get('state') ?? '',
          token_type: 'Bearer',
        };
        return forgery.answer?.(tokens) ?? tokens;
      },
      [`/rs/prns/${OID}`]: () => {
        asked.push('person');
        return { lastName: 'Иванова', firstName: 'Мария', trusted: true };
      },
    }));
  });

  async function arrive(made: Forgery): Promise<unknown> {
    forgery = made;
    asked = [];
    const settings: EsiaSettings = {
      ...{
        kind: 'esia',
        id: 'esia',
        url,
        issuer: ISSUER,
        clientId: CLIENT_ID,
        scope: ['openid', 'fullname'],
      },
      ...{ protocol: 'v2', signedAttributes: false, confirmedOnly: false, authorityKeys },
      tokenAlgorithms: ['GOST3410_2012_256', 'RS256'],
      timeoutMilliseconds: 5_000,
      signer: { kind: 'js', folder: keys },
      ...made.settings,
    };
    const upstream = openUpstream(settings, { clock: systemClock, signerEvents: silent });
    const state = randomUUID();
    const redirectUri = new URL('https://id.example.test/callback/esia');
    const { secret } = await upstream.begin({ redirectUri, state });
    const callback = new URL(`?${new URLSearchParams({ code: 'a code', state })}`, redirectUri);
    return upstream.complete(callback, state, secret);
  }

  test.each<[string, Forgery]>([
    ['GOST', {}],
    ['RS256', { key: rsa }],
  ])('what is not forged passes: %s', async (_what, made) => {
    expect(await arrive(made)).toMatchObject({ issuer: ISSUER, subject: String(OID) });
  });

  const withSecret = (secret: string | Buffer) => (signed: string) =>
    createHmac('sha256', secret).update(signed).digest();
  const alg = (name: string) => ({ idHeader: { alg: name }, accessHeader: { alg: name } });
  const publicPem = createPublicKey(rsa.certificatePem).export({ type: 'spki', format: 'pem' });

  test.each<[string, Forgery]>([
    ['alg none, without a signature', { ...alg('none'), sign: () => Buffer.alloc(0) }],
    ['alg NONE, with the right signature', alg('NONE')],
    ['alg HS256 with the RSA public key as the secret', { ...alg('HS256'), sign: withSecret(publicPem) }],
    [
      'alg HS256 with the certificate as the secret',
      { ...alg('HS256'), sign: withSecret(gost.certificatePem) },
    ],
    ['alg HS256 with the empty secret', { ...alg('HS256'), sign: withSecret('') }],
    ['alg RS256 over a GOST key', alg('RS256')],
    ['alg GOST over an RSA key', { key: rsa, ...alg('GOST3410_2012_256') }],
    ['alg RS512 over the RSA key', { key: rsa, ...alg('RS512') }],
    ['RS256 where the portal says GOST', { key: rsa, settings: { tokenAlgorithms: ['GOST3410_2012_256'] } }],
    ['a key nobody has published', { key: stranger }],
    ['our own key', { key: ours }],
    [
      'a stranger’s certificate in the header',
      { key: stranger, idHeader: { x5c: [stranger.certificate.der.toString('base64')] } },
    ],
    ['a signature of the other token', { answer: (tokens) => ({ ...tokens, id_token: swapped(tokens) }) }],
    ['iss of another environment', { id: { iss: 'http://esia-portal1.example.test/' } }],
    ['iss without its slash', { id: { iss: ISSUER.slice(0, -1) } }],
    ['an access token of another environment', { access: { iss: 'https://evil.example.test/' } }],
    ['aud of another system', { id: { aud: 'OTHER' } }],
    ['aud of ours among others', { id: { aud: [CLIENT_ID, 'OTHER'] } }],
    ['without aud', { id: { aud: undefined } }],
    ['an access token made for another system', { access: { client_id: 'OTHER' } }],
    ['an access token made for nobody', { access: { client_id: undefined } }],
    ['exp in the past', { id: { exp: seconds() - 61 } }],
    ['without exp', { id: { exp: undefined } }],
    ['exp in letters', { id: { exp: String(seconds() + 600) } }],
    ['an expired access token', { access: { exp: seconds() - 61 } }],
    ['iat in the future', { id: { iat: seconds() + 120 } }],
    ['nbf in the future', { id: { nbf: seconds() + 120 } }],
    ['another sub than sbj', { id: { sub: OID + 1 } }],
    ['without sub', { id: { sub: undefined } }],
    ['an access token of another person', { access: { 'urn:esia:sbj_id': OID + 1 } }],
    [
      'the access token for the id_token',
      { answer: (tokens) => ({ ...tokens, id_token: tokens.access_token }) },
    ],
    [
      'the id_token for the access token',
      { answer: (tokens) => ({ ...tokens, access_token: tokens.id_token }) },
    ],
    ['sbt that says access in the id_token', { idHeader: { sbt: 'access' } }],
    ['sbt left out', { idHeader: { sbt: undefined } }],
    ['no id_token at all', { answer: ({ id_token: _, ...others }) => others }],
    ['an answer to another request', { answer: (tokens) => ({ ...tokens, state: randomUUID() }) }],
    ['an answer to no request', { answer: ({ state: _, ...others }) => others }],
  ])('no. 11, no. 12, no. 13: %s: refused before the person’s data is asked for', async (_what, made) => {
    await expectRefused(arrive(made));
    expect(asked).toEqual([]);
  });

  function swapped({ id_token = '', access_token = '' }: Record<string, string>): string {
    return [...id_token.split('.').slice(0, 2), access_token.split('.')[2]].join('.');
  }
});

describe('OpenID Connect (РСАА)', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

  type Forgery = {
    readonly claims?: JWTPayload;
    readonly without?: readonly string[];
    readonly header?: { alg: string; kid?: string; jwk?: object };
    readonly key?: Parameters<SignJWT['sign']>[0];
    readonly unsigned?: true;
    readonly userinfo?: object;
    readonly noIdToken?: true;
    readonly iss?: string | null;
    /** The jwks_uri and the like are somebody else's. */
    readonly metadata?: object;
  };
  let url: string;
  let forgery: Forgery;
  let idToken: string;

  beforeAll(async () => {
    const jwk = { ...(await exportJWK(publicKey)), alg: 'RS256', use: 'sig', kid: 'one' };
    url = await serve((issuer) => ({
      '/.well-known/openid-configuration': () => ({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        authorization_response_iss_parameter_supported: true,
        id_token_signing_alg_values_supported: ['RS256'],
        ...forgery.metadata,
      }),
      '/jwks': () => ({ keys: [jwk] }),
      '/token': () => ({
        access_token: 'an access token',
        token_type: 'Bearer',
        ...(!forgery.noIdToken && { id_token: idToken }),
      }),
      '/userinfo': () => ({ sub: 'u1', family_name: 'Иванова', ...forgery.userinfo }),
    }));
  });

  async function arrive(made: Forgery): Promise<unknown> {
    forgery = made;
    const settings: OidcSettings = {
      ...{ kind: 'oidc', id: 'rsaa', issuer: url, clientId: CLIENT_ID, clientSecret: 'a secret' },
      ...{ scope: ['openid'], claims: {}, timeoutMilliseconds: 5_000 },
    };
    const upstream = openUpstream(settings, { clock: systemClock, signerEvents: silent });
    const state = randomUUID();
    const redirectUri = new URL('https://id.example.test/callback/rsaa');
    const begun = await upstream.begin({ redirectUri, state });
    const nonce = begun.url.searchParams.get('nonce') ?? '';
    idToken = await forge(made, nonce);
    const answer = new URLSearchParams({
      code: 'a code',
      state,
      ...(made.iss !== null && { iss: made.iss ?? url }),
    });
    return upstream.complete(new URL(`?${answer}`, redirectUri), state, begun.secret);
  }

  async function forge(
    { claims, without = [], header, key, unsigned }: Forgery,
    nonce: string,
  ): Promise<string> {
    const whole = {
      ...{ iss: url, aud: CLIENT_ID, sub: 'u1', nonce },
      ...{ iat: seconds(), exp: seconds() + 600, ...claims },
    };
    const payload = Object.fromEntries(Object.entries(whole).filter(([name]) => !without.includes(name)));
    if (unsigned) return `${part({ alg: 'none' })}.${part(payload)}.`;
    return new SignJWT(payload)
      .setProtectedHeader({ kid: 'one', ...{ alg: 'RS256', ...header } })
      .sign(key ?? privateKey);
  }

  test('what is not forged passes', async () => {
    expect(await arrive({})).toMatchObject({ subject: 'u1', claims: { family_name: 'Иванова' } });
  });

  const publicPem = Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
  test.each<[string, Forgery]>([
    ['alg none', { unsigned: true }],
    ['alg HS256 with the public key as the secret', { header: { alg: 'HS256' }, key: publicPem }],
    [
      'alg HS256 with our client secret',
      { header: { alg: 'HS256' }, key: Buffer.from('a secret'.padEnd(32, ' ')) },
    ],
    ['a key nobody has published', { key: foreign.privateKey }],
    [
      'a key in the header',
      { key: foreign.privateKey, header: { alg: 'RS256', jwk: foreign.publicKey.export({ format: 'jwk' }) } },
    ],
    ['PS256 where RS256 is told', { header: { alg: 'PS256' } }],
    ['another iss', { claims: { iss: 'https://evil.example.test' } }],
    ['another aud', { claims: { aud: 'OTHER' } }],
    ['azp of another among several aud', { claims: { aud: [CLIENT_ID, 'OTHER'], azp: 'OTHER' } }],
    ['several aud without azp', { claims: { aud: [CLIENT_ID, 'OTHER'] } }],
    ['exp in the past', { claims: { exp: seconds() - 120 } }],
    ['without exp', { without: ['exp'] }],
    ['without iat', { without: ['iat'] }],
    ['nbf in the future', { claims: { nbf: seconds() + 600 } }],
    ['another nonce', { claims: { nonce: 'somebody else’s' } }],
    ['without nonce', { without: ['nonce'] }],
    ['without sub', { without: ['sub'] }],
    ['userinfo of another person', { userinfo: { sub: 'u2' } }],
    ['userinfo of nobody', { userinfo: { sub: undefined } }],
    ['no id_token', { noIdToken: true }],
  ])('%s: refused', async (_what, made) => {
    await expectRefused(arrive(made));
  });

  test.each<[string, Forgery]>([
    ['another iss in the answer (RFC 9207)', { iss: 'https://evil.example.test' }],
    ['no iss in the answer of one that promises it', { iss: null }],
  ])('%s: starts again, and the code is not spent', async (_what, made) => {
    expect(await arrive(made)).toEqual({ refused: 'start_again' });
  });

  test('metadata of another issuer is not believed', async () => {
    await expectRefused(arrive({ metadata: { issuer: 'https://evil.example.test' } }));
  });
});
