import { describe, expect, inject, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { tabTo } from './support/keys.ts';
import { PASSWORD } from './support/sandbox.ts';
import {
  addressOf,
  cabinet,
  enterCabinet,
  enterPortal,
  expectHeading,
  expectText,
  fillIn,
  toSignIn,
} from './support/walks.ts';

const { browse } = useBrowser();
const { issuer } = inject('playground').federation;

describe('everybody gets in', () => {
  it('with the keyboard alone', async () => {
    const { page } = await browse();
    await page.goto(addressOf('dictation'));
    await tabTo(page, 'Перейти к содержанию');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Принять участие');
    await page.keyboard.press('Enter');
    await expectHeading(page, 'Вход');
    await tabTo(page, 'По номеру ЭПБ');
    await page.keyboard.press('Enter');
    await page.locator('[data-groups]').waitFor();
    await tabTo(page, 'Номер электронного профсоюзного билета');
    await page.keyboard.type('9900000000000284');
    await page.keyboard.press('Tab');
    await page.keyboard.type('ошибка');
    await page.keyboard.press('Enter');
    await expectText(page, 'Неверный номер билета или пароль');
    // The focus is on the summary; its link leads to the field.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await tabTo(page, 'Пароль');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await expectHeading(page, 'Здравствуйте, Van Anh!');
    await tabTo(page, 'Начать');
    await page.keyboard.press('Enter');
    await expectText(page, 'Вопрос 1 из 30');
    await page.locator('input[name=option]').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expectText(page, 'Отвечено: 1 из 30');
  });

  it('without JavaScript', async () => {
    const { page } = await browse({ javaScriptEnabled: false });
    await toSignIn(page);
    await fillIn(page, { ticket: '9900-0000-0000-0102', password: 'мимо' });
    await expectText(page, 'Неверный номер билета или пароль');
    await fillIn(page, { ticket: '9900 0000 0000 0102' });
    await expectHeading(page, 'Здравствуйте, Ольга Игоревна!');
    await page.getByRole('button', { name: 'Начать' }).click();
    await expectText(page, 'Осталось 60 минут');
    await page.getByRole('radio').first().check();
    await page.getByRole('button', { name: 'Ответить и дальше' }).click();
    await expectText(page, 'Отвечено: 1 из 30');
    await page.getByRole('button', { name: 'Выйти' }).click();
    await page.getByRole('button', { name: 'Выйти везде' }).click();
    await expectHeading(page, 'Профсоюзный диктант');
  });

  it('in English, by the switch, from «Вход» to the last room of the cabinet', async () => {
    const { page, look } = await browse();
    await toSignIn(page);
    await page.getByRole('button', { name: 'English' }).click();
    await expectHeading(page, 'Sign in');
    await expectText(page, 'You are signing in to Профсоюзный диктант');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await look('english-sign-in');
    await page.getByRole('textbox', { name: 'Email' }).fill('ershov@example.test');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expectHeading(page, 'Здравствуйте, Глеб Тарасович!');
    for (const [room, name] of [
      ['', 'home'],
      ['/sessions', 'sessions'],
      ['/portals', 'portals'],
      ['/password', 'password'],
    ]) {
      await page.goto(cabinet(room));
      await page.getByRole('navigation', { name: 'Sections of your account' }).waitFor();
      await look(`english-cabinet-${name}`);
    }
    await page.goto(`${issuer}/about/ways`);
    await look('english-about');
    await page.getByRole('button', { name: 'Русский' }).click();
    await expectHeading(page, 'О способах входа');
    await look('about');
  });

  it('whose address is written in Cyrillic', async () => {
    const { page } = await browse();
    await enterCabinet(page, { email: 'учитель@пример.испытание' });
    await expectHeading(page, 'Юрьева Эмма Эдуардовна');
  });

  it('who sees dark pages at night', async () => {
    const { page, look } = await browse({ colorScheme: 'dark' });
    await toSignIn(page);
    await fillIn(page, { email: 'fedorov@example.test', password: 'мимо' });
    await expectText(page, 'Неверный E-mail или пароль');
    await look('dark-sign-in-wrong');
    await page.goto(addressOf('dictation'));
    await look('dark-dictation-visitor');
    await enterPortal(page, { email: 'fedorov@example.test' }, 'compass');
    await page.getByRole('button', { name: 'Начать' }).click();
    await expectText(page, 'Вопрос 1 из 20');
    await page.getByRole('radio').first().check();
    await look('dark-compass-question');
    await page.goto(cabinet());
    await look('dark-cabinet');
    await page.goto(cabinet('/sessions'));
    await look('dark-cabinet-sessions');
    await page.goto(cabinet('/password'));
    await look('dark-cabinet-password');
  });
});
