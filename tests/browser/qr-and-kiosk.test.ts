/** Two screens at once: a computer or a kiosk, and a phone that answers for it; and a session raised by a letter. */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { codeIn } from '../support/mail.ts';
import { useBrowser } from './support/browsing.ts';
import { playgroundOn } from './support/joining.ts';
import { mailboxOf } from './support/letters.ts';
import { PASSWORD, SERVERS } from './support/sandbox.ts';
import { expectHeading, expectText, press } from './support/walks.ts';

const { browse } = useBrowser();

const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 } };
const WITHOUT_SCRIPT: BrowserContextOptions = { javaScriptEnabled: false };
const EMAIL = 'sorokina@example.test';
const RAISED = EMAIL;

async function signIn(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
  await press(page, page.getByRole('button', { name: 'Войти', exact: true }));
}
const codeOn = async (page: Page): Promise<string> => (await page.locator('.user-code').textContent()) ?? '';

describe.each(SERVERS)('on %s stores', (stores) => {
  const playground = playgroundOn(stores);
  const { issuer, portals } = playground.federation;

  it('a phone signs a computer in, by the number on its screen', async () => {
    const computer = await browse();
    await computer.page.goto(`${issuer}/cabinet`);
    await press(computer.page, computer.page.getByRole('button', { name: 'Войти с телефона по QR-коду' }));
    await expectHeading(computer.page, 'Вход с телефона');
    await computer.look('qr-computer');
    const number = (await computer.page.locator('.qr-number').textContent()) ?? '';

    const phone = await browse(PHONE);
    await phone.page.goto(`${issuer}/qr`);
    await phone.page.getByLabel('Код').fill('BBBB BBBB');
    await press(phone.page, phone.page.getByRole('button', { name: 'Продолжить' }));
    await expectText(phone.page, 'Такого кода нет');
    await phone.look('qr-phone-unknown');
    await phone.page.getByLabel('Код').fill((await codeOn(computer.page)).toLowerCase());
    await press(phone.page, phone.page.getByRole('button', { name: 'Продолжить' }));
    await expectHeading(phone.page, 'Вход');
    await signIn(phone.page, EMAIL);
    await expectHeading(phone.page, 'Это Вы входите на компьютере?');
    await phone.look('qr-phone-question');
    await press(phone.page, phone.page.getByRole('button', { name: number }));
    await expectHeading(phone.page, 'Вход подтверждён');
    await phone.look('qr-phone-confirmed');
    await expect.poll(() => new URL(computer.page.url()).pathname, { timeout: 20_000 }).toBe('/cabinet');
  });

  it('without a script the computer goes on, too; «Это не я» stops it', async () => {
    const computer = await browse(WITHOUT_SCRIPT);
    await computer.page.goto(`${issuer}/cabinet`);
    await press(computer.page, computer.page.getByRole('button', { name: 'Войти с телефона по QR-коду' }));
    const phone = await browse(PHONE);
    await phone.page.goto(`${issuer}/qr`);
    await phone.page.getByLabel('Код').fill(await codeOn(computer.page));
    await press(phone.page, phone.page.getByRole('button', { name: 'Продолжить' }));
    await signIn(phone.page, EMAIL);
    await press(phone.page, phone.page.getByRole('button', { name: 'Это не я' }));
    await expectHeading(phone.page, 'Вход отклонён');
    await expect
      .poll(() => computer.page.locator('h1').textContent(), { timeout: 20_000 })
      .toBe('На телефоне отказались');
  });

  it('the kiosk shows a code, greets whoever confirms it, and keeps nothing of her', async () => {
    const kiosk = await browse();
    await kiosk.page.goto(portals.kiosk ?? '');
    await expectHeading(kiosk.page, 'Войти с телефона');
    await kiosk.look('kiosk-invitation');
    await press(kiosk.page, kiosk.page.getByRole('button', { name: 'Войти' }));
    await expectHeading(kiosk.page, 'Подтвердите вход на телефоне');
    await kiosk.look('kiosk-code');
    const code = await codeOn(kiosk.page);

    const phone = await browse(PHONE);
    await phone.page.goto(`${issuer}/device`);
    await phone.page.getByLabel('Код с экрана').fill('BBBB-BBBB');
    await press(phone.page, phone.page.getByRole('button', { name: 'Продолжить' }));
    await expectText(phone.page, 'Такого кода нет');
    await phone.look('device-unknown');
    await phone.page.getByLabel('Код с экрана').fill(code.toLowerCase().replace('-', ' '));
    await phone.page.keyboard.press('Enter');
    await expectHeading(phone.page, 'Это Ваше устройство?');
    expect(await codeOn(phone.page)).toBe(code);
    await phone.look('device-confirm');
    await press(phone.page, phone.page.getByRole('button', { name: 'Да, войти на нём' }));
    await signIn(phone.page, EMAIL);
    await expectHeading(phone.page, 'Готово');
    await phone.look('device-done');

    await expect
      .poll(() => kiosk.page.locator('h1').textContent(), { timeout: 20_000 })
      .toContain('Здравствуйте');
    await kiosk.look('kiosk-person');
    await press(kiosk.page, kiosk.page.getByRole('button', { name: 'Завершить' }));
    await expectText(kiosk.page, 'ничего не осталось');
    expect(await kiosk.context.cookies()).toEqual([]);
  });

  it('«Подтвердите вход»: a letter raises the session that a password began', async () => {
    const { page, look } = await browse();
    await page.goto(`${issuer}/cases`);
    await signIn(page, RAISED);
    await expectHeading(page, 'Подтвердите вход');
    await look('step-up');
    await press(page, page.getByRole('button', { name: /^Отправить код на s•••@/ }));
    await page.getByLabel('Код подтверждения').fill('12');
    await press(page, page.getByRole('button', { name: 'Подтвердить' }));
    await expectText(page, 'Код не подошёл');
    await look('step-up-wrong-code');
    const letter = await mailboxOf(playground, RAISED).take(/Код для подтверждения входа/);
    await page.getByLabel('Код подтверждения').fill(codeIn(letter));
    await press(page, page.getByRole('button', { name: 'Подтвердить' }));
    // She has no seat at the desk; nothing says that there is one.
    await expectHeading(page, 'Такой страницы нет');
  });
});
