/** One authorization request in a browser, to its end: forms are filled in as a person would, whatever page comes. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { PASSWORD } from '../../support/house.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import type { Client, Server } from './server.ts';

export type Browser = {
  readonly visitor: Visitor;
  readonly address: string;
  /** Says «no» where she is asked for her consent. */
  readonly rejects?: boolean;
};

/** Somebody who is not signed in, with a browser of her own. */
export function newcomer(server: Server): Browser {
  return { visitor: visitor({}, server.reach), address: server.person() };
}

/** Null takes a parameter away. */
export type Changes = Readonly<Record<string, string | null>>;

export type Authorization = {
  readonly request: URLSearchParams;
  /** How often the password was asked for. */
  readonly signIns: number;
  /** Where it ended: a page of the gateway's own, or the address the answer went to. */
  readonly page: Page;
  /** What the client was told; absent when it ended at the gateway. */
  readonly answer?: URLSearchParams;
};

const secret = (): string => randomBytes(16).toString('base64url');
const PAGES_AT_MOST = 6;

export function authorizationRequest(server: Server, client: Client, changes: Changes = {}): URLSearchParams {
  const request = new URLSearchParams({
    client_id: client.id,
    redirect_uri: client.redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: secret(),
    nonce: secret(),
    ...(server.responseMode === 'form_post' && { response_mode: 'form_post' }),
  });
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) request.delete(name);
    else request.set(name, value);
  }
  return request;
}

export async function authorize(
  server: Server,
  client: Client,
  changes: Changes = {},
  browser: Browser = newcomer(server),
): Promise<Authorization> {
  const request = authorizationRequest(server, client, changes);
  return browse(server, browser, request, await browser.visitor.request(`${server.issuer}/auth?${request}`));
}

/** From the answer to the authorization request on. */
export async function browse(
  server: Server,
  { visitor: person, address, rejects = false }: Browser,
  request: URLSearchParams,
  first: Page,
): Promise<Authorization> {
  let signIns = 0;
  let page = first;
  for (let pages = 0; pages < PAGES_AT_MOST; pages += 1) {
    page = await person.follow(page, ({ origin }) => origin !== server.issuer);
    if (page.url.origin !== server.issuer) {
      assert.notEqual(server.responseMode, 'form_post', 'the answer came in the address, not in a form');
      return { request, signIns, page, answer: page.url.searchParams };
    }
    const posted = postedAnswer(server, page);
    if (posted) {
      assert.equal(server.responseMode, 'form_post', 'the answer came in a form, not in the address');
      return { request, signIns, page: { ...page, url: posted.to }, answer: posted.answer };
    }
    if (page.html.querySelector('input[name=password]') && signIns === 0) {
      signIns += 1;
      const typed = { by: 'email', identifier: address, password: PASSWORD };
      page = await person.submit(page, /\/password$/, typed);
    } else if (page.html.querySelector('form[action$="/consent"]')) {
      page = await person.submit(page, rejects ? /\/abort$/ : /\/consent$/);
    } else {
      return { request, signIns, page };
    }
  }
  throw new assert.AssertionError({ message: `no end of pages, the last at ${page.url.pathname}` });
}

/** OAuth 2.0 Form Post Response Mode §2. */
function postedAnswer(server: Server, { html, url }: Page): { to: URL; answer: URLSearchParams } | undefined {
  const form = html
    .querySelectorAll('form[method=post]')
    .find((one) => URL.parse(one.getAttribute('action') ?? '', url.href)?.origin !== server.issuer);
  if (!form) return undefined;
  const fields = form.querySelectorAll('input[type=hidden]');
  return {
    to: new URL(form.getAttribute('action') ?? ''),
    answer: new URLSearchParams(
      fields.map((field): [string, string] => [
        field.getAttribute('name') ?? '',
        field.getAttribute('value') ?? '',
      ]),
    ),
  };
}

/** The code of a successful answer. OpenID Connect Core 3.1.2.5–3.1.2.7, RFC 9207. */
export function codeOf(server: Server, client: Client, { request, answer, page }: Authorization): string {
  assert.ok(answer, `the request ended on a page of the gateway (${page.status} ${page.url.pathname})`);
  assert.equal(
    answer.get('error'),
    null,
    `refused: ${answer.get('error')} ${answer.get('error_description')}`,
  );
  assert.equal(`${page.url.origin}${page.url.pathname}`, client.redirectUri, 'the answer went elsewhere');
  assert.equal(answer.get('state'), request.get('state'), 'state is not the one that was sent');
  assert.equal(answer.get('iss'), server.issuer, 'iss of the answer is not the issuer');
  for (const name of ['access_token', 'id_token', 'token_type']) {
    assert.equal(answer.has(name), false, `${name} in an answer to response_type=code`);
  }
  const code = answer.get('code') ?? '';
  // RFC 6749 §10.10: at least 128 bits.
  assert.match(code, /^[\w.~-]{22,}$/, 'code is too short to be secret');
  return code;
}

/** The error the client was told, with the state it sent. RFC 6749 §4.1.2.1. */
export function errorOf(server: Server, { request, answer, page }: Authorization): string {
  assert.ok(answer, `no answer to the client but a page (${page.status} ${page.url.pathname})`);
  assert.equal(answer.has('code'), false, 'a code where an error was expected');
  assert.equal(answer.get('state'), request.get('state'), 'state is not the one that was sent');
  assert.equal(answer.get('iss'), server.issuer, 'iss of the answer is not the issuer');
  return answer.get('error') ?? '';
}

/** Ended on an error page of the gateway, and nothing went to any client. */
export function assertErrorPage({ page, answer }: Authorization): void {
  assert.equal(answer, undefined, `an answer was sent to ${page.url.origin}${page.url.pathname}`);
  assert.equal(page.status, 400, `no error page, but ${page.status} at ${page.url.pathname}`);
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/, 'the error page is no page');
}
