/** Staff of the Union and what protects a sign-in, with the register of members kept by ourselves. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode, nextAppCode } from '../../support/app-code.ts';
import { type Browsing, useBrowser } from '../support/browsing.ts';
import { codeIn, mailboxOf } from '../support/letters.ts';
import { startOwnSandbox } from '../support/own-sandbox.ts';
import type { Playground } from '../support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from '../support/walks.ts';
import { enterOperator } from '../support/workplace.ts';

const { browse } = useBrowser();

let playground: Playground;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ playground, stop } = await startOwnSandbox({ register: 'own' }));
}, 120_000);
afterAll(() => stop?.());

describe('«Защита входа»', () => {
  const email = 'krylov@example.test';
  const room = () => `${playground.federation.issuer}/cabinet/protection`;
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

  /** A device that recognises its owner without being touched (WebAuthn, automation of user agents). */
  async function giveDevice(page: Page): Promise<void> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
  }

  it('a passkey, an application and paper are added, and each of them lets her in', async () => {
    const mailbox = mailboxOf(playground, email);
    const { context, page, look } = await browse();
    await giveDevice(page);
    await page.goto(room());
    await fillIn(page, { email });
    await expectHeading(page, 'Защита входа');
    await look('protection-first');
    await press(page, page.getByRole('button', { name: /^Отправить код на/ }));
    await page.getByLabel('Код подтверждения').fill('000000');
    await press(page, button(page, 'Подтвердить'));
    await expectText(page, 'Код не подошёл');
    await look('protection-wrong-code');
    const letter = await mailbox.take('ЛК ОПО. Код для подтверждения входа.');
    await page.getByLabel('Код подтверждения').fill(codeIn(letter));
    await press(page, button(page, 'Подтвердить'));
    await expectText(page, 'Подтверждено');

    await page.getByLabel('Название ключа').fill('Ноутбук');
    await press(page, button(page, 'Добавить ключ доступа'));
    await expectText(page, 'Добавлено. Письмо');
    await mailbox.take('ЛК ОПО. Добавлена защита входа.');

    await press(page, button(page, 'Добавить приложение'));
    await expectHeading(page, 'Новое приложение с кодами');
    await look('code-app');
    const secret = ((await page.locator('.long-code').textContent()) ?? '').replace(/\s/g, '');
    await page.getByLabel('Код из приложения').fill(appCode(secret));
    await page.getByLabel('Название', { exact: true }).fill('Телефон');
    await press(page, button(page, 'Подтвердить и добавить'));
    await expectText(page, 'Добавлено. Письмо');

    await press(page, button(page, 'Получить резервные коды'));
    await expectHeading(page, 'Резервные коды');
    const codes = await page.locator('.paper-codes code').allTextContents();
    expect(codes).toHaveLength(10);
    await look('recovery-codes');
    await press(page, page.getByRole('link', { name: 'Я сохранил(а) коды' }));
    await look('protection');

    await context.clearCookies();
    await page.goto(room());
    await look('sign-in-with-passkey');
    await press(page, button(page, 'Войти с ключом доступа'));
    await expectHeading(page, 'Защита входа');
    await press(page, button(page, 'Включить'));
    await expectText(page, 'всегда спрашивается второй фактор');

    await context.clearCookies();
    await page.goto(room());
    await fillIn(page, { email });
    await expectHeading(page, 'Подтвердите вход');
    await look('step-up-second-factor');
    await page.getByLabel('Код из приложения').fill(nextAppCode(secret));
    await press(page, button(page, 'Подтвердить'));
    await expectHeading(page, 'Защита входа');

    await context.clearCookies();
    await page.goto(room());
    await fillIn(page, { email });
    await press(page, page.getByRole('link', { name: 'Нет телефона? Введите резервный код' }));
    await page.getByRole('textbox', { name: 'Резервный код' }).fill('7K2QX-M4T9B');
    await press(page, button(page, 'Подтвердить'));
    await expectText(page, 'не подошёл или уже использован');
    await look('recovery-code-wrong');
    await page.getByRole('textbox', { name: 'Резервный код' }).fill(codes[0] ?? '');
    await press(page, button(page, 'Подтвердить'));
    await expectHeading(page, 'Защита входа');
    await expectText(page, 'Не использовано 9 кодов');
  });

  it('without a script the page is as it was; with a device that refuses, it says what to do', async () => {
    const plain = await browse({ javaScriptEnabled: false });
    await plain.page.goto(room());
    await expectHeading(plain.page, 'Вход');
    expect(await button(plain.page, 'Войти с ключом доступа').count()).toBe(0);

    const { page, look } = await browse();
    await page.addInitScript(
      `navigator.credentials.get = () => Promise.reject(new DOMException('refused', 'NotAllowedError'))`,
    );
    await page.goto(room());
    await button(page, 'Войти с ключом доступа').click();
    await expectText(page, 'Ключ доступа не сработал');
    await look('passkey-failed');
  });
});

