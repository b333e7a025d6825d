/** The way from «Создать» to the signature, told as a person would, on whichever stores the sandbox stands. */
import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { codeIn, linkIn, type Mailbox, mailboxOf } from './letters.ts';
import { PASSWORD, type Playground, type Stores } from './sandbox.ts';
import { expectHeading, press } from './walks.ts';

export const NEW_PASSWORD = 'сирень цветёт у школы';

export type Newcomer = { readonly email: string; readonly password: string; readonly mailbox: Mailbox };

export const playgroundOn = (stores: Stores): Playground => inject('playgrounds')[stores];

/** Somebody nobody has heard of, or `email` of a person of the sandbox. */
export function newcomer(
  playground: Playground,
  email = `novice-${randomUUID().slice(0, 8)}@example.test`,
): Newcomer {
  return { email, password: PASSWORD, mailbox: mailboxOf(playground, email) };
}

/** Types into «Создание личного кабинета», which must be open, and presses the button. */
export async function fillInRegistration(page: Page, { email, password }: Newcomer): Promise<void> {
  await page.getByRole('textbox', { name: 'Email' }).fill(email);
  await page.getByLabel('Пароль', { exact: true }).fill(password);
  await page
    .getByRole('checkbox', { name: 'условия использования аналога собственноручной подписи' })
    .check();
  await press(page, page.getByRole('button', { name: 'Создать личный кабинет' }));
}

/** From the start page to «У Вас есть электронный профсоюзный билет?». */
export async function register(page: Page, { federation }: Playground, person: Newcomer): Promise<void> {
  await page.goto(federation.issuer);
  await page.getByRole('link', { name: 'Создать' }).click();
  await fillInRegistration(page, person);
  await expectHeading(page, 'Проверьте почту');
  await confirm(page, person);
}

/** The letter's link and the one button of its page. */
export async function confirm(page: Page, { mailbox }: Newcomer): Promise<void> {
  const letter = await mailbox.take('ЛК ОПО. Завершение регистрации.');
  await page.goto(linkIn(letter, /^\/join\/confirm\//));
  await press(page, page.getByRole('button', { name: 'Подтвердить адрес' }));
  await expectHeading(page, 'У Вас есть электронный профсоюзный билет?');
}

export type TicketData = {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly birthdate: string;
  readonly ticket: string;
};

/** On the page «Проверка данных»; the second tick stays as it is. */
export async function checkData(page: Page, data: TicketData): Promise<void> {
  await page.getByRole('textbox', { name: 'Фамилия' }).fill(data.family);
  await page.getByRole('textbox', { name: 'Имя' }).fill(data.given);
  await page.getByRole('textbox', { name: 'Отчество' }).fill(data.middle);
  await page.getByRole('textbox', { name: 'Дата рождения' }).fill(data.birthdate);
  await page.getByRole('textbox', { name: 'Номер электронного профсоюзного билета' }).fill(data.ticket);
  await page.getByRole('checkbox', { name: 'согласие на обработку персональных данных Профсоюзом' }).check();
  await press(page, page.getByRole('button', { name: 'Проверить данные' }));
}

export type ApplicationData = {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly sex: 'Мужской' | 'Женский';
  readonly birthdate: string;
  readonly phone: string;
  /** What is typed into the search, and the name of the one to choose. */
  readonly search: string;
  readonly organisation: string | RegExp;
  readonly employment: string;
};

/** On the page «Прием в Профсоюз», with the search as a browser without JavaScript has it. */
export async function apply(page: Page, data: ApplicationData): Promise<void> {
  await page.getByRole('radio', { name: 'Вступить в Профсоюз' }).check();
  await page.getByRole('textbox', { name: 'Фамилия' }).fill(data.family);
  await page.getByRole('textbox', { name: 'Имя' }).fill(data.given);
  await page.getByRole('textbox', { name: 'Отчество' }).fill(data.middle);
  await page.getByRole('radio', { name: data.sex }).check();
  await page.getByRole('textbox', { name: 'Дата рождения' }).fill(data.birthdate);
  await page.getByRole('textbox', { name: 'Телефон' }).fill(data.phone);
  await chooseOrganisation(page, data);
  await page.getByRole('radio', { name: data.employment }).check();
  await page.getByRole('checkbox', { name: 'согласие на обработку персональных данных Профсоюзом' }).check();
  await press(page, page.getByRole('button', { name: 'Вступить в Профсоюз' }));
}

async function chooseOrganisation(page: Page, { search, organisation }: ApplicationData): Promise<void> {
  const combobox = page.getByRole('combobox', { name: 'Образовательная организация' });
  if ((await combobox.count()) > 0) {
    await combobox.pressSequentially(search);
    await page.getByRole('option', { name: organisation }).click();
    return;
  }
  await page.getByRole('textbox', { name: 'Образовательная организация' }).fill(search);
  await press(page, page.getByRole('button', { name: 'Найти' }));
  await page.getByRole('radio', { name: organisation }).check();
}

/** Opens every document of the page and comes back to it. */
export async function openDocuments(page: Page): Promise<void> {
  const unread = page.locator('li', { hasText: 'Ещё не открыт' }).getByRole('button');
  for (let left = await unread.count(); left > 0; left = await unread.count()) {
    await press(page, unread.first());
    await press(page, page.getByRole('link', { name: 'Вернуться к документам' }));
  }
}

/** «Подписать документы», the code from the letter, «Подписать». */
export async function sign(page: Page, { mailbox }: Newcomer): Promise<void> {
  await press(page, page.getByRole('button', { name: 'Подписать документы' }));
  const code = codeIn(await mailbox.take('ЛК ОПО. Код подтверждения заявки.'));
  await page.getByRole('textbox', { name: 'Код подтверждения' }).fill(code);
  await press(page, page.getByRole('button', { name: 'Подписать', exact: true }));
}
