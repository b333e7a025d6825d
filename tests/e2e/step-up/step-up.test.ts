/** A mailed code raises a session whose password is proved: demanded, wished, put off, attacked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { appCode } from '../../support/app-code.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../../support/walks.ts';
import { giveCodeApp } from '../../support/workplace.ts';

const SUBJECT = /^ЛК ОПО\. Код для подтверждения входа\.$/;
const LEVEL_2 = 'urn:opo:loa:2';
const SECRET = 'a secret of a test, long enough to be one';

let mail: Mail;
let open: OpenHouse;
let strict: RelyingParty;
let plain: RelyingParty;
let staffOnly: RelyingParty;
let brief: RelyingParty;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl });
  strict = await portal('strict', { minimum_acr: LEVEL_2 });
  plain = await portal('plain', {});
  staffOnly = await portal('staff-only', {
    required_roles: ['union_operator'],
    grant_types: ['authorization_code', 'refresh_token'],
  });
  brief = await portal('brief', { max_session_seconds: 300 });
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

async function portal(clientId: string, rules: Record<string, unknown>): Promise<RelyingParty> {
  const redirectUri = `http://127.0.0.1:7/${clientId}`;
  const metadata = { client_id: clientId, client_name: clientId, client_secret: SECRET, first_party: true };
  await open.house.clients.save(
    { ...metadata, redirect_uris: [redirectUri], scope: 'openid', ...rules },
    'test',
  );
  return relyingParty({ issuer: open.issuer, clientId, secret: SECRET, redirectUri });
}

const title = (page: Page) => page.html.querySelector('h1')?.text;
const send = async (person: Visitor, page: Page) =>
  person.follow(await person.submit(page, /\/step-up\/send$/));
const type = (person: Visitor, page: Page, code: string) => person.submit(page, /\/step-up\/code$/, { code });
const mailedTo = async (email: string) => codeIn(await mail.take(email, SUBJECT));
const wrongFor = (code: string) => (code === '000000' ? '111111' : '000000');
/** Signed in by password, before «Подтвердите вход». */
async function toStepUp(email: string, to = strict, parameters?: Record<string, string>) {
  const person = visitor();
  const { started, page } = await toSignIn(person, to, parameters);
  return { person, started, page: await fillIn(person, to, page, { identifier: email }) };
}
const accountOf = async (email: string): Promise<string> => {
  const [row] = await open.house.stores.database.query<{ account_id: string }>(
    `select account_id from identifier where kind = 'email' and value = $1`,
    [email],
  );
  return row?.account_id ?? '';
};

