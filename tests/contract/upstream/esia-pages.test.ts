/** The simulator's people, pages, faults and log: no. 38–42 of the checklist. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { LAYOUTS } from '../../../adapters/upstream/esia/layouts.ts';
import { ENDPOINTS } from '../../../adapters/upstream/esia/requests.ts';
import { type EsiaScene, esiaScene, esiaVisitor, MNEMONIC } from '../../support/esia/esia-scene.ts';
import { claimsOf, type HandMade, handMade } from '../../support/esia/hand-made.ts';

let scene: EsiaScene;
let url: string;
let by: HandMade;
beforeAll(async () => {
  scene = await esiaScene();
  url = scene.simulator.url;
  by = handMade(scene);
});
afterAll(() => scene.close());
beforeEach(() => scene.simulator.scene.faults.mend());

test('no. 38: the people of the checklist are there', () => {
  const { all } = scene.simulator.scene.people;
  const some = (what: (person: (typeof all)[number]) => unknown) =>
    expect(all.some((person) => what(person))).toBe(true);
  for (const level of ['confirmed', 'standard', 'simplified', 'child'])
    some((person) => person.level === level);
  some(({ middle }) => middle === undefined);
  some(({ email }) => email === undefined);
  some(({ email }) => email && !email.verified);
  some(({ email }) => email?.changingTo);
  some(({ id, family }) => id === 'M-10' && family === 'Чернова');
  some(({ roles }) => roles.length > 1);
  some(({ citizenship }) => citizenship !== 'RUS');
  const numbers = all.flatMap(({ snils }) => snils ?? []);
  expect(new Set(numbers).size).toBeLessThan(numbers.length);
  expect(new Set(all.map(({ oid }) => oid)).size).toBe(all.length);
});

test('no. 39: by phone, e-mail and SNILS; the session is used again, and Logout ends it', async () => {
  for (const login of ['8 (900) 000-00-01', 'IVANOVA@example.test', '900 100 101 91']) {
    expect(claimsOf(await by.codeFor(login))['urn:esia:sbj']).toMatchObject({
      'urn:esia:sbj:oid': 1000000101,
    });
  }
  const visitor = esiaVisitor(url);
  const address = async () => new URL(`${ENDPOINTS.v2.authorize}?${await by.parametersOf({})}`, url);
  await visitor.signIn(await address(), 'ivanova@example.test');
  const again = await visitor.go(await address());
  expect(again.headers.get('location')).toMatch(/consent$/);
  const back = `${url}/idp/ext/Logout?${new URLSearchParams({ client_id: MNEMONIC, redirect_url: 'https://id.example.test/out' })}`;
  expect((await visitor.go(back)).headers.get('location')).toBe('https://id.example.test/out');
  expect((await visitor.go(await address())).headers.get('location')).not.toMatch(/consent$/);
  const foreign = `${url}/idp/ext/Logout?${new URLSearchParams({ client_id: MNEMONIC, redirect_url: 'https://evil.test/' })}`;
  expect((await visitor.go(foreign)).headers.get('location')).toBeNull();
});

test('no. 39: a wrong password keeps the person on the page', async () => {
  const { location } = await by.authorize();
  const body = new URLSearchParams({
    way: 'password',
    login: 'ivanova@example.test',
    password: 'wrong',
    action: 'enter',
  });
  const response = await fetch(location!, { method: 'POST', body });
  expect(response.status).toBe(422);
  expect(await response.text()).toContain('Неверный логин или пароль');
});

test.each([
  ['te', '503', 503],
  ['te', '502-html', 502],
  ['te', 'empty', 200],
  ['rs', '503', 503],
  ['ac', '502-html', 502],
])('no. 40: %s told to be %s answers %i, until it is mended', async (endpoint, fault, status) => {
  const set = await fetch(`${url}/developer/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ [endpoint]: fault }),
  });
  expect(await set.json()).toEqual({ [endpoint]: fault });
  const paths = { ac: ENDPOINTS.v2.authorize, te: ENDPOINTS.v2.token, rs: '/rs/prns/1000000101' };
  const path = paths[endpoint as keyof typeof paths];
  const init = { method: endpoint === 'te' ? 'POST' : 'GET' };
  expect((await fetch(url + path, init)).status).toBe(status);
  await fetch(`${url}/developer/faults`, { method: 'DELETE' });
  expect((await fetch(url + path, init)).status).not.toBe(status);
});

test('no. 40: an unknown fault is refused', async () => {
  const response = await fetch(`${url}/developer/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"te":"explode"}',
  });
  expect(response.status).toBe(400);
});

test('no. 41: the log tells developers why, and nothing secret', async () => {
  const code = await by.codeFor('ivanova@example.test');
  await by.redeem(code);
  await by.authorize({ signed: LAYOUTS.v1 });
  const log = await (await fetch(`${url}/developer/requests`)).text();
  expect(log).toContain('порядок v1');
  for (const secret of [code, 'Иванова', 'ivanova', '900-100']) expect(log).not.toContain(secret);
});

test('no. 42: every page says that this is not Gosuslugi', async () => {
  const { location } = await by.authorize();
  for (const page of [
    location!.href,
    `${url}/developer`,
    `${url}/help`,
    `${location!.href}?way=qr`,
    `${location!.href}?way=signature`,
  ]) {
    expect(await (await fetch(page)).text()).toContain('Это не Госуслуги');
  }
  const login = await (await fetch(location!)).text();
  for (const label of [
    'Телефон / Email / СНИЛС',
    'Пароль',
    'Восстановить',
    'Войти',
    'Войти другим способом',
    'QR-код',
    'Эл. подпись',
    'Не удаётся войти?',
    'Зарегистрироваться',
    'Отмена',
  ]) {
    expect(login).toContain(label);
  }
});
