/** An application's life as others see it: in test, reviewed, in production, its secret changed, switched off (SYS-20). */
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { type Mail, openMail } from '../../support/mail.ts';
import { type Api, accountOf, apiWith, registerDevelopers, tokenFor } from '../../support/management-api.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { visitor } from '../../support/visitor.ts';
import { fillIn, toSignIn } from '../../support/walks.ts';

const OWNER = 'anna@example.test';
const TESTER = 'petrov1@example.test';
const STRANGER = 'ivanova@example.test';
const ADMINISTRATOR = 'ryabov@example.test';
const CALLBACK = 'http://127.0.0.1:8123/callback';

let open: OpenHouse;
let mail: Mail;
let owner: Api;
let other: Api;
let reviewer: Api;
let clientId: string;
let firstSecret: string;
beforeAll(async () => {
  mail = await openMail();
  open = await openHouse({ ...(await testStores()), SMTP_URL: mail.smtpUrl, THROTTLE: 'off' });
  await registerDevelopers(open);
  const administrator = await accountOf(open, ADMINISTRATOR);
  await open.house.stores.database.query(
    "insert into staff_role (account_id, role, granted_by) values ($1, 'administrator', 'test')",
    [administrator],
  );
  owner = apiWith(open, await tokenFor(open, await accountOf(open, OWNER)));
  other = apiWith(open, await tokenFor(open, await accountOf(open, TESTER)));
  const scope = 'integrations:read integrations:write integrations:review';
  reviewer = apiWith(open, await tokenFor(open, administrator, scope));
});
afterAll(async () => {
  await open.close();
  await mail.close();
});

const path = (rest = '') => `/integrations/${clientId}${rest}`;
const partyWith = (secret: string): Promise<RelyingParty> =>
  relyingParty({
    ...{ issuer: open.issuer, clientId, secret, redirectUri: CALLBACK },
    scope: 'openid profile email offline_access',
  });

/** Up to the page she is left on, or the answer at the application. */
const arrive = async (identifier: string, parameters: Record<string, string> = {}) => {
  const party = await partyWith(firstSecret);
  const person = visitor();
  const { started, page } = await toSignIn(person, party, { prompt: 'consent', ...parameters });
  if (page.status >= 400) return { person, party, started, page };
  return { person, party, started, page: await fillIn(person, party, page, { identifier }) };
};

const consented = async (identifier: string) => {
  const { person, party, started, page } = await arrive(identifier);
  const arrived = await person.follow(await person.submit(page, /\/consent$/), party.isCallback);
  return party.finish(arrived.url, started);
};

/** The faults that a change meets, by pointer. */
const rename = async (body: Record<string, unknown>): Promise<Record<string, string>> => {
  const { headers } = await owner('GET', path());
  const answer = await owner('PATCH', path(), { body, ifMatch: String(headers.get('etag')) });
  const faults: { pointer: string; code: string }[] = answer.body.errors ?? [];
  return Object.fromEntries(faults.map(({ pointer, code }) => [pointer, code]));
};

const post = (where: string, secret: string, parameters: Record<string, string>) =>
  fetch(`${open.issuer}${where}`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
    body: new URLSearchParams(parameters),
  });
const refresh = async (secret: string, token: string | undefined) => {
  const answer = await post('/token', secret, { grant_type: 'refresh_token', refresh_token: token ?? '' });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
};

