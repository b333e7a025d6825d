import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenHouse } from '../../support/house.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { visitor } from '../../support/visitor.ts';
import { arrive, basic, CALLBACK, errorIn, openScene, post, SECRET, saveClient } from './scene.ts';

const BOOKS = 'https://books.test/api';
const SHELVES = 'https://shelves.test/api';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
let open: OpenHouse;
let reader: RelyingParty;

beforeAll(async () => {
  open = await openScene();
  await saveClient(open, {
    client_id: 'reader',
    resources: [
      { uri: BOOKS, scopes: ['books:read', 'books:write'], format: 'opaque' },
      { uri: SHELVES, scopes: ['books:read'] },
    ],
    exchangeable_by: ['books'],
  });
  const api = { redirect_uris: [], response_types: [], scope: 'openid', serves: [BOOKS] };
  await saveClient(open, {
    ...api,
    client_id: 'books',
    grant_types: [EXCHANGE],
    resources: [
      { uri: SHELVES, scopes: ['books:read', 'shelves:admin'], alg: 'ES256' },
      { uri: 'https://opaque.test/', scopes: ['books:read'], format: 'opaque' },
    ],
  });
  // Serves the same API and may exchange, but the reader has not named it.
  await saveClient(open, {
    ...api,
    client_id: 'unnamed',
    grant_types: [EXCHANGE],
    resources: [{ uri: SHELVES, scopes: ['books:read'] }],
  });
  await saveClient(open, {
    ...api,
    client_id: 'stranger',
    serves: [SHELVES],
    grant_types: ['client_credentials'],
  });
  reader = await relyingParty({
    issuer: open.issuer,
    clientId: 'reader',
    secret: SECRET,
    redirectUri: CALLBACK,
  });
});
afterAll(() => open?.close());

const tokenFor = async (identifier: string, resource: string | undefined, scope: string, at = resource) => {
  const { started, arrived, person } = await arrive(reader, identifier, {
    scope,
    ...(resource && { resource }),
  });
  const answer = await post(
    `${open.issuer}/token`,
    {
      grant_type: 'authorization_code',
      code: arrived.url.searchParams.get('code') ?? '',
      redirect_uri: CALLBACK,
      code_verifier: String(started.checks.pkceCodeVerifier),
      ...(at && { resource: at }),
    },
    basic('reader'),
  );
  return { person, answer };
};
const verified = async (token: unknown, audience: string) => {
  const jwks = (await (await fetch(`${open.issuer}/jwks`)).json()) as JSONWebKeySet;
  return jwtVerify(String(token), createLocalJWKSet(jwks), { issuer: open.issuer, audience, typ: 'at+jwt' });
};
const introspect = (token: unknown, clientId: string) =>
  post(`${open.issuer}/token/introspection`, { token: String(token) }, basic(clientId));

describe('access tokens for an API', () => {
  it('are JWTs of a minute, signed by us, with what was granted and no more (RFC 9068)', async () => {
    const { answer } = await tokenFor('ivanova@example.test', SHELVES, 'openid books:read books:write');
    expect(answer.body).toMatchObject({ expires_in: 60, scope: 'books:read' });
    const { payload, protectedHeader } = await verified(answer.body.access_token, SHELVES);
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    expect(payload).toMatchObject({ client_id: 'reader', scope: 'books:read', jti: expect.any(String) });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
    const [sub] = [JSON.parse(atob(String(answer.body.id_token).split('.')[1] ?? '')).sub];
    expect(payload.sub).toBe(sub);
    const me = await fetch(`${open.issuer}/me`, {
      headers: { authorization: `Bearer ${answer.body.access_token}` },
    });
    expect(me.status).toBe(401);
  });

  it('or opaque, for the API to ask about; nobody else is told', async () => {
    const { answer } = await tokenFor('fedorov@example.test', BOOKS, 'openid books:read');
    const token = answer.body.access_token;
    expect((await introspect(token, 'books')).body).toMatchObject({
      active: true,
      aud: BOOKS,
      scope: 'books:read',
      client_id: 'reader',
    });
    expect((await introspect(token, 'stranger')).body).toEqual({ active: false });
  });

  it('go to userinfo when no API was named at the token endpoint', async () => {
    const { answer } = await tokenFor('sofia@example.test', BOOKS, 'openid books:read', '');
    const me = await fetch(`${open.issuer}/me`, {
      headers: { authorization: `Bearer ${answer.body.access_token}` },
    });
    expect(me.status).toBe(200);
  });

  it.each([
    ['that nobody has named', 'https://unknown.test/'],
    ['with a fragment', `${BOOKS}#part`],
    ['that is no address', 'books'],
    ['with another spelling', `${BOOKS}/`],
  ])('are not issued for an API %s', async (_, resource) => {
    const { url } = await reader.start({ resource });
    expect(errorIn((await visitor().request(url)).headers.get('location'))).toBe('invalid_target');
  });

  it('are not issued for an API the code was not for', async () => {
    const { answer } = await tokenFor('timur@example.test', BOOKS, 'openid books:read', SHELVES);
    expect(answer.body.error).toBe('invalid_target');
  });
});

