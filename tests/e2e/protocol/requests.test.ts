import { randomUUID } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenHouse } from '../../support/house.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { visitor } from '../../support/visitor.ts';
import { fillIn } from '../../support/walks.ts';
import { arrive, CALLBACK, errorIn, type Keys, makeKeys, openScene, SECRET, saveClient } from './scene.ts';

type Claims = Readonly<Record<string, unknown>>;

let open: OpenHouse;
let portal: RelyingParty;
let signing: RelyingParty;
let keys: Keys;
beforeAll(async () => {
  open = await openScene();
  keys = await makeKeys('ES256', 'k');
  await saveClient(open, { client_id: 'portal', access_token_seconds: 120, id_token_seconds: 300 });
  await saveClient(open, { client_id: 'other' });
  await saveClient(open, {
    client_id: 'signing',
    jwks: { keys: [keys.jwk] },
    require_signed_request_object: true,
  });
  const party = (clientId: string) =>
    relyingParty({ issuer: open.issuer, clientId, secret: SECRET, redirectUri: CALLBACK });
  [portal, signing] = await Promise.all([party('portal'), party('signing')]);
});
afterAll(() => open?.close());

describe('discovery', () => {
  it('names what there is, and algorithms without «none» and without symmetric ones', async () => {
    const metadata = (await (
      await fetch(`${open.issuer}/.well-known/openid-configuration`)
    ).json()) as Record<string, unknown>;
    expect(metadata).toMatchObject({
      claims_parameter_supported: true,
      request_parameter_supported: true,
      request_uri_parameter_supported: false,
      code_challenge_methods_supported: ['S256'],
      prompt_values_supported: ['none', 'login', 'consent', 'role'],
      ui_locales_supported: ['ru', 'en'],
      device_authorization_endpoint: `${open.issuer}/device/auth`,
      response_modes_supported: expect.arrayContaining(['query', 'form_post', 'jwt', 'form_post.jwt']),
    });
    expect(metadata).not.toHaveProperty('mtls_endpoint_aliases');
    expect(metadata).not.toHaveProperty('tls_client_certificate_bound_access_tokens');
    const lists = Object.entries(metadata).filter(([name]) => name.endsWith('_alg_values_supported'));
    expect(lists.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'id_token_signing_alg_values_supported',
        'token_endpoint_auth_signing_alg_values_supported',
        'request_object_signing_alg_values_supported',
        'authorization_signing_alg_values_supported',
        'dpop_signing_alg_values_supported',
      ]),
    );
    for (const [name, algs] of lists) {
      expect(algs, name).not.toHaveLength(0);
      for (const alg of algs as string[]) expect(alg, name).not.toMatch(/^none$|^HS/);
    }
  });
});

describe('the claims parameter', () => {
  it('puts a claim where it was asked for', async () => {
    const claims = JSON.stringify({
      id_token: { email: { essential: true } },
      userinfo: { given_name: null },
    });
    const { started, arrived } = await arrive(portal, 'ivanova@example.test', { claims });
    const tokens = await portal.finish(arrived.url, started);
    expect(tokens.claims()).toMatchObject({ email: 'ivanova@example.test' });
    const told = await client.fetchUserInfo(portal.config, tokens.access_token, tokens.claims()?.sub ?? '');
    expect(Object.keys(told).sort()).toEqual(['given_name', 'sub']);
  });

  it.each([
    [
      'that belongs to a scope the client may not ask for',
      '{"userinfo":{"ticket_number":null}}',
      'invalid_scope',
    ],
    ['that is no wish', '{"userinfo":{"email":"yes"}}', 'invalid_request'],
    ['that is no JSON', '{', 'invalid_request'],
  ])('refuses one %s', async (_, claims, error) => {
    const { url } = await portal.start({ claims });
    expect(errorIn((await visitor().request(url)).headers.get('location'))).toBe(error);
  });
});

describe('answers', () => {
  it('come as a signed JWT when asked to (JARM)', async () => {
    const { arrived, started } = await arrive(portal, 'fedorov@example.test', { response_mode: 'jwt' });
    expect([...arrived.url.searchParams.keys()]).toEqual(['response']);
    const response = arrived.url.searchParams.get('response') ?? '';
    expect(decodeProtectedHeader(response).alg).toBe('RS256');
    expect(decodeJwt(response)).toMatchObject({
      iss: open.issuer,
      aud: 'portal',
      code: expect.any(String),
      state: started.checks.expectedState,
    });
  });

  it('come as a form when asked to, also the errors', async () => {
    const { url } = await portal.start({ response_mode: 'form_post', prompt: 'none' });
    const page = await visitor().request(url);
    expect(page.headers.get('location')).toBeNull();
    expect(page.html.querySelector('form')?.getAttribute('action')).toBe(CALLBACK);
    expect(page.html.querySelector('input[name=error]')?.getAttribute('value')).toBe('login_required');
    expect(page.html.querySelector('input[name=iss]')?.getAttribute('value')).toBe(open.issuer);
  });

  it('live as long as the metadata says', async () => {
    const { started, arrived } = await arrive(portal, 'sofia@example.test');
    const tokens = await portal.finish(arrived.url, started);
    expect(tokens.expires_in).toBe(120);
    const { iat = 0, exp = 0 } = decodeJwt(tokens.id_token ?? '');
    expect(exp - iat).toBe(300);
  });
});