describe('an application', () => {
  it('is created by its owner, and is hers alone to see', async () => {
    const made = await owner('POST', '/integrations', {
      body: {
        ...{ name: 'Викторина', kind: 'web', site: 'http://127.0.0.1:8123', authentication: 'secret' },
        redirect_uris: [CALLBACK],
      },
    });
    expect(made).toMatchObject({ status: 201, body: { stage: 'test', name: 'Викторина', blocked: null } });
    clientId = made.body.client_id;
    firstSecret = made.body.client_secret;
    expect(Buffer.from(firstSecret, 'base64url')).toHaveLength(32);
    const read = await owner('GET', path());
    expect(read.status).toBe(200);
    expect(JSON.stringify(read.body)).not.toContain(firstSecret);
    for (const [method, rest] of [
      ['GET', ''],
      ['GET', '/changes'],
      ['GET', '/requests'],
      ['POST', '/secrets'],
      ['DELETE', ''],
    ] as const) {
      const answer = await other(method, path(rest), method === 'POST' ? { body: {} } : {});
      expect(answer.status, `${method} ${rest}`).toBe(404);
    }
    expect((await other('GET', '/integrations')).body).toEqual({ items: [] });
    expect((await other('GET', '/review/integrations')).status).toBe(403);
  });

  it('in test lets in its owner; others read that it is not open yet, and can go back', async () => {
    const { page } = await arrive(OWNER);
    expect(page.html.text).toContain('Тестовое приложение');
    const stranger = await arrive(STRANGER);
    expect(stranger.page.html.querySelector('h1')?.text).toBe('Приложение ещё проверяется');
    const { person, party } = stranger;
    const back = await person.follow(await person.submit(stranger.page, /\/abort$/), party.isCallback);
    expect(back.url.searchParams.get('error')).toBe('access_denied');
  });

  it('leaves to the person what it calls optional, and gets the rest', async () => {
    expect(await rename({ optional_claims: ['email', 'email'] })).toHaveProperty('/optional_claims');
    expect(await rename({ optional_claims: ['email'] })).toEqual({});
    expect((await owner('GET', path())).body.optional_claims).toEqual(['email']);
    const { person, party, started, page } = await arrive(OWNER);
    expect(page.html.querySelectorAll('main input[type="checkbox"]')).toHaveLength(1);
    const arrived = await person.follow(await person.submit(page, /\/consent$/), party.isCallback);
    const tokens = await party.finish(arrived.url, started);
    const told = await client.fetchUserInfo(party.config, tokens.access_token, String(tokens.claims()?.sub));
    expect(told).toHaveProperty('name');
    expect(told).not.toHaveProperty('email');
    expect(await rename({ optional_claims: [] })).toEqual({});
  });

  it('lets in whom its owner names, and says the same of an address that nobody has', async () => {
    const seen = await owner('GET', path());
    const named = await owner('PATCH', path(), {
      body: { testers: [TESTER.toUpperCase(), 'nobody@example.test'] },
      ifMatch: String(seen.headers.get('etag')),
    });
    expect(named.status).toBe(200);
    expect(named.body.testers).toHaveLength(2);
    const { page } = await arrive(TESTER);
    expect(page.html.text).toContain('Тестовое приложение');
    const { refresh_token } = await consented(TESTER);
    expect(await rename({ testers: ['nobody@example.test'] })).toEqual({});
    expect(await refresh(firstSecret, refresh_token)).toMatchObject({ body: { error: 'invalid_grant' } });
  });

  it('is told what everybody’s may be told, and nothing more without a review', async () => {
    const party = await partyWith(firstSecret);
    const { url } = await party.start({ scope: 'openid ticket' });
    const person = visitor();
    const answer = await person.follow(await person.request(url), party.isCallback);
    expect(answer.url.searchParams.get('error')).toBe('invalid_scope');
  });

  it('asks for more; of those who decide at once one counts, and its owner gets a letter', async () => {
    const ask = () =>
      owner('POST', path('/requests'), {
        body: {
          ...{ wanted: 'production', scopes: ['ticket'] },
          ...{ purpose: 'Скидки по билету', contact: 'dev@example.test' },
        },
      });
    const asked = await ask();
    expect(asked).toMatchObject({ status: 201, body: { state: 'pending', scopes: ['ticket'] } });
    expect(await ask()).toMatchObject({
      status: 409,
      body: { type: 'urn:union-id:problem:request_pending' },
    });
    const waiting = await reviewer('GET', '/requests');
    expect(waiting.body.items).toMatchObject([{ id: asked.body.id, name: 'Викторина' }]);
    const read = await reviewer('GET', `/requests/${asked.body.id}`);
    expect(read.body).toMatchObject({
      asked_by: { name: 'Сидорова Анна Ивановна', email: OWNER },
      claims: ['ticket_number'],
      integration: { client_id: clientId, redirect_uris: [CALLBACK] },
    });
    expect((await owner('POST', `/requests/${asked.body.id}/approval`, { body: {} })).status).toBe(403);
    expect(await rename({ name: 'Личный кабинет' })).toEqual({ '/name': 'under_review' });
    const decide = () =>
      reviewer('POST', `/requests/${asked.body.id}/approval`, { body: { note: 'Хорошо' } });
    const decided = await Promise.all([decide(), decide(), decide()]);
    expect(decided.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    expect((await owner('GET', path())).body).toMatchObject({ stage: 'production' });
    expect((await owner('GET', path())).body.scopes).toContain('ticket');
    const letter = await mail.take(OWNER, /одобрена/);
    expect(letter.text).toContain('Хорошо');
  });

  it('in production lets in everybody, and is told what was approved', async () => {
    const { page } = await arrive(STRANGER, { scope: 'openid ticket' });
    expect(page.html.text).toContain('Викторина');
    expect(page.html.text).not.toContain('Тестовое приложение');
  });

  it('in production is the one that was approved: neither its name nor its site become another', async () => {
    const other = 'http://localhost:8124';
    expect(await rename({ name: 'Личный кабинет' })).toEqual({ '/name': 'reviewed' });
    expect(await rename({ owner: 'Общероссийский Профсоюз образования' })).toEqual({ '/owner': 'reviewed' });
    expect(await rename({ site: other, redirect_uris: [`${other}/callback`] })).toEqual({
      '/site': 'reviewed',
    });
    expect(await rename({ name: 'Викторина' })).toEqual({});
  });

  it('of a change of its addresses its owner gets a letter', async () => {
    const seen = await owner('GET', path());
    const changed = await owner('PATCH', path(), {
      body: { redirect_uris: [CALLBACK, 'http://127.0.0.1:8123/other'] },
      ifMatch: String(seen.headers.get('etag')),
    });
    expect(changed.status).toBe(200);
    await mail.take(OWNER, /Настройки приложения изменены/);
    const changes = await owner('GET', path('/changes?limit=1'));
    expect(changes.body.items).toMatchObject([
      { by: 'you', what: 'changed', before: { redirect_uris: [CALLBACK] } },
    ]);
    const next = await owner('GET', path(`/changes?limit=1&cursor=${changes.body.next}`));
    expect(next.body.items).toMatchObject([{ by: 'administrator', what: 'approved' }]);
  });

  it('takes two secrets while one replaces the other, and notes their use', async () => {
    const made = await owner('POST', path('/secrets'), { body: {} });
    expect(made.status).toBe(201);
    const tokens = await consented(STRANGER);
    const withNew = await refresh(made.body.client_secret, tokens.refresh_token);
    expect(withNew.status).toBe(200);
    const withOld = await refresh(firstSecret, withNew.body.refresh_token);
    expect(withOld.status).toBe(200);
    expect((await refresh(`${firstSecret}x`, withOld.body.refresh_token)).status).toBe(401);
    const { secrets } = (await owner('GET', path())).body;
    expect(secrets).toHaveLength(2);
    await expect
      .poll(async () =>
        (await owner('GET', path())).body.secrets.every((one: { last_used_at?: string }) => one.last_used_at),
      )
      .toBe(true);
    const [newest, former] = secrets;
    expect(await owner('DELETE', path(`/secrets/${newest.id}`))).toMatchObject({ status: 409 });
    expect((await owner('DELETE', path(`/secrets/${former.id}`))).status).toBe(204);
    expect((await refresh(firstSecret, withOld.body.refresh_token)).status).toBe(401);
    firstSecret = made.body.client_secret;
    expect((await refresh(firstSecret, withOld.body.refresh_token)).status).toBe(200);
  });

  it('switched off gets nothing any more; people read its name, its owner the reason', async () => {
    const tokens = await consented(STRANGER);
    const waiting = await arrive(TESTER);
    const blocked = await reviewer('PUT', path('/block'), { body: { reason: 'Жалобы на рассылку' } });
    expect(blocked).toMatchObject({ status: 200, body: { blocked: { reason: 'Жалобы на рассылку' } } });
    expect((await refresh(firstSecret, tokens.refresh_token)).status).toBe(401);
    const userinfo = await fetch(`${open.issuer}/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(userinfo.status).toBe(401);
    const introspected = await post('/token/introspection', firstSecret, { token: tokens.access_token });
    expect(introspected.status).toBe(401);

    const { page } = await arrive(STRANGER);
    expect(page.html.querySelector('h1')?.text).toBe('Приложение отключено');
    expect(page.html.text).toContain('Викторина');
    expect(page.html.text).not.toContain('Жалобы');
    // Whoever stood before the consent page gets no further, either.
    const late = await waiting.person.submit(waiting.page, /\/consent$/);
    const ended = await waiting.person.follow(late, waiting.party.isCallback);
    expect(ended.html.querySelector('h1')?.text).toBe('Приложение отключено');
    const letter = await mail.take(OWNER, /Приложение отключено/);
    expect(letter.text).toContain('Жалобы на рассылку');
  });

  it('goes on when it is let', async () => {
    expect(await reviewer('DELETE', path('/block'))).toMatchObject({ status: 200, body: { blocked: null } });
    await mail.take(OWNER, /снова включено/);
    expect((await arrive(STRANGER)).page.html.text).toContain('Викторина');
  });

  it('is removed by its owner, and leaves its trail', async () => {
    expect((await owner('DELETE', path())).status).toBe(204);
    expect((await owner('GET', path())).status).toBe(404);
    const rows = await open.house.stores.database.query<{ event: string }>(
      'select event from audit where client_id = $1 order by id',
      [clientId],
    );
    const events = rows.map(({ event }) => event).filter((event) => event.startsWith('integration_'));
    expect(events).toEqual([
      ...[
        'integration_created',
        'integration_secret_added',
        'integration_changed',
        'integration_changed',
        'integration_changed',
        'integration_changed',
        'integration_requested',
      ],
      ...['integration_approved', 'integration_changed', 'integration_secret_added'],
      ...[
        'integration_secret_removed',
        'integration_blocked',
        'integration_unblocked',
        'integration_removed',
      ],
    ]);
    const kept = await open.house.stores.database.query('select * from audit where client_id = $1', [
      clientId,
    ]);
    expect(JSON.stringify(kept)).not.toContain(CALLBACK);
  });

  it('of an administrator is decided on by another', async () => {
    const site = 'https://club.example.org';
    const made = await reviewer('POST', '/integrations', {
      body: {
        ...{ name: 'Клуб', kind: 'web', site, authentication: 'secret' },
        redirect_uris: [`${site}/callback`],
      },
    });
    const asked = await reviewer('POST', `/integrations/${made.body.client_id}/requests`, {
      body: { wanted: 'production', scopes: [], purpose: 'Для всех', contact: 'club@example.org' },
    });
    expect(await reviewer('POST', `/requests/${asked.body.id}/approval`, { body: {} })).toMatchObject({
      status: 403,
      body: { type: 'urn:union-id:problem:own_request' },
    });
  });
});
