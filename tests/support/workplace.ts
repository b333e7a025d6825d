/** The way to a workplace: a password, then the code from the mailbox, or one that a telephone shows. */
import { appCode, freshAppSecret } from './app-code.ts';
import { type OpenHouse, PASSWORD } from './house.ts';
import { codeIn, type Mail } from './mail.ts';
import { type Page, type Visitor, visitor } from './visitor.ts';

const STEP_UP = /^ЛК ОПО\. Код для подтверждения входа\.$/;

export type AtWorkplace = { readonly person: Visitor; readonly page: Page };

/** Signed in with two proofs, and wherever `path` has led her. */
export async function enterWorkplace(
  open: OpenHouse,
  mail: Mail,
  email: string,
  path = '/staff',
): Promise<AtWorkplace> {
  const person = visitor();
  const door = await person.open(`${open.issuer}${path}`);
  const typed = { by: 'email', identifier: email, password: PASSWORD };
  const asked = await person.follow(await person.submit(door, /\/password$/, typed));
  const sent = await person.follow(await person.submit(asked, /\/step-up\/send$/));
  const code = codeIn(await mail.take(email, STEP_UP));
  return { person, page: await person.follow(await person.submit(sent, /\/step-up\/code$/, { code })) };
}

/** A code application of hers, and codes on paper: what the Union's staff must have. Answers with its secret. */
export async function giveCodeApp({ house }: OpenHouse, accountId: string): Promise<string> {
  const { database } = house.stores;
  const secret = freshAppSecret();
  await house.protection.codeApps.add({ accountId, name: 'Телефон', secret, step: 0 });
  await database.transaction((tx) => house.protection.recoveryCodes.replace(accountId, ['7K2QXM4T9B'], tx));
  return secret;
}

/** Somebody of the Union's staff, with a password and a code of her application. */
export async function enterOperator(
  open: OpenHouse,
  email: string,
  path = '/operator',
  person = visitor(),
): Promise<AtWorkplace> {
  const secret = await giveCodeApp(open, await accountOf(open, email));
  const door = await person.open(`${open.issuer}${path}`);
  const typed = { by: 'email', identifier: email, password: PASSWORD };
  const asked = await person.follow(await person.submit(door, /\/password$/, typed));
  const proved = await person.submit(asked, /\/step-up\/app$/, { code: appCode(secret) });
  return { person, page: await person.follow(proved) };
}

/** Posts as a form of the page would, without there being one. */
export function postAs(
  person: Visitor,
  page: Page,
  path: string,
  fields: Record<string, string> = {},
): Promise<Page> {
  const csrf = page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
  return person.request(new URL(path, page.url), {
    method: 'POST',
    headers: { origin: page.url.origin, 'sec-fetch-site': 'same-origin' },
    body: new URLSearchParams({ csrf, ...fields }),
  });
}

export async function accountOf(open: OpenHouse, email: string): Promise<string> {
  const [row] = await open.house.stores.database.query<{ account_id: string }>(
    `select account_id from identifier where kind = 'email' and value = $1`,
    [email],
  );
  if (!row) throw new Error(`nobody has ${email}`);
  return row.account_id;
}
