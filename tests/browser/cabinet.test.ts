import { describe, expect, inject, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { PASSWORD } from './support/sandbox.ts';
import {
  cabinet,
  enterCabinet,
  enterPortal,
  expectHeading,
  expectText,
  fillIn,
  toSignIn,
} from './support/walks.ts';

const { browse } = useBrowser();
const { issuer, mail } = inject('playground').federation;
const NEW_PASSWORD = 'тёплый вечер на веранде';

/** Somebody's letters, in the catcher's own page. */
const lettersTo = async (address: string): Promise<{ subject: string; id: string }[]> => {
  const letters = (await (await fetch(mail.api)).json()) as {
    id: string;
    subject: string;
    envelope: { to: { address: string }[] };
  }[];
  return letters.filter(({ envelope }) => envelope.to.some((to) => to.address === address));
};

describe('the cabinet', () => {
  it('is entered from the start page and shows name, banner and ticket, whole on request', async () => {
    const { page, look } = await browse();
    await page.goto(issuer);
    await expectHeading(page, 'Личный кабинет члена Профсоюза');
    await look('start');
    await page.getByRole('link', { name: 'Войти' }).click();
    await expectHeading(page, 'Вход');
    await look('sign-in-cabinet');
    await fillIn(page, { ticket: '9900 0000 0000 0060' });
    await expectHeading(page, 'Петров Пётр Петрович');
    await expectText(page, 'ВЫ ЯВЛЯЕТЕСЬ ЧЛЕНОМ ОБЩЕРОССИЙСКОГО ПРОФСОЮЗА ОБРАЗОВАНИЯ');
    await expectText(page, '•••• •••• •••• 0060');
    await look('cabinet');
    await page.getByRole('button', { name: 'Показать номер полностью' }).click();
    await expectText(page, '9900 0000 0000 0060');
    await look('cabinet-ticket-shown');
    await page.getByRole('link', { name: 'Скрыть номер' }).click();
    await expectText(page, '•••• •••• •••• 0060');
  });

  it('leads back to the start page whoever presses «Отмена»', async () => {
    const { page } = await browse();
    await page.goto(cabinet());
    await page.getByRole('button', { name: 'Отмена' }).click();
    await expectHeading(page, 'Личный кабинет члена Профсоюза');
  });

  it.each([
    ['novikov@example.test', 'Ваше заявление рассматривают', 'cabinet-under-review'],
    ['fomina@example.test', 'Вы не состоите в Профсоюзе', 'cabinet-no-member'],
    ['long@example.test', 'Абдурахмангаджиева-Константинопольская', 'cabinet-longest-name'],
  ])('tells %s «%s»', async (email, sentence, name) => {
    const { page, look } = await browse();
    await enterCabinet(page, { email });
    await expectText(page, sentence);
    await look(name);
  });

  it('shows sessions and devices, and ends one', async () => {
    const home = await browse();
    await enterCabinet(home.page, { email: 'grishin@example.test' }, '/sessions');
    await expectText(home.page, 'Других сеансов нет.');
    const school = await browse({
      userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
    });
    await enterCabinet(school.page, { email: 'grishin@example.test' });
    await home.page.reload();
    await expectText(home.page, 'Firefox · Windows');
    await home.look('cabinet-sessions');
    await home.page.getByRole('button', { name: /^Завершить сеанс: Firefox · Windows/ }).click();
    await expectText(home.page, 'Других сеансов нет.');
    await school.page.reload();
    await expectHeading(school.page, 'Вход');
    await home.page.reload();
    await expectHeading(home.page, 'Сеансы и устройства');
  });

  it('changes the password: other sessions end, a letter says so, the old one opens neither door', async () => {
    const { page, look } = await browse();
    const elsewhere = await browse();
    await enterCabinet(elsewhere.page, { email: 'belova@example.test' });
    await enterCabinet(page, { email: 'belova@example.test' }, '/password');
    await look('cabinet-password');
    const change = async (current: string, fresh: string, repeated = fresh) => {
      await page.getByLabel('Текущий пароль', { exact: true }).fill(current);
      await page.getByLabel('Новый пароль', { exact: true }).fill(fresh);
      await page.getByLabel('Новый пароль ещё раз', { exact: true }).fill(repeated);
      await page.getByRole('button', { name: 'Сохранить' }).click();
    };
    await change(PASSWORD, 'коротко');
    await expectText(page, 'нужно не меньше 12 знаков');
    await look('cabinet-password-short');
    await change(PASSWORD, NEW_PASSWORD, 'тёплый вечер на веранда');
    await expectText(page, 'Пароли не совпали');
    await change('не тот пароль', NEW_PASSWORD);
    await expectText(page, 'Текущий пароль введён неверно');
    await change(PASSWORD, NEW_PASSWORD);
    await expectText(page, 'Пароль изменён, остальные сеансы завершены');
    await look('cabinet-password-changed');

    await elsewhere.page.reload();
    await expectHeading(elsewhere.page, 'Вход');
    await fillIn(elsewhere.page, { email: 'belova@example.test' });
    await expectText(elsewhere.page, 'Неверный E-mail или пароль');
    await fillIn(elsewhere.page, { ticket: '9900000000000128', password: NEW_PASSWORD });
    await expectHeading(elsewhere.page, 'Белова Елена Олеговна');

    const subject = 'ЛК ОПО. Пароль изменён.';
    const changes = async () =>
      (await lettersTo('belova@example.test')).filter((letter) => letter.subject === subject);
    await expect.poll(async () => (await changes()).length, { timeout: 15_000 }).toBe(1);
    await page.goto(mail.web);
    await look('mail-list');
    await page.getByRole('link', { name: subject }).first().click();
    const letter = page.frameLocator('iframe');
    await letter.getByText('Здравствуйте, Елена!').waitFor();
    await look('mail-letter');
  });

  it('names the connected portals with what each receives, and disconnects one', async () => {
    const { page, look } = await browse();
    await enterPortal(page, { email: 'petrov1@example.test' });
    await page.goto(cabinet('/portals'));
    const dictation = page.getByRole('listitem').filter({ hasText: 'Профсоюзный диктант' });
    expect(await dictation.locator('.claims li').allTextContents()).toEqual([
      'Имя',
      'Отчество',
      'Состоите ли Вы в Профсоюзе',
      'Регион Вашей профсоюзной организации',
    ]);
    await look('cabinet-portals');
    await page.getByRole('button', { name: 'Отключить портал «Профсоюзный диктант»' }).click();
    // Where else she is connected is another test's doing.
    await dictation.waitFor({ state: 'detached' });
    await look('cabinet-portals-disconnected');
  });

  it('is left by «Выйти везде», and says so to whoever leaves twice', async () => {
    const { page, look } = await browse();
    await enterCabinet(page, { email: 'zaitsev@example.test' });
    await page.getByRole('link', { name: 'Выйти' }).click();
    await expectHeading(page, 'Выйти везде?');
    await look('sign-out-cabinet');
    await page.getByRole('link', { name: 'Остаться' }).click();
    await expectHeading(page, 'Зайцев Никита Андреевич');
    await page.getByRole('link', { name: 'Выйти' }).click();
    await page.getByRole('button', { name: 'Выйти везде' }).click();
    await expectHeading(page, 'Вы вышли');
    await look('sign-out-done');
    await page.goto(`${issuer}/session/end`);
    await expectHeading(page, 'Вы уже вышли');
    await look('sign-out-nobody');
    await page.goto(cabinet());
    await expectHeading(page, 'Вход');
  });

  it('forgets who ticked «Чужой компьютер» when the browser is closed', async () => {
    const { context, page } = await browse();
    await toSignIn(page);
    await page.getByRole('checkbox', { name: 'Чужой компьютер' }).check();
    await fillIn(page, { email: 'ryabov@example.test' });
    await expectHeading(page, /^Здравствуйте/);
    const kept = (await context.cookies(issuer)).filter(({ expires }) => expires !== -1);
    expect(kept.map(({ name }) => name)).toEqual([]);
  });
});
