/** A parameter that comes twice, or half by one way and half by another (security.md c1 #53, class 21). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../../support/crowd.ts';
import { PASSWORD } from '../../support/house.ts';
import { type Page, visitor } from '../../support/visitor.ts';
import { asPortal, errorOf, REDIRECT_URI, type Scene, scene } from './scene.ts';

let stage: Scene;
beforeAll(async () => {
  stage = await scene();
});
afterAll(() => stage.close());

const PARAMETERS: Readonly<Record<string, string>> = {
  client_id: 'portal',
  redirect_uri: REDIRECT_URI,
  response_type: 'code',
  response_mode: 'query',
  scope: 'openid',
  state: 'a-state',
  nonce: 'a-nonce',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
  prompt: 'login',
  max_age: '100',
  acr_values: 'urn:opo:loa:1',
  login_hint: 'a@example.test',
  id_token_hint: 'x.y.z',
  ui_locales: 'ru',
  claims: '{}',
  display: 'page',
  request: 'x.y.z',
  request_uri: 'urn:ietf:params:oauth:request_uri:x',
  dpop_jkt: 'x'.repeat(43),
};
const REQUIRED = ['client_id', 'redirect_uri', 'response_type', 'scope', 'state', 'code_challenge'];
const NAMES = Object.keys(PARAMETERS);

/** An honest request, with `name` twice. */
function twice(name: string, second: string): URLSearchParams {
  const request = new URLSearchParams({ code_challenge_method: 'S256' });
  for (const each of new Set([...REQUIRED, name])) request.set(each, PARAMETERS[each] ?? '');
  request.append(name, second);
  return request;
}

/** Refused on our page, or told to the relying party's one address; nobody is asked to sign in. */
function expectRefused(page: Page): void {
  const location = page.headers.get('location');
  if (location === null) {
    expect(page.status).toBe(400);
    return;
  }
  expect(location).toMatch(/^https:\/\/portal\.example\.test\/callback\?/);
  expect(new URL(location).searchParams.get('error')).toMatch(/^invalid_request$|not_supported$/);
}

/** As a form of another site comes: without cookies. */
const posted = (body: URLSearchParams | string, query = '', type = 'application/x-www-form-urlencoded') =>
  visitor().request(`${stage.issuer}/auth${query}`, {
    method: 'POST',
    body: String(body),
    headers: { 'content-type': type, origin: 'https://portal.example.test', 'sec-fetch-site': 'cross-site' },
  });

describe('at the authorization endpoint', () => {
  it.each(NAMES)('%s twice, the same', async (name) => {
    const request = twice(name, PARAMETERS[name] ?? '');
    expectRefused(await visitor().request(`${stage.issuer}/auth?${request}`));
  });

  it.each(NAMES)('%s twice, another and then the honest one', async (name) => {
    const request = twice(name, PARAMETERS[name] ?? '');
    const [first, ...others] = [...request].filter(([each]) => each === name);
    const evil = new URLSearchParams([...request].filter(([each]) => each !== name));
    evil.append(name, 'https://evil.test/');
    for (const [each, value] of [first ?? [name, ''], ...others].slice(1)) evil.append(each, value);
    const page = await visitor().request(`${stage.issuer}/auth?${evil}`);
    expectRefused(page);
    expect(page.headers.get('location') ?? '').not.toMatch(/^https:\/\/evil/);
  });

  it.each(NAMES)('%s twice in a form', async (name) => {
    const person = visitor();
    const page = await posted(twice(name, 'x'));
    expect(page.status).toBe(303);
    expectRefused(await person.request(new URL(page.headers.get('location') ?? '', stage.issuer)));
  });

  it.each(NAMES)('%s in the form and in the address', async (name) => {
    const body = twice(name, 'x');
    body.delete(name);
    body.set(name, PARAMETERS[name] ?? '');
    const page = await posted(body, `?${new URLSearchParams({ [name]: 'https://evil.test/' })}`);
    expect(page.status).toBe(400);
    expect(page.headers.get('location')).toBeNull();
  });
});

