import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { buildEndSessionUrl } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type OpenHouse, openHouse } from '../support/house.ts';
import { compass, dictation } from '../support/portals.ts';
import type { RelyingParty } from '../support/relying-party.ts';
import { testStores } from '../support/stores.ts';
import { visitor } from '../support/visitor.ts';
import { signIn } from '../support/walks.ts';

let open: OpenHouse;
let quiz: RelyingParty;
let other: RelyingParty;
let receiver: Server;
const received: { path: string; token: string }[] = [];
let failures = 0;
let refusals = 0;

beforeAll(async () => {
  open = await openHouse(await testStores());
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (refusals > 0) {
      refusals -= 1;
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_request"}');
      return;
    }
    if (failures > 0) {
      failures -= 1;
      response.writeHead(503).end();
      return;
    }
    received.push({ path: request.url ?? '', token: new URLSearchParams(body).get('logout_token') ?? '' });
    response.writeHead(200).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => receiver.once('listening', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  quiz = await dictation(open, { backchannel: `${url}/dictation` });
  other = await compass(open, { backchannel: `${url}/compass` });
});
afterAll(async () => {
  await open.close();
  receiver.close();
});

const bothPortals = async (identifier: string) => {
  const person = visitor();
  const first = await signIn(person, quiz, { identifier });
  const started = await other.start();
  const arrived = await person.follow(await person.request(started.url), other.isCallback);
  const second = await other.finish(arrived.url, started);
  return { person, first: first.tokens, second };
};

const endSession = (tokens: { id_token?: string | undefined }) =>
  buildEndSessionUrl(other.config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: 'http://127.0.0.1:2/',
    state: 'back',
  });

describe('«выйти везде?»', () => {
  it('yes: the session ends and the other portal is told, signed, through the queue', async () => {
    received.length = 0;
    const { person, first, second } = await bothPortals('ivanova@example.test');
    const question = await person.open(endSession(second));
    expect(question.body).toContain('Выйти везде');
    const done = await person.follow(
      await person.submit(question, /confirm/, { logout: 'yes' }),
      (url) => url.port === '2',
    );
    expect(done.url.href).toBe('http://127.0.0.1:2/?state=back');

    await vi.waitFor(
      () => expect(received.map(({ path }) => path).sort()).toEqual(['/compass', '/dictation']),
      8_000,
    );
    const { token } = received.find(({ path }) => path === '/dictation') ?? { token: '' };
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${open.issuer}/jwks`)), {
      issuer: open.issuer,
      audience: 'dictation',
      typ: 'logout+jwt',
    });
    expect(payload.sid).toBe(decodeJwt(first.id_token ?? '').sid);
    expect(payload.events).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });

    const cabinet = await person.request(`${open.issuer}/cabinet`);
    expect(cabinet.status).toBe(303);
  });

  it('no: only this portal; the other goes on without a form', async () => {
    const { person, second } = await bothPortals('fedorov@example.test');
    const question = await person.open(endSession(second));
    await person.submit(question, /confirm/);
    const started = await quiz.start({ prompt: 'none' });
    const silent = await person.follow(await person.request(started.url), quiz.isCallback);
    expect(silent.url.searchParams.get('error')).toBeNull();
  });

  it('a portal that is down is told when it is back', async () => {
    received.length = 0;
    failures = 2;
    const { person, second } = await bothPortals('timur@example.test');
    const question = await person.open(endSession(second));
    await person.submit(question, /confirm/, { logout: 'yes' });
    await vi.waitFor(
      () => expect(received.map(({ path }) => path).sort()).toEqual(['/compass', '/dictation']),
      25_000,
    );
  }, 30_000);

  it('what became of it is in a log, and is told again with another token', async () => {
    const { logoutDeliveries } = open.house;
    await vi.waitFor(async () => {
      const states = (await logoutDeliveries.list({ limit: 100 })).map(({ state }) => state);
      expect(new Set(states)).toEqual(new Set(['delivered']));
    }, 10_000);
    const list = await logoutDeliveries.list({ clientId: 'dictation', limit: 100 });
    const [latest] = list;
    expect(list.some(({ clientId }) => clientId !== 'dictation')).toBe(false);
    // One of the two that were down was tried more than once.
    expect((await logoutDeliveries.list({ limit: 100 })).some(({ attempts }) => attempts > 1)).toBe(true);
    const before = received.map(({ token }) => decodeJwt(token).jti);
    received.length = 0;
    const { database } = open.house.stores;
    expect(await database.transaction((tx) => open.house.replayLogout(latest?.id ?? '', tx))).toBe(true);
    expect(await database.transaction((tx) => open.house.replayLogout(latest?.id ?? '', tx))).toBe(false);
    await vi.waitFor(() => expect(received).toHaveLength(1), 8_000);
    expect(received[0]?.path).toBe('/dictation');
    expect(before).not.toContain(decodeJwt(received[0]?.token ?? '').jti);
  });

  it('a portal that calls it invalid is not asked again', async () => {
    refusals = 2;
    received.length = 0;
    const { person, second } = await bothPortals('ivanova@example.test');
    const question = await person.open(endSession(second));
    await person.submit(question, /confirm/, { logout: 'yes' });
    await vi.waitFor(async () => {
      const found = await open.house.logoutDeliveries.list({ limit: 2 });
      expect(found.map(({ state, status, attempts }) => [state, status, attempts])).toEqual([
        ['refused', 400, 1],
        ['refused', 400, 1],
      ]);
    }, 8_000);
    expect(received).toEqual([]);
  });

  it('without a session there is a button instead of a script', async () => {
    const page = await visitor().open(`${open.issuer}/session/end`);
    expect(page.status).toBe(200);
    expect(page.html.querySelectorAll('button').length).toBeGreaterThan(0);
    expect(page.html.querySelectorAll('script:not([src])').length).toBe(0);
  });

  it('is not done by a link: a foreign post without the form’s secret changes nothing', async () => {
    const { person } = await bothPortals('sofia@example.test');
    await person.request(`${open.issuer}/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ logout: 'yes', xsrf: 'guess' }),
    });
    const cabinet = await person.request(`${open.issuer}/cabinet`);
    expect(cabinet.status).toBe(200);
  });
});