describe('where level 2 is demanded', () => {
  it('password, then the code: the same account and session, amr of both, the time of the password', async () => {
    const email = 'ivanova@example.test';
    const { person, started, page } = await toStepUp(email);
    expect(title(page)).toBe('Подтвердите вход');
    expect(page.body).toContain('i•••@example.test');
    expect(page.body).not.toContain(email);
    const before = (await person.jar.getCookies(open.issuer)).find(({ key }) => key === 'session')?.value;
    const asked = await send(person, page);
    const answer = await type(person, asked, await mailedTo(email));
    const arrived = await person.follow(answer, strict.isCallback);
    const claims = (await strict.finish(arrived.url, started)).claims();
    expect(claims).toMatchObject({ acr: LEVEL_2, amr: ['pwd', 'otp'] });
    const after = (await person.jar.getCookies(open.issuer)).find(({ key }) => key === 'session')?.value;
    expect(after).not.toBe(before);

    const sessions = await open.house.stores.database.query(
      'select uid from account_session where account_id = $1 and ended_at is null',
      [await accountOf(email)],
    );
    expect(sessions).toHaveLength(1);
    const silent = await plain.start({ prompt: 'none' });
    const there = await person.follow(await person.request(silent.url), plain.isCallback);
    const elsewhere = (await plain.finish(there.url, silent)).claims();
    expect(elsewhere).toMatchObject({ acr: LEVEL_2, auth_time: claims?.auth_time });
  });

  it('a known session is asked for the code alone, and answers prompt=none without a page', async () => {
    const email = 'belova@example.test';
    const person = visitor();
    await signIn(person, plain, { identifier: email });
    const silent = await strict.start({ prompt: 'none' });
    const refused = await person.follow(await person.request(silent.url), strict.isCallback);
    expect(refused.url.searchParams.get('error')).toBe('login_required');
    const { page } = await toSignIn(person, strict);
    expect(title(page)).toBe('Подтвердите вход');
    expect(page.html.querySelectorAll('input[type=password]')).toHaveLength(0);
    expect(page.html.querySelectorAll('form[action$=later]')).toHaveLength(0);
  });

  it('cannot be put off by a form that the page does not have', async () => {
    const { person, page } = await toStepUp('grishin@example.test');
    const csrf = page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
    const forged = await person.request(`${page.url.href}/step-up/later`, {
      method: 'POST',
      headers: { origin: open.issuer, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ csrf }),
    });
    expect(forged.status).toBe(400);
  });

  it('is not enough at the desk of cases, where a device of hers leads', async () => {
    const email = 'ryabov@example.test';
    const account = await accountOf(email);
    await postgresStaff(open.house.stores.database).grant(account, 'union_operator', 'test');
    const secret = await giveCodeApp(open, account);
    const person = visitor();
    const page = await person.open(`${open.issuer}/cases`);
    const identified = { by: 'email', identifier: email, password: PASSWORD };
    const raised = await person.follow(await person.submit(page, /\/password$/, identified));
    const asked = await send(person, raised);
    const again = await person.follow(await type(person, asked, await mailedTo(email)));
    expect(title(again)).toBe('Подтвердите вход');
    expect(again.html.querySelectorAll('form[action$=send]')).toHaveLength(0);
    const proved = await person.submit(again, /\/step-up\/app$/, { code: appCode(secret) });
    const desk = await person.follow(proved);
    expect([desk.url.pathname, desk.status]).toEqual(['/cases', 200]);
  });
});

describe('where level 2 is wished', () => {
  it('is offered once after the password, and may be put off', async () => {
    const { person, started, page } = await toStepUp('orlova@example.test', plain, { acr_values: LEVEL_2 });
    expect(title(page)).toBe('Подтвердите вход');
    const later = await person.submit(page, /\/step-up\/later$/);
    const arrived = await person.follow(later, plain.isCallback);
    expect((await plain.finish(arrived.url, started)).claims()?.acr).toBe('urn:opo:loa:1');
  });

  it('is demanded by an essential claim', async () => {
    const claims = { id_token: { acr: { essential: true, values: [LEVEL_2] } } };
    const asked = { claims: JSON.stringify(claims) };
    const { page } = await toStepUp('fedorov@example.test', plain, asked);
    expect(title(page)).toBe('Подтвердите вход');
    expect(page.html.querySelectorAll('form[action$=later]')).toHaveLength(0);
  });
});