describe('token exchange', () => {
  const exchange = (token: unknown, more: Record<string, string> = {}, clientId = 'books') =>
    post(
      `${open.issuer}/token`,
      {
        grant_type: EXCHANGE,
        subject_token: String(token),
        subject_token_type: ACCESS_TOKEN,
        resource: SHELVES,
        ...more,
      },
      basic(clientId),
    );

  it('gives the API a token for the next one, in the name of both', async () => {
    const { answer, person } = await tokenFor('orlova@example.test', BOOKS, 'openid books:read books:write');
    const token = answer.body.access_token;
    const given = await exchange(token);
    expect(given).toMatchObject({
      status: 200,
      body: { issued_token_type: ACCESS_TOKEN, token_type: 'Bearer', scope: 'books:read', expires_in: 60 },
    });
    const { payload } = await verified(given.body.access_token, SHELVES);
    expect(payload).toMatchObject({ act: { sub: 'books' }, client_id: 'books', scope: 'books:read' });
    const own = (await introspect(token, 'reader')).body;
    expect(payload.sub).not.toBe(own.sub);

    expect((await exchange(token, { scope: 'shelves:admin' })).body.error).toBe('invalid_scope');
    expect((await exchange(token, { scope: 'books:read books:write' })).body.error).toBe('invalid_scope');
    expect((await exchange(token, { resource: BOOKS })).body.error).toBe('invalid_target');
    expect((await exchange(token, { resource: 'https://opaque.test/' })).body.error).toBe('invalid_target');
    expect((await exchange(token, { audience: 'shelves' })).body.error).toBe('invalid_target');
    expect((await exchange(token, { actor_token: 'x' })).body.error).toBe('invalid_request');
    expect((await exchange(token, {}, 'unnamed')).body.error).toBe('invalid_request');
    expect((await exchange(given.body.access_token)).body.error).toBe('invalid_request');
    expect((await exchange(answer.body.refresh_token)).body.error).toBe('invalid_request');
    expect((await exchange(token, {}, 'stranger')).status).toBe(400);

    // Signing out counts at once.
    const signOut = await person.open(`${open.issuer}/session/end`);
    await person.submit(signOut, /confirm/, { logout: 'yes' });
    expect((await exchange(token)).body.error).toBe('invalid_request');
  });

  it('takes no token that is for userinfo or for another API', async () => {
    const { answer } = await tokenFor('grishin@example.test', undefined, 'openid');
    expect((await exchange(answer.body.access_token)).body.error).toBe('invalid_request');
  });
});

describe('the management API', () => {
  it('is an API like others, opaque; a portal that is not ours has to be let in', async () => {
    const { answer } = await tokenFor(
      'zaitsev@example.test',
      `${open.issuer}/api`,
      'openid integrations:read integrations:write',
    );
    expect(answer.body.scope).toBe('integrations:read integrations:write');
    expect(String(answer.body.access_token)).not.toContain('.');

    await saveClient(open, { client_id: 'foreign', first_party: false });
    const foreign = await relyingParty({
      issuer: open.issuer,
      clientId: 'foreign',
      secret: SECRET,
      redirectUri: CALLBACK,
    });
    const { url } = await foreign.start({
      resource: `${open.issuer}/api`,
      scope: 'openid integrations:read',
    });
    expect(errorIn((await visitor().request(url)).headers.get('location'))).toBe('invalid_target');
  });

  it('is not for a portal of ours that anybody can pretend to be, whatever page it would lead to', async () => {
    const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
    await saveClient(open, {
      client_id: 'staff-room',
      token_endpoint_auth_method: 'none',
      grant_types: [DEVICE, 'authorization_code'],
    });
    const resource = `${open.issuer}/api`;
    const asked = { scope: 'openid integrations:read integrations:write', resource };
    const device = await post(`${open.issuer}/device/auth`, { client_id: 'staff-room', ...asked });
    expect([device.status, device.body.error]).toEqual([400, 'invalid_target']);
    const party = await relyingParty({ issuer: open.issuer, clientId: 'staff-room', redirectUri: CALLBACK });
    const { url } = await party.start(asked);
    expect(errorIn((await visitor().request(url)).headers.get('location'))).toBe('invalid_target');
  });
});
