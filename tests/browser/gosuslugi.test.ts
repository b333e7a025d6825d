/** SYS-12: Gosuslugi as a door into the same account: straight in, linked once, refused, cancelled, and away. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { passEsia, proveCabinet } from './support/epos.ts';
import { playgroundOn } from './support/joining.ts';
import { mailboxOf } from './support/letters.ts';
import { type Playground, SERVERS } from './support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();

const MARIA = {
  name: 'Иванова Мария Петровна',
  email: 'ivanova@example.test',
  ticket: '9900 0000 0000 0011',
  esia: ['+7 (900) 000-00-01', 'ivanova@example.test', '900-100-101 91'],
};
const ARTEM = { name: 'Фёдоров-Ёлкин Артём Семёнович', email: 'fedorov@example.test' };
const NINA = { name: 'Васильева Нина Романовна', email: 'vasilyeva@example.test' };

const gosuslugi = (page: Page) => page.getByRole('link', { name: 'Войти через Госуслуги' });

async function toCabinet(page: Page, { federation }: Playground): Promise<void> {
  await page.goto(`${federation.issuer}/cabinet`);
  await expectHeading(page, 'Вход');
}

const accountOn = (page: Page) => page.locator('main code').first().textContent();

describe.each(SERVERS)('on %s stores', (stores) => {
  const playground = playgroundOn(stores);

  it('by phone, e-mail or SNILS, by password or by ticket: the same account', async () => {
    const accounts: (string | null)[] = [];
    for (const login of MARIA.esia) {
      const { page, look } = await browse();
      await toCabinet(page, playground);
      await look('sign-in-doors');
      await press(page, gosuslugi(page));
      await passEsia(page, login);
      await expectHeading(page, MARIA.name);
      accounts.push(await accountOn(page));
    }
    for (const door of [{ email: MARIA.email }, { ticket: MARIA.ticket }]) {
      const { page } = await browse();
      await toCabinet(page, playground);
      await fillIn(page, door);
      await expectHeading(page, MARIA.name);
      accounts.push(await accountOn(page));
    }
    expect(accounts[0]).toMatch(/\S/);
    expect(new Set(accounts).size).toBe(1);
  });

  it('the first time asks for the password she has, and never again', async () => {
    const first = await browse();
    await toCabinet(first.page, playground);
    await press(first.page, gosuslugi(first.page));
    await passEsia(first.page, ARTEM.email);
    await expectHeading(first.page, 'Остался один шаг');
    await first.look('link');
    await press(first.page, first.page.getByRole('button', { name: 'Связать и войти' }));
    await expectText(first.page, 'Введите адрес E-mail');
    await first.look('link-fault');
    await proveCabinet(first.page, ARTEM.email);
    await expectHeading(first.page, ARTEM.name);
    await mailboxOf(playground, ARTEM.email).take(/вход/i);

    const later = await browse();
    await toCabinet(later.page, playground);
    await press(later.page, gosuslugi(later.page));
    await passEsia(later.page, ARTEM.email);
    await expectHeading(later.page, ARTEM.name);
  });

  it('or for a code to the address that both sides know', async () => {
    const { page } = await browse({ javaScriptEnabled: false });
    await toCabinet(page, playground);
    await press(page, gosuslugi(page));
    await passEsia(page, NINA.email);
    await press(page, page.getByRole('button', { name: 'Получить код на почту' }));
    const letter = await mailboxOf(playground, NINA.email).take(/код/i);
    await page.getByRole('textbox', { name: /[Кк]од/ }).fill(/\b\d{3} ?\d{3}\b/.exec(letter.text)?.[0] ?? '');
    await press(page, page.getByRole('button', { name: 'Связать и войти' }));
    await expectHeading(page, NINA.name);
  });

  it('an account at Gosuslugi that is not confirmed is told how to confirm it', async () => {
    const { page, look } = await browse();
    await toCabinet(page, playground);
    await press(page, gosuslugi(page));
    await passEsia(page, 'kovalev@example.test');
    await expectHeading(page, 'Вход');
    await expectText(page, 'не подтверждена');
    await look('sign-in-unconfirmed');
    await fillIn(page, { email: MARIA.email });
    await expectHeading(page, MARIA.name);
  });

  it('«Отмена» leads back to «Вход», and to the portal that was asked for', async () => {
    const { page, look } = await browse();
    await page.goto(playground.federation.portals.dictation ?? '');
    await page.getByRole('link', { name: 'Принять участие' }).click();
    await press(page, gosuslugi(page));
    await press(page, page.getByRole('button', { name: 'Отмена' }));
    await expectHeading(page, 'Вход');
    await expectText(page, 'Вы входите в сервис Профсоюзный диктант');
    await look('sign-in-cancelled');
    await fillIn(page, { email: MARIA.email });
    await expectHeading(page, /^Здравствуйте, Мария/);
  });

  it('whoever nobody knows gets an account of her own', async () => {
    const { page, look } = await browse();
    await toCabinet(page, playground);
    await press(page, gosuslugi(page));
    await passEsia(page, 'e04@example.test');
    await look('link-or-create');
    await press(page, page.getByRole('button', { name: 'Создать личный кабинет' }));
    await expectHeading(page, /^Цой/);
  });
});
