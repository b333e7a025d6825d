/** SYS-20: from the first address of an application to production, and to its end by an administrator. */
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { freePort } from '../support/services/free-port.ts';
import { useBrowser } from './support/browsing.ts';
import { type IntegratorSite, startIntegratorSite } from './support/integrator-site.ts';
import { codeIn, mailboxOf } from './support/letters.ts';
import { SERVERS } from './support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();

const DEVELOPER = 'anna@example.test';
const ADMINISTRATOR = 'ryabov@example.test';
const PERSON = 'petrov1@example.test';
const NAME = 'Библиотека имени Крупской';

const BAD: readonly (readonly [address: string, reason: string])[] = [
  ['http://library.example.ru/callback', 'Адрес должен начинаться с https://'],
  ['https://*.library.example.ru/callback', 'Знак * не подходит'],
  ['https://library.example.ru/callback#here', 'В адресе не может быть #'],
  ['https://evil.example.com/callback', 'Это другой сайт'],
];
/** What the gateway promises for a block. */
const STOPS_WITHIN = { timeout: 60_000, interval: 500 };

const sites: IntegratorSite[] = [];
afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.stop()));
});

const button = (page: Page, name: string) => press(page, page.getByRole('button', { name, exact: true }));
const link = (page: Page, name: string) => press(page, page.getByRole('link', { name, exact: true }).first());

type Credentials = { readonly client_id: string; readonly client_secret: string };

/** Through the reproaches to bad addresses; ends on the page of the application. */
async function register(
  page: Page,
  site: string,
  look: (name: string) => Promise<void>,
): Promise<Credentials> {
  await link(page, 'Создать приложение');
  await link(page, 'Сайт с сервером');
  await page.getByLabel('Название').fill(NAME);
  await page.getByLabel('Кто отвечает за приложение').fill('Централизованная библиотечная система');
  await page.getByLabel('Сайт', { exact: true }).fill('https://library.example.ru');
  await page.getByLabel('Адреса возврата').fill(BAD.map(([address]) => address).join('\n'));
  await button(page, 'Создать');
  const fault = page.locator('#redirect_uris-problem');
  for (const [address, reason] of BAD) expect(await fault.textContent()).toContain(`${address}: ${reason}`);
  expect(await page.getByLabel('Название').inputValue()).toBe(NAME);
  await look('developers-new-refused');

  await page.getByLabel('Сайт', { exact: true }).fill(site);
  await page.getByLabel('Адреса возврата').fill(`${site}/callback`);
  await button(page, 'Создать');
  await expectHeading(page, `Приложение «${NAME}» создано`);
  await look('developers-secret');
  const client_secret = (await page.locator('.copied code').first().textContent()) ?? '';
  expect(page.url()).not.toContain(client_secret);
  await link(page, 'Я сохранил(а)');
  await expectHeading(page, NAME);
  expect(await page.content()).not.toContain(client_secret);
  await look('developers-application');
  return { client_id: new URL(page.url()).pathname.split('/').at(-1) ?? '', client_secret };
}

/** The flow on the page «Попробовать»; the access token that it shows. */
async function tryOut(page: Page, secret: string, look: (name: string) => Promise<void>): Promise<string> {
  await link(page, 'Попробовать');
  await button(page, 'Разрешить страницу «Попробовать»');
  await button(page, 'Составить запрос');
  await link(page, 'Перейти на вход');
  await expectHeading(page, 'Доступ к Вашим данным');
  await button(page, 'Разрешить');
  await page.getByLabel('Секрет приложения').fill(secret);
  await button(page, 'Обменять код');
  await button(page, 'Запросить userinfo');
  await expectText(page, DEVELOPER);
  expect(await page.content()).not.toContain(secret);
  await look('developers-try');
  const shown = page.locator('#token .line', { hasText: 'токен для userinfo' });
  return (await shown.locator('.value').textContent()) ?? '';
}

