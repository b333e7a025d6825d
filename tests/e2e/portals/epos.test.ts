/** The portal of ЭПОС and a subsystem of it, seen from the browser. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FakePerson } from '../../support/fake-op.ts';
import type { Page, Visitor } from '../../support/visitor.ts';
import {
  EPOS_URL,
  forgetProvider,
  heading,
  IRINA,
  type OpenPortal,
  openPortal,
  visit,
} from './open-portal.ts';

let number = 0;
const irina = (change: Partial<FakePerson> = {}): FakePerson => ({
  ...IRINA,
  sub: `irina-${number++}`,
  ...change,
});
const links = (page: Page) =>
  page.html.querySelectorAll('a').map((a) => [a.text.trim(), a.getAttribute('href')]);
const hrefOf = (page: Page, text: string) => links(page).find(([label]) => label === text)?.[1];
const press = (who: Visitor, page: Page, text: string) => who.open(new URL(hrefOf(page, text)!, page.url));
const asked = (portal: OpenPortal) => Object.fromEntries(portal.op.requests.at(-1)!);

describe('the portal', () => {
  let portal: OpenPortal;
  beforeAll(async () => {
    portal = await openPortal('epos');
  });
  afterAll(() => portal.stop());
  beforeEach(() => {
    portal.op.person = irina();
  });

  test('«Вход» at the top leads to both ways, to help and to a guide for each role (D-01, D-06)', async () => {
    const who = visit();
    const start = await who.open(portal.url);
    expect(start.html.querySelector('header a.button')?.text).toBe('Вход');
    const enter = await press(who, start, 'Вход');
    expect(heading(enter)).toBe('Вход');
    expect(enter.html.querySelectorAll('nav a').map(({ text }) => text)).toEqual([
      'Вход',
      'Вход для сотрудников',
      'Вход через ЕСИА',
      'Портал ЭПОС',
      'Написать в техподдержку',
      'для сотрудников',
      'для родителя',
      'для обучающихся',
    ]);
    for (const [label, href] of links(enter).filter(([, target]) => target?.startsWith('/'))) {
      expect((await who.open(new URL(href!, portal.url))).status, label).toBe(200);
    }
    expect((await press(who, enter, 'Написать в техподдержку')).body).toContain(
      'mailto:support@epos.example.test',
    );
    expect((await press(who, enter, 'для сотрудников')).body).toContain(
      'Повторите вход на следующий рабочий день после 14:00',
    );
    expect((await who.request(`${portal.url}/guides/constructor`)).status).toBe(404);
  });

  test('«Вход для сотрудников» asks the gateway, which shows its own page', async () => {
    const who = visit();
    const page = await press(who, await who.open(`${portal.url}/enter`), 'Вход для сотрудников');
    expect(asked(portal)).toMatchObject({ scope: 'openid name edu_role edu_subsystems' });
    expect(asked(portal)).not.toHaveProperty('idp_hint');
    expect(page.url.pathname).toBe('/subsystems');
    expect(page.body).toContain('Орлова Ирина Сергеевна');
    expect(page.body).toContain('Сотрудник');
    expect(page.body).toContain('МБОУ СОШ № 1 г. Камска');
  });

  test('«Вход через ЕСИА» goes straight there', async () => {
    const who = visit();
    await press(who, await who.open(`${portal.url}/enter`), 'Вход через ЕСИА');
    expect(asked(portal)).toMatchObject({ idp_hint: 'esia' });
  });

  test('lists what the gateway says is open, one button per name, and nothing else', async () => {
    const page = await visit().open(`${portal.url}/sign-in?return_to=/subsystems`);
    const buttons = page.html.querySelectorAll('ul.subsystems a');
    expect(buttons.map((a) => [a.text, a.getAttribute('href')])).toEqual([
      ['ЭПОС.Школа', 'http://localhost:1/sign-in'],
      ['Библиотека', 'http://localhost:2/sign-in'],
    ]);
  });

  test('somebody to whom nothing is open reads so', async () => {
    const { subsystems: _, ...nothing } = irina();
    portal.op.person = nothing;
    const page = await visit().open(`${portal.url}/sign-in?return_to=/subsystems`);
    expect(page.html.querySelectorAll('ul.subsystems a')).toEqual([]);
    expect(page.body).toContain('В этой роли подсистем для Вас пока нет.');
  });

  test('«Сменить роль» asks for another one, and shows what is open in it', async () => {
    const who = visit();
    const page = await who.open(`${portal.url}/sign-in?return_to=/subsystems`);
    portal.op.person = {
      ...portal.op.person!,
      edu_role: 'parent',
      subsystems: [{ client_id: 'epos-diary', name: 'Дневник', url: 'http://localhost:4/sign-in' }],
    };
    const changed = await press(who, page, 'Сменить роль');
    expect(asked(portal)).toMatchObject({ prompt: 'role' });
    expect(changed.body).toContain('Родитель');
    expect(changed.html.querySelectorAll('ul.subsystems a').map(({ text }) => text)).toEqual(['Дневник']);
  });

  test('somebody with one role is not asked for another', async () => {
    portal.op.person = irina({ edu_roles: ['staff'] });
    const page = await visit().open(`${portal.url}/sign-in?return_to=/subsystems`);
    expect(hrefOf(page, 'ЭПОС.Школа')).toBe('http://localhost:1/sign-in');
    expect(hrefOf(page, 'Сменить роль')).toBeUndefined();
  });

  test('whoever thinks better of another role keeps hers', async () => {
    const who = visit();
    const page = await who.open(`${portal.url}/sign-in?return_to=/subsystems`);
    portal.op.person = undefined;
    const back = await press(who, page, 'Сменить роль');
    expect(back.url.pathname).toBe('/subsystems');
    expect(back.body).toContain('Сотрудник');
  });

  test('a refusal has a page with a way back, and ends what was open', async () => {
    const who = visit();
    await who.open(`${portal.url}/sign-in`);
    await forgetProvider(who, portal);
    portal.op.person = undefined;
    const refused = await who.open(`${portal.url}/sign-in`);
    expect(refused.url.pathname).toBe('/refused');
    expect(heading(refused)).toBe('Вход не состоялся');
    expect(hrefOf(refused, 'Войти ещё раз')).toBe('/enter');
    expect((await who.open(portal.url)).html.querySelector('header form')).toBeNull();
  });

  test('a person without a role is nobody here', async () => {
    const { edu_role: _, ...roleless } = irina();
    portal.op.person = roleless;
    const page = await visit().open(`${portal.url}/sign-in`);
    expect(page.status).toBe(502);
    expect(heading(page)).toBe('Войти не получилось');
  });

  test('sentences of other portals are nothing here', async () => {
    const page = await visit().open(`${portal.url}/?notice=time_over`);
    expect(page.status).toBe(200);
    expect(page.html.querySelector('.notice')).toBeNull();
  });
});

describe.each(['membership', 'region'])('a gateway that tells the %s', (claim) => {
  let portal: OpenPortal;
  beforeAll(async () => {
    portal = await openPortal('epos', { leaked: [claim] });
    portal.op.person = { ...irina(), membership: 'member', region: 'Камский край' };
  });
  afterAll(() => portal.stop());

  test('is not listened to', async () => {
    const who = visit();
    expect((await who.open(`${portal.url}/sign-in`)).status).toBe(502);
    expect((await who.open(portal.url)).html.querySelector('header form')).toBeNull();
  });
});

describe('a subsystem', () => {
  let kontingent: OpenPortal;
  beforeAll(async () => {
    kontingent = await openPortal('kontingent');
  });
  afterAll(() => kontingent.stop());
  beforeEach(() => {
    kontingent.op.person = irina();
  });

  test('says who she is, in which role, of which school, and leads administrators to their desk', async () => {
    const page = await visit().open(`${kontingent.url}/sign-in`);
    expect(heading(page)).toBe('Контингент');
    expect(page.html.querySelectorAll('dd').map(({ text }) => text)).toEqual([
      'Орлова Ирина Сергеевна',
      'Сотрудник',
      'МБОУ СОШ № 1 г. Камска',
    ]);
    expect(hrefOf(page, 'Обращения о несовпадении данных')).toBe(`${kontingent.issuer}/cases`);
    expect(hrefOf(page, 'Работники школы')).toBe(`${kontingent.issuer}/contingent`);
    expect(hrefOf(page, 'Другие подсистемы')).toBe(`${EPOS_URL}/subsystems`);
    expect(asked(kontingent)).toMatchObject({ scope: 'openid name edu_role' });
  });

  test('signs in by itself whoever is signed in at the gateway', async () => {
    const who = visit();
    await who.open(`${kontingent.url}/sign-in`);
    for (const { key } of await who.jar.getCookies(kontingent.url)) {
      if (key.startsWith('epos-kontingent_')) await who.jar.setCookie(`${key}=; Max-Age=0`, kontingent.url);
    }
    const page = await who.open(kontingent.url);
    expect(asked(kontingent)).toMatchObject({ prompt: 'none' });
    expect(page.body).toContain('Орлова Ирина Сергеевна');
  });

  test('shows a visitor what it is, and the way to sign in', async () => {
    const page = await visit().open(kontingent.url);
    expect(heading(page)).toBe('Контингент');
    expect(hrefOf(page, 'Войти')).toBe('/sign-in');
    expect(page.html.querySelectorAll('dd')).toEqual([]);
  });

  test('refuses with a way back when the gateway does, and forgets who was here', async () => {
    const who = visit();
    await who.open(`${kontingent.url}/sign-in`);
    await forgetProvider(who, kontingent);
    kontingent.op.person = undefined;
    const refused = await who.open(`${kontingent.url}/sign-in`);
    expect(refused.url.pathname).toBe('/refused');
    expect(hrefOf(refused, 'К списку подсистем')).toBe(`${EPOS_URL}/subsystems`);
    expect(refused.html.querySelector('header form')).toBeNull();
  });
});