describe('a form at the authorization endpoint', () => {
  const honest = async () => (await stage.portal.start()).url.searchParams;

  it('is the same request by GET, so that the session of the browser counts', async () => {
    const { person } = await stage.arrive(1);
    const request = await honest();
    const sent = await person.request(`${stage.issuer}/auth`, {
      method: 'POST',
      body: request,
      headers: { origin: 'https://portal.example.test', 'sec-fetch-site': 'cross-site', cookie: '' },
    });
    expect(sent.status).toBe(303);
    expect(sent.headers.getSetCookie()).toEqual([]);
    const back = new URL(sent.headers.get('location') ?? '', stage.issuer);
    expect([back.origin, back.pathname]).toEqual([stage.issuer, '/auth']);
    expect(Object.fromEntries(back.searchParams)).toEqual(Object.fromEntries(request));
    const answered = await person.request(back);
    expect(new URL(answered.headers.get('location') ?? '').searchParams.has('code')).toBe(true);
  });

  it.each<[string, (request: URLSearchParams) => [string, string?]]>([
    ['as JSON', (request) => [JSON.stringify(Object.fromEntries(request)), 'application/json']],
    ['as plain text', (request) => [String(request), 'text/plain']],
    ['without a type', (request) => [String(request), '']],
    ['in parts', () => ['--x\r\n\r\n--x--', 'multipart/form-data; boundary=x']],
  ])('%s is refused', async (_what, write) => {
    const [body, type] = write(await honest());
    expect((await posted(body, '', type)).status).toBe(400);
  });

  it('larger than an address may be is refused', async () => {
    const request = await honest();
    request.set('state', 'x'.repeat(8_000));
    expect((await posted(request)).status).toBe(413);
    request.set('state', 'x'.repeat(70_000));
    expect((await posted(request)).status).toBe(413);
  });

  it('sends nobody anywhere but here', async () => {
    for (const body of [
      '//evil.test',
      'https://evil.test/',
      'x=1\r\nLocation: https://evil.test',
      '%0d%0aX: y',
      '#',
    ]) {
      const page = await posted(body);
      const location = page.headers.get('location') ?? '/auth?';
      expect(location.startsWith('/auth?'), body).toBe(true);
      expect(location).not.toMatch(/[\r\n]/);
    }
  });
});

describe('at the token endpoint', () => {
  const GRANT = ['grant_type', 'code', 'redirect_uri', 'code_verifier', 'client_id'];

  it.each(GRANT)('%s twice', async (name) => {
    const arrival = await stage.arrive(2);
    const fields = new URLSearchParams({
      grant_type: 'authorization_code',
      code: arrival.code,
      redirect_uri: REDIRECT_URI,
      code_verifier: String(arrival.started.checks.pkceCodeVerifier),
      client_id: 'portal',
    });
    fields.append(name, fields.get(name) ?? '');
    const answer = await stage.post('/token', fields, asPortal);
    expect([answer.status, await errorOf(answer)]).toEqual([400, 'invalid_request']);
  });

  it.each(['refresh_token', 'scope', 'client_secret', 'client_assertion', 'client_assertion_type'])(
    '%s twice',
    async (name) => {
      const fields = new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: 'x',
        client_id: 'portal',
      });
      for (const value of ['x', 'y']) fields.append(name, value);
      const answer = await stage.post('/token', fields, name.startsWith('client_') ? {} : asPortal);
      expect([answer.status, await errorOf(answer)]).toEqual([400, 'invalid_request']);
    },
  );

  it.each(['code', 'grant_type', 'redirect_uri', 'code_verifier'])(
    '%s in the address counts for nothing',
    async (name) => {
      const arrival = await stage.arrive(3);
      const fields = new URLSearchParams({
        grant_type: 'authorization_code',
        code: arrival.code,
        redirect_uri: REDIRECT_URI,
        code_verifier: String(arrival.started.checks.pkceCodeVerifier),
      });
      const query = new URLSearchParams({ [name]: fields.get(name) ?? '' });
      fields.delete(name);
      const answer = await stage.post(`/token?${query}`, fields, asPortal);
      expect(answer.status).toBe(400);
    },
  );
});

describe('where requests are pushed', () => {
  it.each(NAMES)('%s twice', async (name) => {
    const answer = await stage.post('/request', twice(name, 'x'), asPortal);
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatch(/^invalid_request$|not_supported$/);
  });
});

describe('in our own forms', () => {
  it.each(['identifier=b@example.test', 'identifier[]=b', 'password=x', 'by=email', 'admin=1'])(
    '%s beside what belongs there',
    async (more) => {
      const person = visitor();
      const page = await person.open((await stage.portal.start()).url);
      const form = page.html.querySelector('form[action$=password]');
      const csrf = form?.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
      const fields = { csrf, by: 'email', identifier: addressOf(1), password: PASSWORD };
      const answer = await person.request(new URL(form?.getAttribute('action') ?? '', page.url), {
        method: 'POST',
        headers: { origin: stage.issuer, 'content-type': 'application/x-www-form-urlencoded' },
        body: `${new URLSearchParams(fields)}&${more}`,
      });
      expect(answer.status).toBe(400);
    },
  );
});