describe.each(SERVERS)('on %s stores', (stores) => {
  const playground = inject('playgrounds')[stores];
  const { federation } = playground;

  async function enter(page: Page, email: string): Promise<void> {
    await page.goto(federation.portals.developers ?? '');
    await link(page, 'Войти');
    await fillIn(page, { email });
    await expectHeading(page, 'Мои приложения');
  }

  async function startApplication(site: string, credentials: Credentials, scope: string): Promise<string> {
    const { port } = new URL(site);
    const redirect_uri = `${site}/callback`;
    const integrator = { ...credentials, client_name: NAME, port: Number(port), redirect_uri };
    const started = await startIntegratorSite(federation.issuer, integrator, scope);
    sites.push(started);
    return started.url;
  }

  /** A second proof by mail, then «Заявки». */
  async function enterReview(page: Page): Promise<void> {
    await enter(page, ADMINISTRATOR);
    const mailbox = mailboxOf(playground, ADMINISTRATOR);
    await link(page, 'Заявки');
    await expectHeading(page, 'Подтвердите вход');
    await press(page, page.getByRole('button', { name: /^Отправить код на/ }));
    const letter = await mailbox.take(/код/i);
    await page.getByRole('textbox').first().fill(codeIn(letter));
    await press(page, page.locator('main button[type=submit]').first());
    await expectHeading(page, 'Заявки');
  }

  const userinfoStatus = async (token: string): Promise<number> =>
    (await fetch(`${federation.issuer}/me`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('an application is registered, tried out, let in, and cut off', { timeout: 180_000 }, async () => {
    const site = `http://localhost:${await freePort()}`;
    const developer = await browse();
    await enter(developer.page, DEVELOPER);
    const credentials = await register(developer.page, site, developer.look);
    const home = developer.page.url();
    const token = await tryOut(developer.page, credentials.client_secret, developer.look);
    expect(await userinfoStatus(token)).toBe(200);

    // Running, and open to nobody but its author.
    const url = await startApplication(site, credentials, 'openid profile email ticket');
    await developer.page.goto(url);
    await expectText(developer.page, 'invalid_scope');
    await sites.pop()?.stop();
    await startApplication(site, credentials, 'openid profile email');
    await developer.page.goto(url);
    await expectText(developer.page, DEVELOPER);
    const person = await browse();
    await person.page.goto(url);
    await fillIn(person.page, { email: PERSON });
    await expectHeading(person.page, 'Приложение ещё проверяется');

    await developer.page.goto(`${home}/request`);
    await developer.page.getByLabel(/Профсоюзный билет/).check();
    await developer.page.getByLabel('Зачем это нужно').fill('Книги выдаём по билету.');
    await developer.page.getByLabel('Как с Вами связаться').fill(DEVELOPER);
    await developer.look('developers-request');
    await button(developer.page, 'Отправить заявку');
    await expectText(developer.page, 'Заявка отправлена');

    const administrator = await browse();
    await enterReview(administrator.page);
    await administrator.look('developers-review');
    await link(administrator.page, NAME);
    await expectText(administrator.page, 'Сидорова Анна Ивановна');
    await expectText(administrator.page, 'Книги выдаём по билету.');
    await expectText(administrator.page, 'номер электронного профсоюзного билета');
    await administrator.look('developers-review-request');
    await button(administrator.page, 'Одобрить');
    await expectText(administrator.page, 'Заявка одобрена');

    await developer.page.goto(home);
    await expectText(developer.page, 'Приложение открыто для всех.');
    expect(await developer.page.content()).not.toContain('/try/callback');
    await sites.pop()?.stop();
    await startApplication(site, credentials, 'openid profile ticket');
    await person.page.goto(url);
    await expectHeading(person.page, 'Доступ к Вашим данным');
    await expectText(person.page, NAME);
    await button(person.page, 'Разрешить');
    await expectText(person.page, '9900000000000060');

    await link(administrator.page, 'Все приложения');
    await administrator.page.getByLabel('Найти приложение').fill(credentials.client_id);
    await button(administrator.page, 'Найти');
    await link(administrator.page, NAME);
    await administrator.page.getByLabel('Причина').fill('Просит билеты и раздаёт их рекламодателям.');
    await administrator.look('developers-review-application');
    await button(administrator.page, 'Отключить');
    await expectText(administrator.page, 'Приложение отключено');
    await expect.poll(() => userinfoStatus(token), STOPS_WITHIN).toBe(401);
    await person.page.goto(url);
    await expectHeading(person.page, 'Приложение отключено');
    await developer.page.goto(home);
    await expectText(developer.page, 'Просит билеты и раздаёт их рекламодателям.');
  });

  it('is read in English, too', async () => {
    const { page, look } = await browse();
    await page.goto(federation.portals.developers ?? '');
    await button(page, 'English');
    await expectHeading(page, 'Sign-in for your application');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await look('developers-start-english');
    await button(page, 'Русский');
    await expectHeading(page, 'Вход для Вашего приложения');
    await look('developers-start');
  });
});
