import { fetchUserInfo } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse, PASSWORD } from '../support/house.ts';
import { compass, dictation, thirdParty } from '../support/portals.ts';
import type { RelyingParty } from '../support/relying-party.ts';
import { testStores } from '../support/stores.ts';
import { type Visitor, visitor } from '../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../support/walks.ts';

let open: OpenHouse;
let quiz: RelyingParty;
beforeAll(async () => {
  open = await openHouse(await testStores());
  quiz = await dictation(open);
});
afterAll(() => open.close());

const enter = async (
  identifier: string,
  person: Visitor = visitor(),
  room = '/cabinet',
  password = PASSWORD,
) => {
  const page = await person.open(`${open.issuer}${room}`);
  const answer = await person.submit(page, /\/password$/, { by: 'email', identifier, password });
  return person.follow(answer);
};

describe('the cabinet', () => {
  it('is entered without a portal and shows name, banner and masked ticket', async () => {
    const home = await enter('ivanova@example.test');
    expect(home.url.pathname).toBe('/cabinet');
    expect(home.body).toContain('Иванова Мария Петровна');
    expect(home.body).toContain('ВЫ ЯВЛЯЕТЕСЬ ЧЛЕНОМ ОБЩЕРОССИЙСКОГО ПРОФСОЮЗА ОБРАЗОВАНИЯ');
    expect(home.body).toContain('•••• •••• •••• 0011');
    expect(home.body).not.toContain('9900 0000 0000 0011');
    expect(home.headers.get('cache-control')).toBe('no-store');
  });

  it('shows the whole number on request, and says so in the audit', async () => {
    const person = visitor();
    const home = await enter('ivanova@example.test', person);
    const shown = await person.submit(home, /\/cabinet\/ticket$/);
    expect(shown.body).toContain('9900 0000 0000 0011');
    const rows = await open.house.stores.database.query("select 1 from audit where event = 'ticket_shown'");
    expect(rows.length).toBeGreaterThan(0);
  });

  it('has no member’s banner for an applicant', async () => {
    const home = await enter('novikov@example.test');
    expect(home.body).not.toContain('ВЫ ЯВЛЯЕТЕСЬ ЧЛЕНОМ');
  });

  it('leads to the room that was asked for, and nowhere else', async () => {
    expect((await enter('sofia@example.test', visitor(), '/cabinet/sessions')).url.pathname).toBe(
      '/cabinet/sessions',
    );
    const person = visitor();
    await enter('sofia@example.test', person);
    for (const state of ['https://evil.test/', '//evil.test', '/auth?x', 'javascript:alert(1)']) {
      const page = await person.request(`${open.issuer}/cabinet/enter?state=${encodeURIComponent(state)}`);
      expect(page.headers.get('location')).toMatch(/^(\/cabinet|http:\/\/localhost:\d+\/cabinet)$/);
    }
  });
});

describe('sessions and devices', () => {
  it('shows every session, marks this one, ends another', async () => {
    const home = visitor();
    const school = visitor({ 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Chrome/128.0 Safari/537.36' });
    await enter('timur@example.test', home);
    await enter('timur@example.test', school);
    const list = await home.open(`${open.issuer}/cabinet/sessions`);
    expect(list.body).toContain('Firefox · Linux');
    expect(list.body).toContain('Chrome · Windows');
    await home.submit(list, /\/sessions\/[^/]+\/end$/);
    expect((await school.request(`${open.issuer}/cabinet`)).status).toBe(303);
    expect((await home.request(`${open.issuer}/cabinet`)).status).toBe(200);
  });

  it('cannot end somebody else’s session', async () => {
    const owner = visitor();
    await enter('petrov1@example.test', owner);
    const [row] = await open.house.stores.database.query<{ uid: string }>(
      "select uid from account_session s join identifier i using (account_id) where i.value = 'petrov1@example.test'",
    );
    const thief = visitor();
    const list = await enter('petrov2@example.test', thief, '/cabinet/sessions');
    const csrf = list.html.querySelector('input[name=csrf]')?.getAttribute('value') ?? '';
    const answer = await thief.request(`${open.issuer}/cabinet/sessions/${row?.uid}/end`, {
      method: 'POST',
      headers: { origin: open.issuer },
      body: new URLSearchParams({ csrf }),
    });
    expect(answer.status).toBe(404);
    expect((await owner.request(`${open.issuer}/cabinet`)).status).toBe(200);
  });
});

describe('password change', () => {
  it('asks for the old one, applies the rules, ends everybody else, and both doors follow (A-08)', async () => {
    const fresh = 'тихая гавань 1987';
    const here = visitor();
    const elsewhere = visitor();
    const identifier = 'kuznetsov@example.test';
    await enter(identifier, elsewhere);
    const page = await enter(identifier, here, '/cabinet/password');
    const change = (current: string, password: string, repeated = password) =>
      here.submit(page, /\/cabinet\/password$/, { current, fresh: password, repeated });

    expect((await change('не тот', fresh)).status).toBe(422);
    expect((await change(PASSWORD, 'коротко')).status).toBe(422);
    expect((await change(PASSWORD, fresh, 'другое')).status).toBe(422);
    expect((await change(PASSWORD, fresh)).status).toBe(200);

    expect((await elsewhere.request(`${open.issuer}/cabinet`)).status).toBe(303);
    expect((await here.request(`${open.issuer}/cabinet`)).status).toBe(200);

    const byTicket = await signIn(visitor(), quiz, {
      by: 'ticket',
      identifier: '0099123456789012',
      password: fresh,
    });
    expect(byTicket.tokens.access_token).toBeTruthy();
    const person = visitor();
    const { page: form } = await toSignIn(person, quiz);
    expect((await fillIn(person, quiz, form, { identifier })).status).toBe(422);
  });
});

describe('connected portals', () => {
  it('names each with what it receives, and cuts one off', async () => {
    const acme = await thirdParty(open);
    await compass(open);
    const person = visitor();
    const { started, page } = await toSignIn(person, acme, {
      scope: 'openid email offline_access',
      prompt: 'consent',
    });
    const asked = await fillIn(person, acme, page, { identifier: 'long@example.test' });
    const arrived = await person.follow(await person.submit(asked, /\/consent$/), acme.isCallback);
    const tokens = await acme.finish(arrived.url, started);
    const list = await person.open(`${open.issuer}/cabinet/portals`);
    expect(list.body).toContain('Викторина «Акме»');

    await person.submit(list, /acme-quiz\/disconnect$/);
    const sub = tokens.claims()?.sub ?? '';
    await expect(fetchUserInfo(acme.config, tokens.access_token, sub)).rejects.toThrow();
    const { refreshTokenGrant } = await import('openid-client');
    await expect(refreshTokenGrant(acme.config, tokens.refresh_token ?? '')).rejects.toThrow();
    const again = await person.open((await acme.start({ scope: 'openid email' })).url);
    expect(acme.isCallback(again.url)).toBe(false);
  });
});