const at = (path: string) => `${playground.federation.issuer}/operator${path}`;

/** Signed in once for all that follows, as somebody would be who works there. */
let atDesk: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;
async function browseAtDesk(): Promise<Browsing> {
  const browsing = await browse(atDesk && { storageState: atDesk });
  if (!atDesk) await enterOperator(browsing.page, playground, 'ryabov@example.test', '/operator/dashboard');
  atDesk = await browsing.context.storageState();
  return browsing;
}

describe('how things stand', () => {
  it('is drawn, told as tables, kept fresh and held still; a switch wants a reason', async () => {
    const { page, look } = await browseAtDesk();
    await page.goto(at('/dashboard'));
    const stranger = await browse();
    await stranger.page.goto(`${playground.federation.issuer}/cabinet`);
    await stranger.page.getByLabel('E-mail').fill('ivanova@example.test');
    await stranger.page.getByLabel('Пароль', { exact: true }).fill('не тот пароль, что нужно');
    await press(stranger.page, stranger.page.getByRole('button', { name: 'Войти', exact: true }));

    // Without anybody's touch, a few seconds later.
    const refusals = page.getByRole('img', { name: /^Отказы по причинам/ });
    await refusals.waitFor({ timeout: 40_000 });
    await page.locator('#chart-refusals-table summary').press('Enter');
    await page.getByRole('columnheader', { name: 'неверный пароль' }).waitFor();
    await look('operator-dashboard');
    await page.emulateMedia({ colorScheme: 'dark' });
    await look('dark-operator-dashboard');

    await page.getByRole('button', { name: 'Пауза' }).press('Enter');
    await page.getByRole('button', { name: 'Продолжить' }).waitFor();
    expect(await page.locator('#chart-refusals-table').getAttribute('open')).toBe('');
    await press(page, page.getByRole('link', { name: 'Сутки' }));
    await page.getByRole('button', { name: 'Продолжить' }).waitFor();

    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(at('/doors'));
    await look('operator-doors');
    await press(page, page.getByRole('link', { name: 'Выключить: РСАА' }));
    await press(page, page.getByRole('button', { name: 'Выключить' }));
    await expectText(page, 'Укажите причину');
    await look('operator-door-without-reason');
    for (const [path, heading] of [
      ['/portals', 'Порталы и согласия'],
      ['/letters', 'Письма'],
    ] as const) {
      await page.goto(at(path));
      await expectHeading(page, heading);
      // Every row is on the page, not in a box that looks like the whole of it.
      if (path === '/portals') {
        const box = page.locator('.tally-box').first();
        expect(await box.evaluate((one) => one.scrollHeight - one.clientHeight)).toBeLessThanOrEqual(1);
      }
      await look(`operator${path.replace('/', '-')}`);
    }
  });
});

