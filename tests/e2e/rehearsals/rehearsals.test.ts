/** «Проверить мой клиент»: which wrong answers an application takes, seen by the gateway itself. */
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { relyingParty } from '../../support/relying-party.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { visitor } from '../../support/visitor.ts';
import { type Application, careful, careless, openApplication } from './applications.ts';

const PORTAL = {
  client_id: 'portal',
  client_secret: 'a secret of the developer pages, long',
  first_party: true,
};
const REDIRECT_URI = 'http://localhost:9/callback';

let open: OpenHouse;
let developer: (method: string, path: string, body?: object) => Promise<{ status: number; body: Told }>;
let stranger: typeof developer;
type Told = Record<string, string> & { results: { case: string; verdict: string; evidence: string }[] };

beforeAll(async () => {
  open = await openHouse(await testStores());
  await open.house.clients.save({ ...PORTAL, redirect_uris: [REDIRECT_URI], scope: 'openid' }, 'test');
  developer = await caller('anna@example.test');
  stranger = await caller('alla@example.test');
});
afterAll(() => open.close());

async function caller(email: string): Promise<typeof developer> {
  const { issuer } = open;
  const resource = `${issuer}/api`;
  const scope = 'openid integrations:read integrations:write';
  const portal = await relyingParty({
    ...{ issuer, clientId: PORTAL.client_id, secret: PORTAL.client_secret, redirectUri: REDIRECT_URI, scope },
  });
  const started = await portal.start({ resource });
  const person = visitor();
  const page = await person.open(started.url);
  const answer = await person.submit(page, /\/password$/, {
    by: 'email',
    identifier: email,
    password: PASSWORD,
  });
  const arrived = await person.follow(answer, portal.isCallback);
  const tokens = await client.authorizationCodeGrant(portal.config, arrived.url, started.checks, {
    resource,
  });
  return async (method, path, body) => {
    const response = await fetch(`${issuer}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };
}

async function integrationAt(site: string) {
  const { status, body } = await developer('POST', '/integrations', {
    ...{ name: 'Кружок', kind: 'web', site, redirect_uris: [`${site}/callback`], authentication: 'secret' },
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return { id: String(body.client_id), secret: String(body.client_secret) };
}
const create = (id: string, login_uri: string) =>
  developer('POST', `/integrations/${id}/rehearsals`, { login_uri });

async function verdicts(path: string): Promise<Record<string, string>> {
  const report = () => developer('GET', path);
  await expect.poll(async () => (await report()).body.state, { timeout: 25_000, interval: 200 }).toBe('done');
  const { results } = (await report()).body;
  return Object.fromEntries(
    results.map(({ case: name, verdict, evidence }) => [name, `${verdict}: ${evidence}`]),
  );
}

/** From the application being pointed at its rehearsal to the verdicts. */
async function rehearse(application: Application, id: string): Promise<Record<string, string>> {
  const { body } = await create(id, `${application.url}/login`);
  await application.pointAt(String(body.issuer));
  const path = `/integrations/${id}/rehearsals/${body.id}`;
  expect((await developer('POST', `${path}/run`)).status).toBe(202);
  return verdicts(path);
}

describe('an application', () => {
  test('that a good library guards takes the right answer and refuses all others', async () => {
    const port = await freePort();
    const { id, secret } = await integrationAt(`http://localhost:${port}`);
    const application = await openApplication(port, careful(id, secret));
    const { right, ...others } = await rehearse(application, id);
    await application.close();
    expect(right).toBe('accepted: looks_signed_in');
    expect(others).toEqual({
      denied: 'refused: looks_refused',
      state: 'refused: not_redeemed',
      iss_parameter: 'refused: not_redeemed',
      signature: 'refused: looks_refused',
      unsigned: 'refused: looks_refused',
      signed_with_public_key: 'refused: looks_refused',
      nonce: 'refused: looks_refused',
      issuer: 'refused: looks_refused',
      audience: 'refused: looks_refused',
      expired: 'refused: looks_refused',
      userinfo_subject: 'refused: looks_refused',
    });
  });

  test('that believes everything is told so, case by case', async () => {
    const port = await freePort();
    const { id } = await integrationAt(`http://localhost:${port}`);
    const application = await openApplication(port, careless(id));
    const { denied, state, iss_parameter, ...tokens } = await rehearse(application, id);
    await application.close();
    expect({ denied, state, iss_parameter }).toEqual({
      denied: 'refused: looks_refused',
      state: 'accepted: redeemed',
      iss_parameter: 'accepted: redeemed',
    });
    expect(new Set(Object.values(tokens))).toEqual(new Set(['accepted: looks_signed_in']));
  });

  test('that is not there, or leads elsewhere, leaves all unclear and says why', async () => {
    const port = await freePort();
    const { id, secret } = await integrationAt(`http://localhost:${port}`);
    const { body } = await create(id, `http://localhost:${port}/login`);
    const path = `/integrations/${id}/rehearsals/${body.id}`;
    await developer('POST', `${path}/run`);
    expect(new Set(Object.values(await verdicts(path)))).toEqual(new Set(['unclear: unreachable']));

    const application = await openApplication(port, careful(id, secret));
    await application.pointAt(open.issuer);
    await developer('POST', `${path}/run`);
    expect(new Set(Object.values(await verdicts(path)))).toEqual(new Set(['unclear: not_led_to_issuer']));
    await application.close();
  });
});

