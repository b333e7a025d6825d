/** What a person does with the account itself: another address and the way back, the data held, the end called off. */
import { text } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useBrowser } from './support/browsing.ts';
import { NEW_PASSWORD, playgroundOn } from './support/joining.ts';
import { codeIn, linkIn, type Mailbox, mailboxOf } from './support/letters.ts';
import { PASSWORD, STORES } from './support/sandbox.ts';
import { expectHeading, expectText, fillIn, press } from './support/walks.ts';

const { browse } = useBrowser();

const KRYLOV = 'krylov@example.test';
const MOROZOV = 'morozov@example.test';

const confirmWith = async (page: Page, code: string, button: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'Код подтверждения' }).fill(code);
  await press(page, page.getByRole('button', { name: button, exact: true }));
};
const typePassword = (page: Page, password = PASSWORD): Promise<void> =>
  page.getByLabel('Пароль', { exact: true }).fill(password);
const codeFrom = async (mailbox: Mailbox, subject: string | RegExp): Promise<string> =>
  codeIn(await mailbox.take(subject));

describe.each(STORES)('on %s stores', (stores) => {
  it('another address: password, code to the old one, link to the new one, and the way back', async () => {
    const { federation } = playgroundOn(stores);
    const room = `${federation.issuer}/cabinet/email`;
    const moved = 'krylov.new@example.test';
    const [before, after] = [mailboxOf({ federation }, KRYLOV), mailboxOf({ federation }, moved)];
    const { page, look } = await browse();
    await page.goto(room);
    await fillIn(page, { email: KRYLOV });
    await expectHeading(page, 'Адрес электронной почты');
    await look('cabinet-email');
    await page.getByRole('textbox', { name: 'Новый E-mail' }).fill('krylov@');
    await typePassword(page);
    await press(page, page.getByRole('button', { name: 'Получить код' }));
    await look('cabinet-email-faults');
    await page.getByRole('textbox', { name: 'Новый E-mail' }).fill(moved);
    await typePassword(page);
    await press(page, page.getByRole('button', { name: 'Получить код' }));
    await look('cabinet-email-code');
    await confirmWith(page, await codeFrom(before, 'ЛК ОПО. Код для смены адреса.'), 'Подтвердить');
    await expectText(page, 'Перейдите по ссылке, отправленной на новый адрес.');
    await look('cabinet-email-link');

    await page.goto(linkIn(await after.take('ЛК ОПО. Подтверждение нового адреса.'), /^\/email\/confirm\//));
    await expectText(page, moved);
    await look('email-confirm');
    await press(page, page.getByRole('button', { name: 'Подтвердить адрес' }));
    await expectHeading(page, 'Адрес изменён');
    await look('email-confirmed');
    const elsewhere = await browse();
    await elsewhere.page.goto(room);
    await fillIn(elsewhere.page, { email: KRYLOV });
    await expectText(elsewhere.page, 'Неверный E-mail или пароль');
    await fillIn(elsewhere.page, { email: moved });
    await expectHeading(elsewhere.page, 'Адрес электронной почты');

    const owner = await browse();
    const undo = linkIn(await before.take('ЛК ОПО. Адрес электронной почты изменён.'), /^\/email\/undo\//);
    await owner.page.goto(undo);
    await owner.look('email-undo');
    await press(owner.page, owner.page.getByRole('button', { name: 'Вернуть адрес' }));
    await expectText(owner.page, /Прежний адрес возвращён/);
    await elsewhere.page.reload();
    await expectHeading(elsewhere.page, 'Вход');
    await owner.page.goto(undo);
    await expectHeading(owner.page, 'Ссылка больше не действует');
    await owner.look('email-gone');

    await owner.page.goto(linkIn(await before.take('ЛК ОПО. Восстановление пароля.'), /^\/recovery\//));
    await owner.page.getByLabel('Новый пароль', { exact: true }).fill(NEW_PASSWORD);
    await owner.page.getByLabel('Новый пароль ещё раз', { exact: true }).fill(NEW_PASSWORD);
    await press(owner.page, owner.page.getByRole('button', { name: 'Сохранить' }));
    await owner.page.goto(room);
    await fillIn(owner.page, { email: KRYLOV, password: NEW_PASSWORD });
    await expectHeading(owner.page, 'Адрес электронной почты');
  });

  it('the data held are a page and a file; the end of the account is asked for and called off', async () => {
    const { federation } = playgroundOn(stores);
    const mailbox = mailboxOf({ federation }, MOROZOV);
    const { page, look } = await browse();
    await page.goto(`${federation.issuer}/cabinet/data`);
    await fillIn(page, { email: MOROZOV });
    await expectHeading(page, 'Какие данные обо мне хранятся');
    await look('cabinet-data');
    await typePassword(page, 'не тот пароль');
    await press(page, page.getByRole('button', { name: 'Скачать файл' }));
    await look('cabinet-data-wrong-password');
    await typePassword(page);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Скачать файл' }).click();
    const file = await text(await (await downloading).createReadStream());
    expect(JSON.parse(file)).toBeInstanceOf(Object);
    expect(file).toContain(MOROZOV);
    expect(file).toContain('9900000000000300');
    expect(file).not.toContain('$argon2');

    await press(page, page.getByRole('link', { name: 'Удалить кабинет' }));
    await look('cabinet-delete');
    await typePassword(page);
    await press(page, page.getByRole('button', { name: 'Получить код' }));
    await look('cabinet-delete-code');
    const code = await codeFrom(mailbox, /[Кк]од/);
    await confirmWith(page, code, 'Удалить кабинет');
    await expectText(page, /Кабинет будет удалён/);
    await look('cabinet-delete-waiting');
    await mailbox.take('ЛК ОПО. Запрос на удаление личного кабинета.');

    const elsewhere = await browse();
    await elsewhere.page.goto(`${federation.issuer}/cabinet`);
    await fillIn(elsewhere.page, { email: MOROZOV });
    await expectText(elsewhere.page, /Кабинет будет удалён/);
    await elsewhere.look('cabinet-to-be-deleted');
    await press(elsewhere.page, elsewhere.page.getByRole('button', { name: 'Отменить удаление' }));
    await elsewhere.page.goto(`${federation.issuer}/cabinet`);
    await expectHeading(elsewhere.page, 'Морозов Илья Львович');
    expect(await elsewhere.page.getByText('Кабинет будет удалён').count()).toBe(0);
  });
});
