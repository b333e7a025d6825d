/** The way to a workplace in a browser: a password, then the code from the mailbox. */
import type { Page } from 'playwright-core';
import { codeIn, mailboxOf } from './letters.ts';
import type { Playground } from './sandbox.ts';
import { fillIn, press } from './walks.ts';

/** Signed in with two proofs, and at `path`. */
export async function enterDesk(
  page: Page,
  playground: Playground,
  email: string,
  path: string,
): Promise<void> {
  const mailbox = mailboxOf(playground, email);
  await page.goto(`${playground.federation.issuer}${path}`);
  await fillIn(page, { email });
  await press(page, page.getByRole('button', { name: /^Отправить код на/ }));
  const letter = await mailbox.take('ЛК ОПО. Код для подтверждения входа.');
  await page.getByLabel('Код подтверждения').fill(codeIn(letter));
  await press(page, page.getByRole('button', { name: 'Подтвердить', exact: true }));
}