describe('request objects', () => {
  const signed = async (
    change: Claims = {},
    { alg = 'ES256', key = keys.privateKey as never, typ = 'oauth-authz-req+jwt' } = {},
  ) => {
    const started = await signing.start();
    const payload = {
      ...Object.fromEntries(started.url.searchParams),
      ...{ iss: 'signing', aud: open.issuer, jti: randomUUID() },
      exp: Math.floor(Date.now() / 1_000) + 60,
      ...change,
    };
    const request =
      alg === 'none'
        ? new UnsecuredJWT(payload).encode()
        : await new SignJWT(payload).setProtectedHeader({ alg, typ, kid: 'k' }).sign(key);
    const url = new URL(`${open.issuer}/auth`);
    url.search = new URLSearchParams({
      ...{ client_id: 'signing', response_type: 'code', scope: 'openid', request },
      redirect_uri: CALLBACK,
    }).toString();
    return { started: { ...started, url }, url };
  };

  it('carry the request; what stands beside them is not read', async () => {
    const { started, url } = await signed();
    url.searchParams.set('state', 'of somebody else');
    const person = visitor();
    const arrived = await fillIn(person, signing, await person.open(url), {
      identifier: 'timur@example.test',
    });
    expect(arrived.url.searchParams.get('state')).toBe(started.checks.expectedState);
    expect((await signing.finish(arrived.url, started)).access_token).toBeTruthy();
  });

  it.each<[string, Claims, { alg?: string; typ?: string }]>([
    ['without a signature', {}, { alg: 'none' }],
    ['for another audience', { aud: 'https://other.test' }, {}],
    ['of another client', { iss: 'other' }, {}],
    ['naming another client', { client_id: 'other' }, {}],
    ['that is over', { exp: 1 }, {}],
    ['without an end', { exp: undefined }, {}],
    ['for a day', { exp: Math.floor(Date.now() / 1_000) + 86_400 }, {}],
    ['that is another kind of JWT', {}, { typ: 'at+jwt' }],
  ])('are refused %s', async (_, change, how) => {
    const page = await visitor().request((await signed(change, how)).url);
    expect(errorIn(page.headers.get('location'))).toBe('invalid_request_object');
  });

  it('are refused when signed with the secret or with a foreign key', async () => {
    const foreign = await makeKeys('ES256');
    for (const how of [
      { alg: 'HS256', key: new TextEncoder().encode(SECRET) as never },
      { key: foreign.privateKey as never },
    ]) {
      const page = await visitor().request((await signed({}, how)).url);
      expect(errorIn(page.headers.get('location'))).toBe('invalid_request_object');
    }
  });

  it('must be used by whoever has said so', async () => {
    const { url } = await signing.start();
    expect(errorIn((await visitor().request(url)).headers.get('location'))).toBe('invalid_request');
  });

  it('are never fetched', async () => {
    const { url } = await portal.start({ request_uri: 'https://portal.test/request.jwt' });
    expect(errorIn((await visitor().request(url)).headers.get('location'))).toBe('request_uri_not_supported');
  });
});

describe('who is expected', () => {
  it('a hint at another person never gets a code, also after she has signed in', async () => {
    const hers = await arrive(portal, 'orlova@example.test');
    const { id_token: hint = '' } = await portal.finish(hers.arrived.url, hers.started);

    const silent = await portal.start({ id_token_hint: hint, prompt: 'none' });
    const other = await arrive(portal, 'grishin@example.test');
    const refused = await other.person.request(silent.url);
    expect(errorIn(refused.headers.get('location'))).toBe('login_required');

    const again = await arrive(portal, 'grishin@example.test', { id_token_hint: hint }, other.person);
    expect(errorIn(again.arrived.url)).toBe('login_required');
    expect(again.arrived.url.searchParams.has('code')).toBe(false);

    const known = await hers.person.request(silent.url);
    expect(new URL(known.headers.get('location') ?? '').searchParams.get('code')).toBeTruthy();
  });

  it.each(['select_account', 'create', 'login none'])('prompt=%s is refused', async (prompt) => {
    const { url } = await portal.start({ prompt });
    expect(errorIn((await visitor().request(url)).headers.get('location'))).toBe('invalid_request');
  });

  it('ui_locales chooses the language of the page', async () => {
    const page = async (uiLocales: string) =>
      (await visitor().open((await portal.start({ ui_locales: uiLocales })).url)).html
        .querySelector('html')
        ?.getAttribute('lang');
    expect(await page('de en ru')).toBe('en');
    expect(await page('ru-RU')).toBe('ru');
  });

  it('max_age asks again, and auth_time says when', async () => {
    const { person, started, arrived } = await arrive(portal, 'zaitsev@example.test', { max_age: '3600' });
    const first = decodeJwt((await portal.finish(arrived.url, started)).id_token ?? '').auth_time;
    expect(first).toEqual(expect.any(Number));
    const { url } = await portal.start({ max_age: '3600', prompt: 'none' });
    expect(errorIn((await person.request(url)).headers.get('location'))).toBeNull();
    const now = await portal.start({ max_age: '0' });
    expect((await person.open(now.url)).body).toContain('name="password"');
  });
});
