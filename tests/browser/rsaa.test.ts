/** SYS-13: РСАА, the region's own service: registered there, linked once, and the same person as through Gosuslugi. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { passEsia, passRsaa, proveCabinet } from './support/epos.ts';
import { playgroundOn } from './support/joining.ts';
import { mailboxOf } from './support/letters.ts';
import { PASSWORD, type Playground, SERVERS } from './support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();

const ANNA = {
  ...{ family: 'Соловьёва', given: 'Анна-Мария', email: 'solovyeva@example.test' },
  name: 'Соловьёва Анна-Мария Глебовна',
};
const IRINA = { name: 'Орлова Ирина Сергеевна', email: 'orlova@example.test', login: 'orlova_is' };

const rsaa = (page: Page) => page.getByRole('link', { name: 'Войти через РСАА' });

async function toCabinet(page: Page, { federation }: Playground): Promise<void> {
  await page.goto(`${federation.issuer}/cabinet`);
  await expectHeading(page, 'Вход');
}

describe.each(SERVERS)('on %s stores', (stores) => {
  const playground = playgroundOn(stores);

  it('registered there, with a letter; linked once to the cabinet she has, and straight in from then on', async () => {
    const { page, context } = await browse();
    const email = `teacher-${randomUUID().slice(0, 8)}@example.test`;
    const enter = async (login: string) => {
      await toCabinet(page, playground);
      await press(page, rsaa(page));
      await passRsaa(page, login);
    };
    await toCabinet(page, playground);
    await page.goto(
      (await page.getByRole('link', { name: /Зарегистрироваться/ }).getAttribute('href')) ?? '',
    );
    await expectHeading(page, 'Регистрация');
    const field = (name: RegExp) => page.getByRole('textbox', { name });
    await field(/^Имя/).fill(ANNA.given);
    await field(/^E-mail/).fill(email);
    await press(page, page.getByRole('button', { name: 'Зарегистрироваться' }));
    await expectText(page, 'Исправьте, пожалуйста');
    expect(await field(/^Имя/).inputValue()).toBe(ANNA.given);
    expect(await page.evaluate('document.activeElement.id')).toBe(await field(/^Фамилия/).getAttribute('id'));
    await field(/^Фамилия/).fill(ANNA.family);
    await field(/^Образовательная организация/).fill('МБОУ СОШ № 1 г. Камска');
    await press(page, page.getByRole('button', { name: 'Зарегистрироваться' }));
    await expectHeading(page, 'Письмо отправлено');

    const letter = await mailboxOf(playground, email).take(/./);
    const login = /Логин:\s*(\S+)/i.exec(letter.text)?.[1] ?? '';
    await page.goto(/https?:\/\/\S+/.exec(letter.text)?.[0] ?? '');
    await page.getByLabel('Новый пароль').fill(PASSWORD);
    await press(page, page.getByRole('button', { name: 'Сохранить' }));

    await enter(login);
    await proveCabinet(page, ANNA.email);
    await expectHeading(page, ANNA.name);

    await context.clearCookies();
    await enter(login);
    await expectHeading(page, ANNA.name);
  });

  it('whoever is known at both is one person', async () => {
    const accountThrough = async (enter: (page: Page) => Promise<void>) => {
      const { page } = await browse();
      await toCabinet(page, playground);
      await enter(page);
      await expectHeading(page, IRINA.name);
      return page.locator('main code').first().textContent();
    };
    const byEsia = await accountThrough(async (page) => {
      await press(page, page.getByRole('link', { name: 'Войти через Госуслуги' }));
      await passEsia(page, IRINA.email);
    });
    const byRsaa = await accountThrough(async (page) => {
      await press(page, rsaa(page));
      await passRsaa(page, IRINA.login);
      if (page.url().endsWith('/link')) await proveCabinet(page, IRINA.email);
    });
    const byPassword = await accountThrough((page) => fillIn(page, { email: IRINA.email }));
    expect(byEsia).toMatch(/\S/);
    expect([byRsaa, byPassword]).toEqual([byEsia, byEsia]);
  });
});
