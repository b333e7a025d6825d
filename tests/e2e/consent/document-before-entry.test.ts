import { fetchUserInfo, refreshTokenGrant } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { codeIn, type Mail, openMail } from '../../support/mail.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { type Page, type Visitor, visitor } from '../../support/visitor.ts';
import { fillIn, toSignIn } from '../../support/walks.ts';

const SECRET = 'a secret of the bonus programme, long enough';
const PARTY = {
  first_party: true,
  sector: 'profcards',
  grant_types: ['authorization_code', 'refresh_token'],
  required_membership: ['member'],
  claims_by_consent: { finfort_pd: ['ticket_number', 'email', 'email_verified'] },
};

let open: OpenHouse;
let mail: Mail;
let lenient: RelyingParty;
let strict: RelyingParty;
let app: RelyingParty;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl, THROTTLE: 'off' });
  const site = async (clientId: string, port: number, otherwise: string) => {
    const redirectUri = `http://127.0.0.1:${port}/callback`;
    const scope = 'openid profile email ticket';
    const documents = [{ type: 'finfort_pd', otherwise }];
    await open.house.clients.save(
      {
        ...{ ...PARTY, client_id: clientId, client_name: clientId, client_secret: SECRET, documents, scope },
        redirect_uris: [redirectUri],
      },
      'test',
    );
    return relyingParty({ issuer: open.issuer, clientId, secret: SECRET, redirectUri, scope });
  };
  lenient = await site('lenient', 5, 'without_claims');
  strict = await site('strict', 6, 'refuse');
  const scope = 'openid profile ticket offline_access';
  await open.house.clients.save(
    {
      ...{ ...PARTY, client_id: 'phone', client_name: 'Телефон', application_type: 'native', scope },
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://127.0.0.1/callback', 'ru.profcards.test:/cb'],
    },
    'test',
  );
  const redirectUri = 'http://127.0.0.1:7007/callback';
  app = await relyingParty({ issuer: open.issuer, clientId: 'phone', redirectUri, scope });
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

async function arrive(portal: RelyingParty, identifier: string, parameters: Record<string, string> = {}) {
  const person = visitor();
  const { started, page } = await toSignIn(person, portal, parameters);
  return { person, started, page: await fillIn(person, portal, page, { identifier }) };
}
async function again(portal: RelyingParty, person: Visitor, parameters: Record<string, string> = {}) {
  const started = await portal.start(parameters);
  return { started, page: await person.follow(await person.request(started.url), portal.isCallback) };
}
type Started = Awaited<ReturnType<RelyingParty['start']>>;
async function toldTo(portal: RelyingParty, arrived: Page, started: Started) {
  const tokens = await portal.finish(arrived.url, started);
  const { sub = '' } = tokens.claims() ?? {};
  return { tokens, info: await fetchUserInfo(portal.config, tokens.access_token, sub) };
}
const later = async (person: Visitor, page: Page, portal: RelyingParty) =>
  person.follow(await person.submit(page, /\/document\/later$/), portal.isCallback);
const shown = ({ body }: Page) => body.includes('Согласие на передачу персональных данных ООО «ФИНФОРТ»');
const toCode = async (person: Visitor, page: Page) =>
  person.follow(await person.submit(page, /\/document$/, { terms: 'yes' }));

