/** The way to a workplace in a browser: a password, then the code from the mailbox or of an application of hers. */
import type { Page } from 'playwright-core';
import { appCode, nextAppCode } from '../../support/app-code.ts';
import { codeIn, type Mailbox, mailboxOf } from './letters.ts';
import type { Playground } from './sandbox.ts';
import { expectHeading, fillIn, press } from './walks.ts';

const CODE_SUBJECT = 'ЛК ОПО. Код для подтверждения входа.';

/** Signed in with two proofs, and at `path`. */
export async function enterDesk(
  page: Page,
  playground: Playground,
  email: string,
  path: string,
): Promise<void> {
  const mailbox = await freshMailbox(playground, email);
  await page.goto(`${playground.federation.issuer}${path}`);
  await fillIn(page, { email });
  await proveByMail(page, mailbox);
}

/**
 * Somebody of the Union's staff who begins: she is led to «Защита входа», adds an application and takes codes on paper,
 * and comes to `path` by the application.
 */
export async function enterOperator(
  page: Page,
  playground: Playground,
  email: string,
  path: string,
): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const mailbox = await freshMailbox(playground, email);
  await page.goto(`${playground.federation.issuer}${path}`);
  await fillIn(page, { email });
  await press(page, button('Перейти в раздел «Защита входа»'));
  await proveByMail(page, mailbox);
  await press(page, button('Добавить приложение'));
  const secret = ((await page.locator('.long-code').textContent()) ?? '').replace(/\s/g, '');
  await page.getByLabel('Код из приложения').fill(appCode(secret));
  await page.getByLabel('Название', { exact: true }).fill('Телефон');
  await press(page, button('Подтвердить и добавить'));
  await press(page, button('Получить резервные коды'));
  await expectHeading(page, 'Резервные коды');
  await page.goto(`${playground.federation.issuer}${path}`);
  await page.getByLabel('Код из приложения').fill(nextAppCode(secret));
  await press(page, button('Подтвердить'));
}

/** Codes of former sign-ins are worth nothing. */
async function freshMailbox(playground: Playground, email: string): Promise<Mailbox> {
  const mailbox = mailboxOf(playground, email);
  for (const { subject } of await mailbox.all()) if (subject === CODE_SUBJECT) await mailbox.take(subject);
  return mailbox;
}

async function proveByMail(page: Page, mailbox: Mailbox): Promise<void> {
  await press(page, page.getByRole('button', { name: /^Отправить код на/ }));
  await page.getByLabel('Код подтверждения').fill(codeIn(await mailbox.take(CODE_SUBJECT)));
  await press(page, page.getByRole('button', { name: 'Подтвердить', exact: true }));
}
