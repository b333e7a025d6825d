/** Staff of the Union and what protects a sign-in, with the register of members kept by ourselves. */
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appCode, nextAppCode } from '../../support/app-code.ts';
import { useBrowser } from '../support/browsing.ts';
import { codeIn, mailboxOf } from '../support/letters.ts';
import { type Playground, startSandbox } from '../support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from '../support/walks.ts';

const { browse } = useBrowser();

let playground: Playground;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ playground, stop } = await startSandbox({ SANDBOX_REGISTER: 'own' }));
}, 120_000);
afterAll(() => stop?.());

describe('«Защита входа»', () => {
  const email = 'krylov@example.test';
  const room = () => `${playground.federation.issuer}/cabinet/protection`;
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

  /** A device that recognises its owner without being touched (WebAuthn, automation of user agents). */
  async function giveDevice(page: Page): Promise<CDPSession> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    return devtools;
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
    await press(page, page.getByRole('link', { name: 'Ввести резервный код' }));
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
    const devtools = await giveDevice(page);
    await page.goto(room());
    await button(page, 'Войти с ключом доступа').click();
    await devtools.send('WebAuthn.disable');
    await expectText(page, 'Ключ доступа не сработал');
    await look('passkey-failed');
  });
});