describe('a document before entry', () => {
  it('put off, it lets her in with less, and is not shown again in this session', async () => {
    const { person, started, page } = await arrive(lenient, 'kuznetsov@example.test');
    expect(shown(page)).toBe(true);
    expect(page.body).toContain('Не сейчас');
    const silent = await again(lenient, person, { prompt: 'none' });
    expect(silent.page.url.searchParams.get('error')).toBe('interaction_required');
    const { info } = await toldTo(lenient, await later(person, page, lenient), started);
    expect(info).toMatchObject({ name: 'Кузнецов Иван Иванович' });
    expect(info).not.toHaveProperty('ticket_number');
    expect(info).not.toHaveProperty('email');
    for (const parameters of [{}, { prompt: 'none' }] as Record<string, string>[]) {
      const next = await again(lenient, person, parameters);
      expect(next.page.url.searchParams.get('code')).toBeTruthy();
    }
    // Asked for by name it is shown again; another session has not put it off.
    expect(shown((await again(lenient, person, { prompt: 'documents' })).page)).toBe(true);
    expect(shown((await arrive(lenient, 'kuznetsov@example.test')).page)).toBe(true);
  });

  it('signed with the mailed code, it leads on to the portal, which is told', async () => {
    const email = 'sofia@example.test';
    const { person, started, page } = await arrive(lenient, email);
    const unread = await person.submit(page, /\/document$/, { text: 'f'.repeat(64), terms: 'yes' });
    expect(unread.status).toBe(422);
    expect(unread.body).toContain('Прочитайте их и подпишите');
    const code = await toCode(person, page);
    expect(code.body).toContain('Код подтверждения был направлен Вам на адрес электронной почты.');
    const wrong = await person.submit(code, /\/code$/, { code: '000000' });
    expect(wrong.status).toBe(422);
    expect(wrong.body).toContain('Код не подошёл');
    const letter = await mail.take(email, /Код подтверждения/);
    const right = await person.submit(code, /\/code$/, { code: codeIn(letter) });
    const { info } = await toldTo(lenient, await person.follow(right, lenient.isCallback), started);
    expect(info).toMatchObject({ ticket_number: '9900000000000037', email });
    // The back button: the interaction is over, and the page says how to go on.
    const back = await person.request(code.url);
    expect(back.status).toBe(410);
    expect(back.html.querySelector('form[action$="/again"]')).not.toBeNull();
    expect((await again(strict, person)).page.url.searchParams.get('code')).toBeTruthy();
  });

  it('signed in another tab, the code of this one leads on all the same', async () => {
    const email = 'sorokina@example.test';
    const { person, started, page } = await arrive(lenient, email);
    const code = await toCode(person, page);
    await mail.take(email, /Код подтверждения/);
    const second = await again(lenient, person);
    const other = await toCode(person, second.page);
    const letter = await mail.take(email, /Код подтверждения/);
    const signed = await person.follow(
      await person.submit(other, /\/code$/, { code: codeIn(letter) }),
      lenient.isCallback,
    );
    expect(signed.url.searchParams.get('code')).toBeTruthy();
    const first = await person.follow(await person.request(code.url), lenient.isCallback);
    expect((await toldTo(lenient, first, started)).info).toMatchObject({ email });
  });

  it('is demanded by a portal that lives on it: a page says why, and the portal hears access_denied', async () => {
    const { person, page } = await arrive(strict, 'petrov1@example.test');
    const refused = await later(person, page, strict);
    expect(refused.body).toContain('Без согласия войти нельзя');
    const back = await person.follow(await person.submit(refused, /\/abort$/), strict.isCallback);
    expect(back.url.searchParams.get('error')).toBe('access_denied');
    expect((await again(strict, person, { prompt: 'none' })).page.url.searchParams.get('error')).toBe(
      'interaction_required',
    );
    expect(shown((await again(strict, person)).page)).toBe(true);
  });

  it('is nobody else’s: after signing out it names nobody, and a foreign form counts nowhere', async () => {
    const mine = await arrive(lenient, 'anna@example.test');
    const hers = await arrive(lenient, 'alla@example.test');
    const csrf = hers.page.html.querySelector('input[name="csrf"]')?.getAttribute('value') ?? '';
    expect((await mine.person.submit(mine.page, /\/document\/later$/, { csrf })).status).toBe(403);
    mine.person.jar.removeAllCookiesSync();
    const gone = await mine.person.request(mine.page.url);
    expect(gone.status).toBe(410);
    expect(gone.body).not.toContain('Сидорова');
  });

  it('is judged when a client is registered', async () => {
    for (const documents of [[], [{ type: 'finfort', otherwise: 'refuse' }], [{ type: 'finfort_pd' }]]) {
      await open.house.clients.save({ ...PARTY, client_id: 'odd', client_secret: SECRET, documents }, 'test');
      await expect(open.house.gateway.provider().Client.find('odd')).rejects.toThrow(
        'invalid_client_metadata',
      );
    }
  });
});

describe('SYS-08: the application', () => {
  const email = 'ivanova@example.test';

  it('shows number and name; a replayed refresh token ends the whole family', async () => {
    const { person, started, page } = await arrive(app, email);
    const { tokens, info } = await toldTo(app, page, started);
    expect(info).toMatchObject({ name: 'Иванова Мария Петровна' });
    const site = await again(lenient, person);
    const entered = await later(person, site.page, lenient);
    expect((await toldTo(lenient, entered, site.started)).info.sub).toBe(info.sub);

    const first = tokens.refresh_token ?? '';
    const second = await refreshTokenGrant(app.config, first);
    const third = await refreshTokenGrant(app.config, second.refresh_token ?? '');
    // Past the leeway, without waiting for it.
    const storage = open.house.stores.storage('RefreshToken');
    const stored = await storage.find(first);
    await storage.upsert(first, { ...stored, consumed: Math.floor(Date.now() / 1_000) - 60 }, 3_600);
    await expect(refreshTokenGrant(app.config, first)).rejects.toMatchObject({ error: 'invalid_grant' });
    for (const { refresh_token = '', access_token } of [second, third]) {
      await expect(refreshTokenGrant(app.config, refresh_token)).rejects.toMatchObject({
        error: 'invalid_grant',
      });
      await expect(fetchUserInfo(app.config, access_token, info.sub)).rejects.toThrow();
    }
  });

  it('is not answered without a page: anybody can pretend to be it', async () => {
    const { person, page } = await arrive(app, 'timur@example.test');
    expect(page.url.searchParams.get('code')).toBeTruthy();
    const asked = await again(app, person);
    expect(asked.page.body).toContain('Вход в приложение');
    const silent = await again(app, person, { prompt: 'none' });
    expect(silent.page.url.searchParams.get('error')).toBe('interaction_required');
    const allowed = await person.follow(await person.submit(asked.page, /\/consent$/), app.isCallback);
    expect(allowed.url.searchParams.get('code')).toBeTruthy();
  });

  it.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['with an unregistered host', { redirect_uri: 'http://127.0.0.2:7007/callback' }],
    ['with another path', { redirect_uri: 'http://127.0.0.1:7007/other' }],
    ['with another scheme', { redirect_uri: 'ru.profcards.other:/cb' }],
  ])('%s gets an error page of the gateway and no redirect', async (_what, changes) => {
    const { url } = await app.start();
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    const answer = await visitor().request(url);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.status).toBe(400);
    expect(answer.html.querySelectorAll('h1')).toHaveLength(1);
  });
});
