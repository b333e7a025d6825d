import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { type Browsing, useBrowser } from './support/browsing.ts';
import { PASSWORD } from './support/sandbox.ts';
import {
  addressOf,
  type Door,
  enterPortal,
  expectHeading,
  expectText,
  fillIn,
  toSignIn,
} from './support/walks.ts';

const { browse } = useBrowser();
const { issuer } = inject('playground').federation;

const typed = (page: Page) => page.locator('#identifier').inputValue();

/** As after an hour at lunch: the gateway no longer knows what this page was for. */
const letExpire = ({ context }: Browsing) => context.clearCookies({ name: /interaction/ });

describe('what is typed wrong ends in a sentence, and is still there but for the password', () => {
  it.each<[string, Door, string, string?]>([
    [
      'a wrong password',
      { email: 'lapteva@example.test', password: 'не тот' },
      'Неверный E-mail или пароль',
      'wrong-password',
    ],
    ['an unknown address', { email: 'nobody@example.test' }, 'Неверный E-mail или пароль'],
    ['no address at all', { email: '' }, 'Введите адрес E-mail', 'no-address'],
    ['15 digits', { ticket: '9900 0000 0000 001' }, 'Номер билета состоит из 16 цифр'],
    [
      'letters О for zeros',
      { ticket: '99ОО 0000 0000 0011' },
      'похоже, вместо нуля введена буква',
      'letter-for-zero',
    ],
    ['a replaced ticket', { ticket: '9900 0000 0000 0193' }, 'Неверный номер билета или пароль'],
  ])('%s', async (_what, door, sentence, name) => {
    const { page, look } = await browse();
    await toSignIn(page);
    await fillIn(page, door);
    await expectText(page, sentence);
    expect(await page.evaluate<string>('document.activeElement.className')).toBe('summary');
    expect(await typed(page)).toBe(door.ticket ?? door.email);
    expect(await page.getByLabel('Пароль', { exact: true }).inputValue()).toBe('');
    expect(await page.title()).toMatch(/^Ошибка: /);
    if (name) await look(`sign-in-${name}`);
    await page.locator('.summary a').click();
    const focused = await page.evaluate<string>('document.activeElement.id');
    expect(['identifier', 'password']).toContain(focused);
    await expectText(page, 'Вы входите в сервис Профсоюзный диктант');
  });

  it('too many tries: how long to wait, and the door opens to the right ones of others', async () => {
    const { page, look } = await browse();
    await toSignIn(page);
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await fillIn(page, { email: 'kovalev@example.test', password: `мимо ${attempt}` });
    }
    await expectText(page, /Слишком много попыток. Попробуйте снова через \d+ минут/);
    await look('sign-in-throttled');
    await fillIn(page, { email: 'solovyeva@example.test' });
    await expectHeading(page, 'Здравствуйте, Анна-Мария Глебовна!');
  });
});

