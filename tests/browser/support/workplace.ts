/** The way to a workplace in a browser: a password, then the code from the mailbox. */
import type { Page } from 'playwright-core';
import { codeIn, mailboxOf } from './letters.ts';
import type { Playground } from './sandbox.ts';
import { fillIn, press } from './walks.ts';

const CODE_SUBJECT = 'ЛК ОПО. Код для подтверждения входа.';

/** Signed in with two proofs, and at `path`. */
export async function enterDesk(
  page: Page,
  playground: Playground,
  email: string,
  path: string,
): Promise<void> {
  const mailbox = mailboxOf(playground, email);
  // Codes of former sign-ins are worth nothing.
  for (const { subject } of await mailbox.all()) if (subject === CODE_SUBJECT) await mailbox.take(subject);
  await page.goto(`${playground.federation.issuer}${path}`);
  await fillIn(page, { email });
  await press(page, page.getByRole('button', { name: /^Отправить код на/ }));
  const letter = await mailbox.take(CODE_SUBJECT);
  await page.getByLabel('Код подтверждения').fill(codeIn(letter));
  await press(page, page.getByRole('button', { name: 'Подтвердить', exact: true }));
}