describe('people', () => {
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const giveReason = async (page: Page): Promise<void> => {
    await expectHeading(page, 'Зачем Вам эта страница');
    await page.getByLabel('Обращение самого человека').check();
    await press(page, button(page, 'Открыть страницу'));
  };
  const why = (page: Page) => page.getByLabel('Почему');

  it('somebody is found, looked at for a reason, and signed out', async () => {
    const teacher = await browse();
    await teacher.page.goto(`${playground.federation.issuer}/cabinet`);
    await fillIn(teacher.page, { email: 'ivanova@example.test' });
    await expectHeading(teacher.page, 'Иванова Мария Петровна');

    const { page, look } = await browseAtDesk();
    await page.goto(at('/people'));
    await page.getByLabel('Фамилия').fill('Ив');
    await press(page, button(page, 'Найти'));
    await expectText(page, 'не меньше трёх букв');
    await look('operator-people-too-short');
    await page.getByLabel('Фамилия').fill('Иванова');
    await press(page, button(page, 'Найти'));
    await look('operator-people-found');
    expect(page.url()).not.toContain(encodeURIComponent('Иванова'));
    await press(page, page.getByRole('link', { name: 'Иванова Мария Петровна' }));
    await look('operator-reason');
    await giveReason(page);
    await expectHeading(page, 'Иванова Мария Петровна');
    await look('operator-person');
    await press(page, page.getByRole('button', { name: 'Показать: E‑mail' }));
    await expectText(page, 'ivanova@example.test');

    await press(page, page.getByRole('link', { name: 'Завершить все сеансы' }));
    await press(page, button(page, 'Завершить все сеансы'));
    await expectText(page, 'Напишите, почему');
    await look('operator-act-without-reason');
    await why(page).fill('звонила, потеряла телефон');
    await press(page, button(page, 'Завершить все сеансы'));
    await expectText(page, 'Все сеансы завершены.');
    await teacher.page.reload();
    await expectHeading(teacher.page, 'Вход');
    await fillIn(teacher.page, { email: 'ivanova@example.test' });
    await teacher.page.goto(`${playground.federation.issuer}/cabinet/who-looked`);
    await expectText(teacher.page, 'Сотрудник Профсоюза');
    await teacher.look('who-looked');
  });

  it('two accounts become one, and two again', async () => {
    const { page, look } = await browseAtDesk();
    await page.goto(at('/people'));
    await page.getByLabel('Номер ЭПБ, E‑mail, телефон или СНИЛС').fill('fedorov@example.test');
    await press(page, button(page, 'Найти'));
    await press(page, page.getByRole('link', { name: /^Фёдоров-Ёлкин/ }));
    await giveReason(page);
    await press(page, page.getByRole('link', { name: 'Объединить с другим кабинетом' }));
    await page.getByLabel('E‑mail, номер ЭПБ или номер второго кабинета').fill('fomina@example.test');
    await press(page, button(page, 'Показать, что произойдёт'));
    await expectHeading(page, 'Что произойдёт при объединении');
    await look('operator-merge');
    await why(page).fill('паспорт проверен');
    await press(page, button(page, 'Объединить'));
    await expectText(page, 'Данные двух кабинетов расходятся');
    await page.getByLabel('Это один человек, я проверил документы').check();
    await press(page, button(page, 'Объединить'));
    await expectText(page, 'Кабинеты объединены');
    await look('operator-merged');
    await why(page).fill('ошибка');
    await press(page, button(page, 'Отменить объединение'));
    await expectText(page, 'Объединение отменено');
  });
});

describe('an incident', () => {
  it('signs everybody out, the operator as well, when the word is right', async () => {
    const { page, look } = await browseAtDesk();
    await page.goto(at('/incident'));
    await expectHeading(page, 'Инцидент');
    await look('operator-incident');
    await page.getByLabel('Введите слово «ВЫЙТИ»').fill('да');
    await press(page, page.getByRole('button', { name: 'Завершить все сеансы', exact: true }));
    await expectText(page, 'Слово не совпало');
    await look('operator-incident-wrong-word');
    await page.getByLabel('Введите слово «ВЫЙТИ»').fill('ВЫЙТИ');
    await press(page, page.getByRole('button', { name: 'Завершить все сеансы', exact: true }));
    await page.goto(at('/people'));
    await expectHeading(page, 'Вход');
  });
});
