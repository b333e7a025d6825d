/** Ways through «Защита входа» and the pages that ask for what is added there. */

import { appCode } from './app-code.ts';
import { type OpenHouse, PASSWORD } from './house.ts';
import { codeIn, type Mail } from './mail.ts';
import { makePasskey, type SoftwarePasskey, type Told } from './passkey.ts';
import { type Page, type Visitor, visitor } from './visitor.ts';
import { postAs } from './workplace.ts';

export const PROTECTION = '/cabinet/protection';
export const CODE_LETTER = /^ЛК ОПО\. Код для подтверждения входа\.$/;

/** What the page of signing in leads to after the password. */
export async function typePassword(
  open: OpenHouse,
  email: string,
  path = PROTECTION,
): Promise<{ person: Visitor; page: Page }> {
  const person = visitor();
  const door = await person.open(`${open.issuer}${path}`);
  const typed = { by: 'email', identifier: email, password: PASSWORD };
  return { person, page: await person.follow(await person.submit(door, /\/password$/, typed)) };
}

/** In the cabinet, and proved by a mailed code: for whoever has nothing better yet. */
export async function mayChange(
  open: OpenHouse,
  mail: Mail,
  email: string,
): Promise<{ person: Visitor; page: Page }> {
  const { person, page } = await typePassword(open, email);
  const sent = await person.follow(await person.submit(page, /\/prove\/send$/));
  const mailed = codeIn(await mail.take(email, CODE_LETTER));
  return { person, page: await person.follow(await person.submit(sent, /\/prove\/mailed$/, { mailed })) };
}

/** Through the pages; answers with the secret as the page spells it, and the code that was used up. */
export async function enrolApp(
  person: Visitor,
  page: Page,
  name = 'Телефон',
): Promise<{ page: Page; secret: string; code: string }> {
  const asked = await person.follow(await person.submit(page, /\/app\/new$/));
  const secret = (asked.html.querySelector('.user-code')?.text ?? '').replace(/\s/g, '');
  const code = appCode(secret);
  const added = await person.follow(await person.submit(asked, /\/protection\/app$/, { code, name }));
  return { page: added, secret, code };
}

export async function recoveryCodes(person: Visitor, page: Page): Promise<readonly string[]> {
  const shown = await person.submit(page, /\/protection\/recovery$/);
  return shown.html.querySelectorAll('.paper-codes code').map((code) => code.text);
}

/** As passkey.js asks. */
export async function optionsAt(person: Visitor, page: Page, path: string): Promise<{ challenge: string }> {
  return JSON.parse((await postAs(person, page, path)).body);
}

export async function enrolPasskey(
  open: OpenHouse,
  person: Visitor,
  page: Page,
  told: Partial<Told> = {},
): Promise<{ passkey: SoftwarePasskey; page: Page }> {
  const options = await optionsAt(person, page, `${PROTECTION}/passkeys/options`);
  const { passkey, answer } = makePasskey(options, { origin: open.issuer, ...told });
  const fields = { response: answer, name: 'Ноутбук' };
  return {
    passkey,
    page: await person.follow(await person.submit(page, /\/protection\/passkeys$/, fields)),
  };
}
