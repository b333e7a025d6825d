import { fetchUserInfo } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../support/house.ts';
import { compass, dictation, thirdParty } from '../support/portals.ts';
import type { RelyingParty } from '../support/relying-party.ts';
import { testStores } from '../support/stores.ts';
import { visitor } from '../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../support/walks.ts';

let open: OpenHouse;
let quiz: RelyingParty;
let other: RelyingParty;
beforeAll(async () => {
  open = await openHouse(await testStores());
  quiz = await dictation(open);
  other = await compass(open);
});
afterAll(() => open.close());

const claimsAt = async (portal: RelyingParty, tokens: Awaited<ReturnType<typeof signIn>>['tokens']) =>
  fetchUserInfo(portal.config, tokens.access_token, tokens.claims()?.sub ?? '');

describe('by e-mail', () => {
  it('leads from the Dictation through «Вход», which names it, and back with what the Dictation needs', async () => {
    const person = visitor();
    const { started, page } = await toSignIn(person, quiz);
    expect(page.status).toBe(200);
    expect(page.html.querySelector('h1')?.text).toContain('Вход');
    expect(page.body).toContain('Профсоюзный диктант');

    const arrived = await fillIn(person, quiz, page, { identifier: ' Ivanova@Example.TEST ' });
    expect(arrived.url.searchParams.get('iss')).toBe(open.issuer);
    const tokens = await quiz.finish(arrived.url, started);
    const claims = await claimsAt(quiz, tokens);
    expect(claims).toEqual({
      sub: expect.any(String),
      given_name: 'Мария',
      middle_name: 'Петровна',
      membership: 'member',
      region: expect.any(String),
    });
    expect(tokens.claims()).toMatchObject({ acr: 'urn:opo:loa:1', amr: ['pwd'] });
  });
});

describe('by ticket number', () => {
  it.each([
    '9900000000000011',
    '9900 0000 0000 0011',
    '9900-0000-0000-0011',
    ' 9900 0000 0000 0011 ',
    '９９００００００００００００１１',
  ])('«%s» is the same account with the same subject', async (identifier) => {
    const byTicket = await signIn(visitor(), quiz, { by: 'ticket', identifier });
    const byEmail = await signIn(visitor(), quiz, { identifier: 'ivanova@example.test' });
    expect(byTicket.tokens.claims()?.sub).toBe(byEmail.tokens.claims()?.sub);
  });

  it('a replaced number no longer signs in, its successor does (M-19)', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, quiz);
    const refused = await fillIn(person, quiz, page, { by: 'ticket', identifier: '9900000000000193' });
    expect(refused.status).toBe(422);
    expect(refused.body).toContain('Неверный номер билета или пароль');
    const { tokens } = await signIn(visitor(), quiz, { by: 'ticket', identifier: '9900000000000201' });
    expect(tokens.access_token).toBeTruthy();
  });
});

describe('at a second portal', () => {
  it('asks nothing, and is another subject', async () => {
    const person = visitor();
    const first = await signIn(person, quiz, { identifier: 'fedorov@example.test' });
    const started = await other.start();
    const arrived = await person.follow(await person.request(started.url), other.isCallback);
    expect(other.isCallback(arrived.url)).toBe(true);
    const tokens = await other.finish(arrived.url, started);
    expect(tokens.claims()?.sub).not.toBe(first.tokens.claims()?.sub);
    const claims = await claimsAt(other, tokens);
    expect(Object.keys(claims).sort()).toEqual(['given_name', 'membership', 'sub']);
  });

  it('of a third party, asks for consent once and remembers it', async () => {
    const acme = await thirdParty(open);
    const person = visitor();
    const { started, page } = await toSignIn(person, acme, { scope: 'openid email' });
    const asked = await fillIn(person, acme, page, { identifier: 'sofia@example.test' });
    expect(asked.body).toContain('Викторина');
    const allowed = await person.follow(await person.submit(asked, /\/consent$/), acme.isCallback);
    const tokens = await acme.finish(allowed.url, started);
    expect(await claimsAt(acme, tokens)).toMatchObject({ email: 'sofia@example.test', email_verified: true });

    const again = await signIn(
      visitor(),
      acme,
      { identifier: 'sofia@example.test' },
      { scope: 'openid email' },
    );
    expect(again.tokens.access_token).toBeTruthy();

    const wider = visitor();
    const more = await toSignIn(wider, acme, { scope: 'openid email profile' });
    const askedMore = await fillIn(wider, acme, more.page, { identifier: 'sofia@example.test' });
    expect(acme.isCallback(askedMore.url)).toBe(false);
  });
});

describe('whoever is no member', () => {
  it('is refused with the way to the primary organisation, and stays signed in (M-21)', async () => {
    const person = visitor();
    const { page } = await toSignIn(person, quiz);
    const refused = await fillIn(person, quiz, page, { identifier: 'gromov@example.test' });
    expect(refused.status).toBe(200);
    expect(refused.body).toContain('МБОУ СОШ № 15');

    const cabinet = await person.open(`${open.issuer}/cabinet`);
    expect(cabinet.body).toContain('Громов');

    const back = await person.follow(await person.submit(refused, /\/abort$/), quiz.isCallback);
    expect(back.url.searchParams.get('error')).toBe('access_denied');
  });

  it('an applicant is let into the Dictation and not into the Compass (Q-07)', async () => {
    const person = visitor();
    const { tokens } = await signIn(person, quiz, { identifier: 'novikov@example.test' });
    expect((await claimsAt(quiz, tokens)).membership).toBe('applicant');
    const compassPage = await person.open((await other.start()).url);
    expect(other.isCallback(compassPage.url)).toBe(false);
  });
});

describe('cancelled', () => {
  it('tells the portal access_denied, with iss and state', async () => {
    const person = visitor();
    const { started, page } = await toSignIn(person, quiz);
    const back = await person.follow(await person.submit(page, /\/abort$/), quiz.isCallback);
    expect(Object.fromEntries(back.url.searchParams)).toMatchObject({
      error: 'access_denied',
      iss: open.issuer,
      state: started.checks.expectedState,
    });
  });
});

describe('nothing of it', () => {
  it('is in the log: no address, no ticket, no name, no password, no code, no token', async () => {
    const { tokens, arrived } = await signIn(visitor(), quiz, { identifier: 'timur@example.test' });
    const log = open.logged();
    const code = arrived.url.searchParams.get('code') ?? 'no code';
    for (const secret of ['timur', 'Ахметов', PASSWORD, code, tokens.access_token, '990000000000004']) {
      expect(log, secret).not.toContain(secret);
    }
  });
});