describe('the rehearsal', () => {
  let id: string;
  let path: string;
  let issuer: string;
  beforeAll(async () => {
    ({ id } = await integrationAt('https://circle.example.org'));
    const { body } = await create(id, 'https://circle.example.org/login');
    path = `/integrations/${id}/rehearsals/${body.id}`;
    issuer = String(body.issuer);
  });

  test.each([
    'https://elsewhere.example.org/login',
    'http://circle.example.org/login',
    'login',
    'https://10.0.0.1/',
  ])('begins at the application’s own site, not at %s', async (loginUri) => {
    const { status, body } = await create(id, loginUri);
    expect({ status, errors: body.errors }).toMatchObject({
      status: 422,
      errors: [{ pointer: '/login_uri' }],
    });
  });
  test('is nobody else’s to see or to run', async () => {
    expect((await stranger('GET', path)).status).toBe(404);
    expect((await stranger('POST', `${path}/run`)).status).toBe(404);
    expect(
      (await stranger('POST', `/integrations/${id}/rehearsals`, { login_uri: 'https://x.test' })).status,
    ).toBe(404);
  });
  test('publishes keys that are not the gateway’s', async () => {
    const keysOf = async (base: string) =>
      ((await (await fetch(`${base}/jwks`)).json()) as { keys: { n: string }[] }).keys;
    const real = (await keysOf(open.issuer)).map(({ n }) => n);
    const [own] = await keysOf(issuer);
    expect(own?.n).toBeTypeOf('string');
    expect(real).not.toContain(own?.n);
  });
  test.each([
    [
      'a code it did not issue',
      { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://x.test' },
      'invalid_grant',
    ],
    ['another grant', { grant_type: 'client_credentials' }, 'invalid_request'],
    ['nothing', {}, 'invalid_request'],
  ])('refuses %s', async (_what, form, error) => {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams(form as never),
    });
    expect([response.status, await response.json()]).toEqual([400, { error }]);
  });
  test('refuses a token it did not issue, and one of the gateway', async () => {
    for (const authorization of ['', 'Bearer x', 'Basic eDp5']) {
      expect((await fetch(`${issuer}/me`, { headers: { authorization } })).status).toBe(401);
    }
  });
  test('has a page for whoever comes to sign in', async () => {
    const page = await (
      await fetch(`${issuer}/auth?client_id=x`, { headers: { accept: 'text/html' } })
    ).text();
    expect(page).toContain('Здесь проверяют приложение');
  });
  test('that has never been is not found', async () => {
    expect((await fetch(`${open.issuer}/rehearsal/none/.well-known/openid-configuration`)).status).toBe(404);
  });
  test('is run a limited number of times an hour', async () => {
    const { body } = await create(id, 'https://circle.example.org/login');
    const statuses: number[] = [];
    for (let run = 0; run < 25; run++) {
      statuses.push((await developer('POST', `/integrations/${id}/rehearsals/${body.id}/run`)).status);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});