describe('attacks', () => {
  it('a code of another attempt raises nothing, and a used one nothing more', async () => {
    const email = 'kozlova@example.test';
    const one = await toStepUp(email);
    const other = await toStepUp(email);
    const first = await send(one.person, one.page);
    await mailedTo(email);
    const second = await send(other.person, other.page);
    const code = await mailedTo(email);
    expect((await type(one.person, first, code)).status).toBe(422);
    const raised = await type(other.person, second, code);
    expect(raised.status).toBe(303);
    await other.person.follow(raised, strict.isCallback);
    expect((await type(other.person, second, code)).status).toBe(410);
  });

  it('of twenty right guesses at once one raises; five wrong ones void the code', async () => {
    const email = 'krylov@example.test';
    const { person, page } = await toStepUp(email);
    const asked = await send(person, page);
    const code = await mailedTo(email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => type(person, asked, code)));
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);

    const again = await toStepUp(email);
    const field = await send(again.person, again.page);
    const good = await mailedTo(email);
    for (let guess = 0; guess < 5; guess += 1) await type(again.person, field, wrongFor(good));
    expect((await type(again.person, field, good)).status).toBe(422);
  });

  it('the last page without a letter is no page, and a form sent there raises nothing', async () => {
    const { person, page } = await toStepUp('zaitsev@example.test');
    const skipped = await person.open(`${page.url.href}/step-up/code`);
    expect(skipped.url.pathname).toBe(page.url.pathname);
    const csrf = page.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
    const forged = await person.request(`${page.url.href}/step-up/code`, {
      method: 'POST',
      headers: { origin: open.issuer, 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ csrf, code: '000000' }),
    });
    expect(forged.status).toBe(422);
  });

  it('a session that was changed in between is not the one that is raised', async () => {
    const email = 'tikhonova@example.test';
    const { person, page } = await toStepUp(email);
    const asked = await send(person, page);
    const code = await mailedTo(email);
    const { page: again } = await toSignIn(person, plain, { prompt: 'login' });
    await fillIn(person, plain, again, { identifier: 'ivanova@example.test' });
    expect((await type(person, asked, code)).status).toBe(410);
  });

  it('no more than five letters an hour, whatever is begun anew', async () => {
    const email = 'solovyeva@example.test';
    for (let letter = 0; letter < 5; letter += 1) {
      const { person, page } = await toStepUp(email);
      expect((await send(person, page)).url.pathname).toMatch(/\/step-up\/code$/);
    }
    const { person, page } = await toStepUp(email);
    expect((await person.submit(page, /\/step-up\/send$/)).status).toBe(429);
  });

  it('writes no address and no code into the log', () => {
    expect(open.logged()).not.toMatch(/@example\.test/);
  });
});

describe("a portal's own rules", () => {
  it('demands a role: a page and a way back without it, and no refresh once it is taken away', async () => {
    const email = 'fomina@example.test';
    const stranger = await toStepUp(email, staffOnly);
    expect(title(stranger.page)).toBe('Этот портал для сотрудников');
    const back = await stranger.person.follow(
      await stranger.person.submit(stranger.page, /\/abort$/),
      staffOnly.isCallback,
    );
    expect(back.url.searchParams.get('error')).toBe('access_denied');

    const staff = postgresStaff(open.house.stores.database);
    const account = await accountOf(email);
    await staff.grant(account, 'union_operator', 'test');
    const { tokens } = await signIn(visitor(), staffOnly, { identifier: email });
    const refresh = (token: string) =>
      fetch(`${open.issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`staff-only:${encodeURIComponent(SECRET)}`)}` },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
      });
    const renewed = (await (await refresh(tokens.refresh_token ?? '')).json()) as { refresh_token: string };
    await staff.revoke(account, 'union_operator');
    const refused = await refresh(renewed.refresh_token);
    expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
      400,
      'invalid_grant',
    ]);
  });

  it('demands a sign-in of late: an older session signs in again', async () => {
    const person = visitor();
    await signIn(person, plain, { identifier: 'ivanova@example.test' });
    const { Session } = open.house.gateway.provider();
    const cookie = (await person.jar.getCookies(open.issuer)).find(({ key }) => key === 'session')?.value;
    const session = await Session.find(cookie ?? '');
    Object.assign(session ?? {}, { loginTs: Math.floor(Date.now() / 1_000) - 301 });
    await session?.persist();
    const { started, page } = await toSignIn(person, brief);
    expect(page.body).toContain('Вы вошли давно');
    const arrived = await fillIn(person, brief, page, { identifier: 'ivanova@example.test' });
    expect((await brief.finish(arrived.url, started)).claims()?.acr).toBe('urn:opo:loa:1');
  });
});
