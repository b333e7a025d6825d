/** Walks that many tests begin with. */

import { PASSWORD } from './house.ts';
import type { RelyingParty } from './relying-party.ts';
import type { Page, Visitor } from './visitor.ts';

export type Door = {
  readonly by?: 'email' | 'ticket';
  readonly identifier: string;
  readonly password?: string;
};

/** From the portal's button to the gateway's «Вход». */
export async function toSignIn(person: Visitor, portal: RelyingParty, parameters?: Record<string, string>) {
  const started = await portal.start(parameters);
  const page = await person.open(started.url);
  return { started, page };
}

/** Fills in the form; the answer is the page again, or the redirect chain up to the portal. */
export async function fillIn(person: Visitor, portal: RelyingParty, page: Page, door: Door): Promise<Page> {
  const { by = 'email', identifier, password = PASSWORD } = door;
  const answer = await person.submit(page, /\/password$/, { by, identifier, password });
  return person.follow(answer, portal.isCallback);
}

/** The whole way; what the portal gets. */
export async function signIn(
  person: Visitor,
  portal: RelyingParty,
  door: Door,
  parameters?: Record<string, string>,
) {
  const { started, page } = await toSignIn(person, portal, parameters);
  const arrived = await fillIn(person, portal, page, door);
  return { tokens: await portal.finish(arrived.url, started), arrived };
}