describe('ways that end before the portal', () => {
  it('membership has ended: refused with the way to the primary organisation, and still signed in', async () => {
    const { page, look } = await browse();
    await toSignIn(page);
    await fillIn(page, { email: 'gromov@example.test' });
    await expectHeading(page, 'Этот портал – для членов Профсоюза');
    await expectText(page, 'Ваше членство в Профсоюзе прекращено');
    expect(await page.locator('.contact a').count()).toBeGreaterThan(0);
    await look('refused-ended');
    await page.getByRole('link', { name: 'Открыть личный кабинет' }).click();
    await expectHeading(page, 'Громов Лев Аркадьевич');
    await look('cabinet-ended');
    await page.goBack();
    await page.getByRole('button', { name: 'Вернуться на портал' }).click();
    await expectHeading(page, 'Профсоюзный диктант');
    await expectText(page, 'Вход отменён.');
  });

  it('an application under review does not open the Compass', async () => {
    const { page, look } = await browse();
    await toSignIn(page, 'compass');
    await fillIn(page, { email: 'novikov@example.test' });
    await expectText(page, 'Ваше заявление сейчас рассматривают.');
    await look('refused-under-review');
  });

  it('«Отмена»: the portal’s start page, with a sentence', async () => {
    const { page, look } = await browse();
    await toSignIn(page);
    const told = page.waitForRequest((request) =>
      request.url().startsWith(`${addressOf('dictation')}/callback?`),
    );
    await page.getByRole('button', { name: 'Отмена' }).click();
    expect(new URL((await told).url()).searchParams.get('error')).toBe('access_denied');
    await expectHeading(page, 'Профсоюзный диктант');
    await expectText(page, 'Вход отменён. Вы можете начать ещё раз, когда захотите.');
    await look('dictation-cancelled');
    await page.getByRole('link', { name: 'Принять участие' }).click();
    await expectHeading(page, 'Вход');
  });

  it.each<[string, Door]>([
    ['e-mail', { email: 'vasilyeva@example.test' }],
    ['ticket', { ticket: '9900 0000 0000 0243' }],
  ])('a page that has grown old goes on with the %s that was typed', async (by, door) => {
    const browsing = await browse();
    const { page, look } = browsing;
    await toSignIn(page);
    await letExpire(browsing);
    if (by === 'e-mail') await fillIn(page, door);
    else {
      // The tabs are addresses of their own, so the page is old by the time of the second one.
      await toSignIn(page);
      await page.getByRole('link', { name: 'По номеру ЭПБ' }).click();
      await page.locator('[data-groups]').waitFor();
      await letExpire(browsing);
      await page.locator('#identifier').fill(door.ticket ?? '');
      await page.getByRole('button', { name: 'Войти', exact: true }).click();
    }
    await expectHeading(page, 'Страница устарела');
    if (by === 'e-mail') await look('expired');
    await page.getByRole('button', { name: 'Продолжить вход' }).click();
    await expectHeading(page, 'Вход');
    expect(await typed(page)).toBe(door.ticket ?? door.email);
    await expectText(page, 'Вы входите в сервис Профсоюзный диктант');
    await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Войти', exact: true }).click();
    await expectHeading(page, /^Здравствуйте/);
  });

  it('a page nobody began here says where to go', async () => {
    const { page, look } = await browse();
    await page.goto(`${issuer}/interaction/abcdefghijklmnopqrstu`);
    await expectHeading(page, 'Страница устарела');
    await look('expired-unknown');
    await page.getByRole('link', { name: 'Перейти в личный кабинет' }).click();
    await expectHeading(page, 'Вход');
  });
});

describe('more pages than one', () => {
  it('two tabs: each comes to its own portal, the second without a form', async () => {
    const { context, page } = await browse();
    await toSignIn(page);
    const second = await context.newPage();
    await toSignIn(second, 'compass');
    const third = await context.newPage();
    await toSignIn(third, 'compass');
    await fillIn(page, { email: 'tikhonova@example.test' });
    await expectHeading(page, 'Здравствуйте, Лидия Марковна!');
    await second.reload();
    await expectHeading(second, 'Здравствуйте, Лидия!');
    expect(new URL(second.url()).origin).toBe(addressOf('compass'));
    await fillIn(third, { email: 'tikhonova@example.test' });
    await expectHeading(third, 'Здравствуйте, Лидия!');
  });

  it('the back button leads to a sentence and from there back to the portal, without a password', async () => {
    const { page } = await browse();
    await enterPortal(page, { email: 'shcherbakova@example.test' });
    await page.goBack();
    await expectHeading(page, 'Страница устарела');
    await page.getByRole('button', { name: 'Продолжить вход' }).click();
    await expectHeading(page, 'Здравствуйте, Юлия Игоревна!');
  });

  it('a button pressed twice signs in once', async () => {
    const { page } = await browse();
    await toSignIn(page);
    await page.getByRole('textbox', { name: 'E-mail' }).fill('polyakova@example.test');
    await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Войти', exact: true }).dblclick();
    await expectHeading(page, 'Здравствуйте, Вера Кирилловна!');
  });
});

describe('addresses that lead nowhere', () => {
  it.each([
    ['/no-such-page', 'Такой страницы нет', 'not-found'],
    [
      '/auth?client_id=dictation&redirect_uri=http://elsewhere.test/',
      'Портал начал вход с ошибкой',
      'wrong-redirect',
    ],
    ['/auth?client_id=bad-client&response_type=code', 'Приложение отключено', 'blocked-portal'],
  ])('%s', async (path, heading, name) => {
    const { page, look } = await browse();
    await page.goto(`${issuer}${path}`);
    await expectHeading(page, heading);
    await look(`error-${name}`);
  });

  it('at a portal', async () => {
    const { page, look } = await browse();
    await page.goto(`${addressOf('dictation')}/no-such-page`);
    await expectHeading(page, 'Такой страницы нет');
    await look('dictation-not-found');
    await page.goto(`${addressOf('compass')}/callback?code=x&state=y`);
    await expectHeading(page, 'Вход начат слишком давно');
    await look('compass-sign-in-expired');
    await page.getByRole('main').getByRole('link').click();
    await expectHeading(page, 'Вход');
  });
});
