/** RP-initiated logout in a browser: the person answers «everywhere» wherever she is asked. */
import assert from 'node:assert/strict';
import type { Page } from '../../support/visitor.ts';
import { authorize, errorOf } from './authorize.ts';
import type { Flow } from './flow.ts';
import type { Server } from './server.ts';

/** Ends on a page of the gateway, or at the address it was sent to. */
export async function signOut(
  server: Server,
  { browser }: Flow,
  parameters: Readonly<Record<string, string>>,
): Promise<Page> {
  const person = browser.visitor;
  const isElsewhere = ({ origin }: URL) => origin !== server.issuer;
  const asked = await person.request(`${server.issuer}/session/end?${new URLSearchParams(parameters)}`);
  const page = await person.follow(asked, isElsewhere);
  if (!page.html.querySelector('form[action$="/session/end/confirm"]')) return page;
  return person.follow(await person.submit(page, /\/confirm$/, { logout: 'yes' }), isElsewhere);
}

export async function assertSignedOut(server: Server, { browser }: Flow): Promise<void> {
  const authorization = await authorize(server, server.first, { prompt: 'none' }, browser);
  assert.equal(errorOf(server, authorization), 'login_required', 'she is still signed in');
}

export function assertSentTo(page: Page, address: string): URLSearchParams {
  assert.equal(
    `${page.url.origin}${page.url.pathname}`,
    address,
    'the browser was not sent where it asked to be',
  );
  return page.url.searchParams;
}

/** A page of the gateway's, and no way on to anybody. */
export function assertStays(server: Server, page: Page, status: number): void {
  assert.equal(page.url.origin, server.issuer, `the browser was sent to ${page.url.origin}`);
  assert.equal(page.status, status, `page with ${page.status}`);
}
