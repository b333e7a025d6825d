/** Walks of a person and her relying party: from the authorization request to her claims. */
import { createHash, randomBytes } from 'node:crypto';
import { type LoadClient, REDIRECT_URI } from '../clients.ts';
import type { Person } from '../people.ts';
import type { Browser } from './browser.ts';
import { expect, expectJson, expectRedirect, expectStatus } from './expect.ts';
import { checkIdToken } from './id-token.ts';
import type { Site } from './site.ts';
import { requestToken } from './token-request.ts';

type Started = { readonly state: string; readonly nonce: string; readonly verifier: string };

export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly subject: string;
};

/** Through the form: six requests. */
export async function signIn(site: Site, browser: Browser, client: LoadClient, who: Person): Promise<Tokens> {
  const { started, location } = await authorize(site, browser, client);
  const { pathname } = new URL(location, site.issuer);
  expect(pathname.startsWith('/interaction/'), `authorization: sent to ${location}`);

  const page = await browser.send({ method: 'GET', path: pathname });
  expectStatus(page, 200, 'sign-in page');
  const form = formOf(page.body, `${pathname}/password`);
  const posted = await browser.send({
    method: 'POST',
    path: `${pathname}/password`,
    form: { ...form, by: 'email', identifier: who.email, password: who.password },
  });
  const resumption = new URL(expectRedirect(posted, 'password'), site.issuer);
  const resumed = await browser.send({ method: 'GET', path: resumption.pathname });
  return arrive(site, client, started, expectRedirect(resumed, 'resumption'));
}

/** With a live session: three requests, no page. */
export async function signInSilently(site: Site, browser: Browser, client: LoadClient): Promise<Tokens> {
  const { started, location } = await authorize(site, browser, client);
  return arrive(site, client, started, location);
}

/** Her claims as the userinfo endpoint tells them. */
export async function fetchUserinfo(site: Site, { accessToken, subject }: Tokens): Promise<void> {
  const answer = await site.connection.request({
    method: 'GET',
    path: site.paths.userinfo,
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const claims = expectJson(answer, 'userinfo');
  expect(claims.sub === subject, `userinfo: sub ${claims.sub} instead of ${subject}`);
  expect(site.isCalled(claims.given_name), `userinfo: given_name ${claims.given_name}`);
}

async function authorize(site: Site, browser: Browser, client: LoadClient) {
  const started: Started = { state: random(), nonce: random(), verifier: random() };
  const query = new URLSearchParams({
    client_id: client.metadata.client_id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: client.scope,
    state: started.state,
    nonce: started.nonce,
    code_challenge: createHash('sha256').update(started.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const answer = await browser.send({ method: 'GET', path: `${site.paths.authorization}?${query}` });
  return { started, location: expectRedirect(answer, 'authorization') };
}

/** At the relying party: code to tokens, and the claims. */
async function arrive(site: Site, client: LoadClient, started: Started, location: string): Promise<Tokens> {
  expect(location.startsWith(`${REDIRECT_URI}?`), `not sent back to the relying party: ${location}`);
  const answer = new URL(location).searchParams;
  const code = answer.get('code');
  expect(code !== null, `no code: ${location}`);
  expect(answer.get('state') === started.state, 'state is not ours');
  expect(answer.get('iss') === site.issuer, `iss ${answer.get('iss')}`);

  const tokens = await requestToken(site, client, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: started.verifier,
  });
  const subject = checkIdToken(tokens.id_token, site.keys, {
    issuer: site.issuer,
    audience: client.metadata.client_id,
    nonce: started.nonce,
  });
  const held: Tokens = {
    accessToken: String(tokens.access_token),
    refreshToken: tokens.refresh_token === undefined ? undefined : String(tokens.refresh_token),
    subject,
  };
  await fetchUserinfo(site, held);
  return held;
}

/** The hidden fields of the form that posts to `action`. */
function formOf(html: string, action: string): Record<string, string> {
  const start = html.indexOf(`<form action="${action}"`);
  expect(start !== -1, `no form for ${action}`);
  const fields: Record<string, string> = {};
  for (const [input] of html.slice(start, html.indexOf('</form>', start)).matchAll(/<input [^>]*>/g)) {
    if (!input.includes('type="hidden"')) continue;
    const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? '';
    fields[attribute('name')] = attribute('value');
  }
  return fields;
}

const random = (): string => randomBytes(32).toString('base64url');
