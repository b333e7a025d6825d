/** РСАА: registering there, plain OAuth 2.0, and a provider that is away when we start. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oidc } from '../../../adapters/upstream/oidc.ts';
import type { OidcSettings } from '../../../adapters/upstream/upstream.ts';
import { type MailCatcher, startMailCatcher } from '../../../sandbox/mail-catcher/mail-catcher.ts';
import type { RsaaSimulator } from '../../../sandbox/rsaa/simulator.ts';
import { RSAA_REDIRECT_URI, rsaaScene, rsaaVisitor } from '../../support/esia/rsaa-scene.ts';

let mail: MailCatcher;
let simulator: RsaaSimulator;
let settings: OidcSettings & { kind: 'oidc' };
beforeAll(async () => {
  mail = await startMailCatcher({ smtpPort: 0, webPort: 0 });
  ({ simulator, settings } = await rsaaScene(mail.smtpUrl));
});
afterAll(async () => {
  await simulator.close();
  await mail.close();
});
beforeEach(() => void simulator.faults.set({ discovery: null, token: null, jwks: null, userinfo: null }));

async function prove(upstream = oidc(settings), login = 'lapteva_zf', password = simulator.password) {
  const state = randomUUID();
  const { url, secret } = await upstream.begin({ redirectUri: RSAA_REDIRECT_URI, state });
  return upstream.complete(await rsaaVisitor(simulator).signIn(url, login, password), state, secret);
}

describe('registering (D-17…D-20)', () => {
  const filled = {
    family: 'Новая',
    given: 'Нина',
    middle: '',
    email: 'novaya@example.test',
    phone: '',
    organisation: 'МАОУ «Гимназия № 8»',
  };
  const register = (values: object) =>
    fetch(`${simulator.url}/register`, {
      method: 'POST',
      body: new URLSearchParams({ ...filled, ...values }),
    });

  test('the page has the fields, and a star at the mandatory ones', async () => {
    const page = await (await fetch(`${simulator.url}/register`)).text();
    for (const label of [
      'Фамилия *',
      'Имя *',
      'Отчество',
      'E-mail *',
      'Телефон',
      'Образовательная организация *',
      'Зарегистрироваться',
    ]) {
      expect(page).toContain(label);
    }
    for (const text of [
      'Региональный сервис аутентификации и авторизации',
      'Министерство информационного развития и связи Пермского края',
      'Это не РСАА',
    ]) {
      expect(page).toContain(text);
    }
  });

  test.each(['family', 'given', 'email', 'organisation'])(
    '%s left empty: a summary, the field has the focus, the rest is kept',
    async (name) => {
      const response = await register({ [name]: '' });
      expect(response.status).toBe(422);
      const page = await response.text();
      expect(page).toContain(`href="#${name}"`);
      expect(page).toMatch(new RegExp(`id="${name}"[^>]*autofocus`));
      expect(page).toContain(name === 'given' ? 'value="Новая"' : 'value="Нина"');
    },
  );

  test('a letter brings the login and a link that sets the password once; then straight in', async () => {
    expect((await register({})).status).toBe(200);
    const letters = (await (await fetch(mail.apiUrl)).json()) as {
      text: string;
      to: { address: string }[];
    }[];
    const { text = '', to = [] } = letters.at(-1) ?? {};
    expect(to).toMatchObject([{ address: 'novaya@example.test' }]);
    const [, login = ''] = /Логин: (\S+)/.exec(text) ?? [];
    const [link = ''] = /http\S+\/password\/\S+/.exec(text) ?? [];
    const setPassword = (password: string) =>
      fetch(link, { method: 'POST', body: new URLSearchParams({ password }) });
    expect((await setPassword('short')).status).toBe(422);
    expect((await setPassword('a password of her own')).status).toBe(200);
    expect((await setPassword('another one, later')).status).toBe(404);
    const proof = await prove(undefined, login, 'a password of her own');
    expect(proof).toMatchObject({ claims: { family_name: 'Новая' }, verifiedEmail: 'novaya@example.test' });
    expect((await register({})).status).toBe(422);
  });
});

test('plain OAuth 2.0: userinfo says who it is, by a map of claims', async () => {
  const endpoint = (name: string) => `${settings.issuer}/protocol/openid-connect/${name}`;
  const upstream = oidc({
    ...settings,
    kind: 'oauth2',
    authorizationEndpoint: endpoint('auth'),
    tokenEndpoint: endpoint('token'),
    userinfoEndpoint: endpoint('userinfo'),
    claims: { subject: 'email', given_name: 'family_name' },
  });
  simulator.faults.set({ discovery: '503' });
  await expect(upstream.probe()).resolves.toBeUndefined();
  expect(await prove(upstream)).toMatchObject({
    issuer: settings.issuer,
    subject: 'lapteva@example.test',
    claims: { given_name: 'Лаптева', family_name: 'Лаптева' },
  });
});

test.each(['hang', '503', '502-html', 'empty', 'truncated', 'garbage', 'huge', 'reset'])(
  'discovery %s: an outage at the first sign-in, well by itself, and nothing at the start',
  async (discovery) => {
    simulator.faults.set({ discovery });
    const upstream = oidc(settings);
    await expect(prove(upstream)).rejects.toMatchObject({ kind: 'outage' });
    await expect(upstream.probe()).rejects.toMatchObject({ kind: 'outage' });
    simulator.faults.set({ discovery: null });
    expect(await prove(upstream)).toHaveProperty('subject');
    // What is known is enough for a while, whatever a probe finds out meanwhile.
    simulator.faults.set({ discovery });
    await expect(upstream.probe()).rejects.toMatchObject({ kind: 'outage' });
    expect(await prove(upstream)).toHaveProperty('subject');
  },
);

test.each([
  ['jwks', '503'],
  ['jwks', 'hang'],
  ['jwks', 'garbage'],
  ['userinfo', '503'],
  ['userinfo', 'truncated'],
])('%s %s: an outage', async (endpoint, fault) => {
  simulator.faults.set({ [endpoint]: fault });
  await expect(prove()).rejects.toMatchObject({ kind: 'outage' });
});

test('wrong credentials of ours are ours to correct', async () => {
  await expect(prove(oidc({ ...settings, clientSecret: 'another' }))).rejects.toMatchObject({
    kind: 'ours',
    code: 'invalid_client',
  });
});

test('an answer that names another issuer starts again (RFC 9207)', async () => {
  const upstream = oidc(settings);
  const state = randomUUID();
  const { url, secret } = await upstream.begin({ redirectUri: RSAA_REDIRECT_URI, state });
  const callback = await rsaaVisitor(simulator).signIn(url, 'lapteva_zf');
  for (const iss of ['https://esia.example.test', null]) {
    const mixed = new URL(callback);
    if (iss === null) mixed.searchParams.delete('iss');
    else mixed.searchParams.set('iss', iss);
    expect(await upstream.complete(mixed, state, secret)).toEqual({ refused: 'start_again' });
  }
});
