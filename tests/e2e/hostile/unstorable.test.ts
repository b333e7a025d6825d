/** #102 Characters that a database refuses, wherever a text comes in: an answer of 4xx, never a fault of ours. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { visitor } from '../../support/visitor.ts';
import { toSignIn } from '../../support/walks.ts';
import { asPortal, type Scene, scene } from './scene.ts';

const INITIAL_ACCESS_TOKEN = 'an-initial-access-token-that-nobody-guesses';
const UNSTORABLE = ['a\0b', '\0', '\ud800', 'a\udfff'];

let stage: Scene;
beforeAll(async () => {
  stage = await scene({ INITIAL_ACCESS_TOKEN });
});
afterAll(() => stage.close());

const isRefusal = (status: number) => status >= 400 && status < 500;

it.each(UNSTORABLE)('%j in a parameter of an authorization request', async (text) => {
  const { url } = await stage.portal.start();
  for (const name of [...url.searchParams.keys(), 'login_hint', 'ui_locales', 'id_token_hint', 'claims']) {
    const spoilt = new URL(url);
    spoilt.searchParams.set(name, text);
    const { status } = await fetch(spoilt, { redirect: 'manual' });
    expect(status === 303 || isRefusal(status), `${name}: ${status}`).toBe(true);
  }
});

it.each(UNSTORABLE)('%j as a client, code or token', async (text) => {
  const fields = { client_id: text, client_secret: text, code: text, refresh_token: text, token: text };
  for (const path of ['/token', '/token/introspection', '/token/revocation', '/request']) {
    for (const grant_type of ['authorization_code', 'refresh_token', text]) {
      const anonymous = await stage.post(path, {
        ...fields,
        grant_type,
        redirect_uri: text,
        code_verifier: text,
      });
      expect(isRefusal(anonymous.status), `${path} ${anonymous.status}`).toBe(true);
      const { client_id: _, client_secret: __, ...rest } = fields;
      const known = await stage.post(path, { ...rest, grant_type, redirect_uri: text }, asPortal);
      expect(known.status, path).toBeLessThan(500);
    }
  }
  const me = await fetch(
    `${stage.issuer}/session/end/success?client_id=${encodeURIComponent(text.toWellFormed())}`,
  );
  expect(me.status).toBeLessThan(500);
});

it.each(UNSTORABLE)('%j at the sign-in form', async (text) => {
  const person = visitor();
  const { page } = await toSignIn(person, stage.portal);
  for (const [by, identifier] of [
    ['email', `${text}@example.test`],
    ['email', `person@${text}.test`],
    ['ticket', `990000000000001${text}`],
  ] as const) {
    const answer = await person.submit(page, /\/password$/, { by, identifier, password: text });
    expect(answer.status).toBe(422);
  }
});

it.each(['%00', 'a%00b', '%ff', '%ed%a0%80'])('%s in an address of the cabinet', async (text) => {
  const { person } = await stage.arrive(2);
  const page = await person.open(`${stage.issuer}/cabinet/sessions`);
  const csrf = page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
  for (const path of [`/cabinet/sessions/${text}/end`, `/cabinet/portals/${text}/disconnect`]) {
    const { status } = await person.request(stage.issuer + path, {
      method: 'POST',
      headers: { origin: stage.issuer },
      body: new URLSearchParams({ csrf }),
    });
    expect(status, path).toBeLessThan(500);
  }
  expect((await person.request(`${stage.issuer}/interaction/${text}`)).status).toBeLessThan(500);
});

it.each(UNSTORABLE)('%j on the way to an account', async (text) => {
  const newcomer = visitor();
  const form = await newcomer.open(`${stage.issuer}/join`);
  for (const [from, client] of [
    [text, 'portal'],
    ['interaction', text],
  ] as const) {
    const fields = { email: `${crypto.randomUUID()}@example.test`, password: 'a password as good as any' };
    const { status } = await newcomer.submit(form, /^\/join$/, { ...fields, terms: 'yes', from, client });
    expect(status).toBe(303);
  }
  const { person } = await stage.arrive(3);
  const question = await person.open(`${stage.issuer}/join/question`);
  const application = await person.follow(await person.submit(question, /\/question$/, { answer: 'no' }));
  for (const field of ['family', 'organisation_query', 'organisation', 'unit']) {
    const { status } = await person.submit(application, /\/application$/, { [field]: text });
    expect(status === 422 || isRefusal(status), `${field}: ${status}`).toBe(true);
  }
});

it.each(['%00', 'a%00b', '%ff'])('%s in an address of joining', async (text) => {
  const { person } = await stage.arrive(4);
  const page = await person.open(`${stage.issuer}/join/question`);
  const csrf = page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
  const post = { method: 'POST', headers: { origin: stage.issuer }, body: new URLSearchParams({ csrf }) };
  for (const path of [
    `/join/documents/${text}/open`,
    `/join/confirm/${text}`,
    `/join/confirm/${text}/disown`,
  ]) {
    expect((await person.request(stage.issuer + path, post)).status, path).toBeLessThan(500);
  }
  for (const path of [`/join/documents/${text}`, `/join/terms/${text}`, `/join/organisations?q=${text}`]) {
    expect((await person.request(stage.issuer + path)).status, path).toBeLessThan(500);
  }
});

it.each(UNSTORABLE)('%j in the metadata of a client', async (text) => {
  const register = (metadata: object) =>
    fetch(`${stage.issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${INITIAL_ACCESS_TOKEN}` },
      body: JSON.stringify({ redirect_uris: ['https://a.test/cb'], ...metadata }),
    });
  for (const metadata of [
    { client_name: text },
    { contacts: [text] },
    { client_uri: `https://a.test/${text}` },
    { jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'a', y: 'b', kid: text }] } },
    { default_acr_values: [text] },
    { redirect_uris: [`https://a.test/${text}`] },
  ]) {
    const { status } = await register(metadata);
    expect(isRefusal(status), `${Object.keys(metadata)[0]}: ${status}`).toBe(true);
  }
  expect((await register({ client_name: 'Честное имя' })).status).toBe(201);
});
