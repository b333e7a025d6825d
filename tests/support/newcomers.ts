/** People who have an account and a confirmed address, and nothing else yet: where the wizard begins. */
import { randomUUID } from 'node:crypto';
import { postgresAccounts } from '../../adapters/account-store/postgres.ts';
import { postgresDocuments } from '../../adapters/document-store/postgres.ts';
import { type OpenHouse, PASSWORD } from './house.ts';
import { type Page, type Visitor, visitor } from './visitor.ts';

export type Newcomer = { readonly id: string; readonly email: string };

/** The terms accepted are the current ones unless said otherwise. */
export async function newcomer({ house }: OpenHouse, terms = '2'): Promise<Newcomer> {
  const { database } = house.stores;
  const id = `acc_${randomUUID()}`;
  const email = `${id}@example.test`;
  const passwordHash = await house.hasher.hash(PASSWORD);
  await postgresAccounts(database).create({
    id,
    locale: 'ru',
    email: { key: email, original: email },
    passwordHash,
  });
  await postgresDocuments(database).acceptTerms(id, terms, '127.0.0.0/24');
  return { id, email };
}

/** Signs in on the way to this page of the wizard. */
export async function enterWizard(
  open: Pick<OpenHouse, 'issuer'>,
  { email }: Newcomer,
  path: string,
  person: Visitor = visitor(),
): Promise<{ person: Visitor; page: Page }> {
  const page = await person.open(`${open.issuer}${path}`);
  const answer = await person.submit(page, /\/password$/, {
    by: 'email',
    identifier: email,
    password: PASSWORD,
  });
  return { person, page: await person.follow(answer) };
}

/** Presses the button of the one form that goes to `action`, and follows. */
export async function press(
  person: Visitor,
  page: Page,
  action: RegExp,
  fields: Record<string, string> = {},
): Promise<Page> {
  return person.follow(await person.submit(page, action, fields));
}
