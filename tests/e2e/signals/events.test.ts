/** Events to receivers outside, as a receiver sees them: pushed, polled, repeated, refused. */
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EVENT_TYPES, SUPPORTED_EVENTS } from '../../../provider/signals/signal.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import {
  accountOf,
  apiWith,
  registerDevelopers,
  tokenFor,
  webApplication,
} from '../../support/management-api.ts';
import { compass, dictation, profcards } from '../../support/portals.ts';
import type { RelyingParty } from '../../support/relying-party.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { visitor } from '../../support/visitor.ts';
import { signIn } from '../../support/walks.ts';

const PUSH = 'urn:ietf:rfc:8935';
const POLL = 'urn:ietf:rfc:8936';
const PATIENCE = { timeout: 20_000, interval: 50 };
const SECRET = 'Bearer of the receiver';

let open: OpenHouse;
let bonus: RelyingParty;
let guide: RelyingParty;
let quiz: RelyingParty;
let receiver: Server;
let receiverUrl: string;
/** What the receiver answers next; 202 when there is none. */
const answers: { status: number; body?: object }[] = [];
const arrived: { token: string; headers: Record<string, unknown>; taken: boolean }[] = [];

beforeAll(async () => {
  open = await openHouse({ ...(await testStores()), REGISTRY_POLL_SECONDS: '0.2' });
  [bonus, guide, quiz] = [await profcards(open), await compass(open), await dictation(open)];
  for (const id of ['profcards-web', 'compass']) {
    const record = await open.house.clients.find(id);
    const { grant_types: types, ...metadata } = record?.metadata ?? { client_id: id };
    const grant_types = [...(types as string[]), 'client_credentials'];
    await open.house.clients.save(
      { ...metadata, grant_types } as typeof metadata & { client_id: string },
      'test',
    );
  }
  // Each process keeps a client for five seconds.
  await open.house.gateway.refresh();
  receiver = createServer(async (request, response) => {
    const token = Buffer.concat(await request.toArray()).toString();
    const { status, body } = answers.shift() ?? { status: 202, body: undefined };
    arrived.push({ token, headers: request.headers, taken: status === 202 });
    response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => receiver.once('listening', resolve));
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`;
});
afterAll(async () => {
  await open.close();
  receiver.closeAllConnections();
  receiver.close();
});

const SECRETS: Record<string, string> = {
  'profcards-web': 'a secret of the bonus programme, long enough',
  compass: 'a secret of the compass, long enough',
};

async function tokenOf(clientId: string, scope: string): Promise<string> {
  const credentials = btoa(
    `${clientId}:${encodeURIComponent(SECRETS[clientId] ?? '').replaceAll('%20', '+')}`,
  );
  const answer = await fetch(`${open.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}` },
    body: new URLSearchParams({
      ...{ grant_type: 'client_credentials', scope },
      ...(scope.startsWith('ssf.') && { resource: `${open.issuer}/ssf` }),
    }),
  });
  const body = (await answer.json()) as { access_token?: string };
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body.access_token ?? '';
}

type Answer = { status: number; body: Record<string, unknown>; headers: Headers };

async function ask(token: string, method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${open.issuer}${path}`, {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
}

type Poll = { sets: Record<string, string>; moreAvailable?: boolean };
const poll = async (token: string, body: object = {}): Promise<Poll> =>
  (await ask(token, 'POST', '/ssf/poll', body)).body as unknown as Poll;

const verified = async (token: string, audience: string) =>
  jwtVerify(token, createRemoteJWKSet(new URL(`${open.issuer}/jwks`)), {
    ...{ issuer: open.issuer, audience, typ: 'secevent+jwt' },
  });
const typeOf = (token: string): string => Object.keys(decodeJwt(token).events as object)[0] ?? '';
const pushed = (type: string) => arrived.filter(({ token, taken }) => taken && typeOf(token) === type);

const subjectAt = (tokens: { claims(): { sub: string } | undefined }) => tokens.claims()?.sub ?? '';

/** In the cabinet of a browser of her own. */
async function cabinet(identifier: string, room: string) {
  const person = visitor();
  const page = await person.open(`${open.issuer}${room}`);
  await person.follow(
    await person.submit(page, /\/password$/, { by: 'email', identifier, password: PASSWORD }),
  );
  return person;
}

describe('a receiver sets its stream up', () => {
  it('finds out how', async () => {
    const { body } = await ask('', 'GET', '/.well-known/ssf-configuration');
    expect(body).toMatchObject({
      spec_version: '1_0',
      issuer: open.issuer,
      delivery_methods_supported: [PUSH, POLL],
      configuration_endpoint: `${open.issuer}/ssf/stream`,
    });
  });

  it('with a token for it and no other', async () => {
    const person = await signIn(visitor(), bonus, { identifier: 'ivanova@example.test' });
    const strangers = ['', 'made-up', person.tokens.access_token, await tokenOf('compass', 'openid')];
    const statuses = [];
    for (const token of strangers) statuses.push((await ask(token, 'GET', '/ssf/stream')).status);
    expect(statuses).toEqual([401, 401, 401, 401]);
    const reading = await tokenOf('compass', 'ssf.read');
    expect((await ask(reading, 'GET', '/ssf/stream')).body).toEqual([]);
    expect((await ask(reading, 'POST', '/ssf/stream', {})).status).toBe(403);
  });

  it('one, at an address that may be asked, and sees only its own', async () => {
    const token = await tokenOf('profcards-web', 'ssf.manage');
    const at = (endpoint_url: string) => ({ delivery: { method: PUSH, endpoint_url } });
    for (const address of ['http://evil.test/', 'ftp://a.test/', 'nonsense', 'https://a.test/#here']) {
      expect((await ask(token, 'POST', '/ssf/stream', at(address))).status, address).toBe(400);
    }
    const delivery = { ...at(receiverUrl).delivery, authorization_header: SECRET };
    const made = await ask(token, 'POST', '/ssf/stream', {
      ...{ delivery, events_requested: [...SUPPORTED_EVENTS, 'urn:nobody:knows'] },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      ...{ iss: open.issuer, aud: 'profcards-web', events_delivered: SUPPORTED_EVENTS },
      delivery: { method: PUSH, endpoint_url: receiverUrl },
    });
    expect(JSON.stringify(made.body)).not.toContain(SECRET);
    expect((await ask(token, 'POST', '/ssf/stream', { delivery })).status).toBe(409);
    const id = made.body.stream_id as string;
    const other = await tokenOf('compass', 'ssf.manage');
    expect((await ask(other, 'GET', `/ssf/stream?stream_id=${id}`)).status).toBe(404);
    expect((await ask(other, 'DELETE', `/ssf/stream?stream_id=${id}`)).status).toBe(404);
    expect((await ask(other, 'POST', '/ssf/stream', {})).status).toBe(201);

    expect((await ask(token, 'POST', '/ssf/verification', { stream_id: id, state: 'here?' })).status).toBe(
      204,
    );
    const type = 'https://schemas.openid.net/secevent/ssf/event-type/verification';
    await vi.waitFor(() => expect(pushed(type)).toHaveLength(1), PATIENCE);
    const { payload } = await verified(pushed(type)[0]?.token ?? '', 'profcards-web');
    expect(payload).toMatchObject({
      sub_id: { format: 'opaque', id },
      events: { [type]: { state: 'here?' } },
    });
    expect(arrived[0]?.headers).toMatchObject({
      authorization: SECRET,
      'content-type': 'application/secevent+jwt',
    });
  });
});

describe('a session that ends', () => {
  it('is told to those who had a part in it, each by its own name for the person', async () => {
    const person = visitor();
    const atBonus = await signIn(person, bonus, { identifier: 'ivanova@example.test' });
    const started = await guide.start();
    const page = await person.follow(await person.request(started.url), guide.isCallback);
    const atGuide = await guide.finish(page.url, started);
    // She never was here with that browser: nothing of hers is its business.
    await signIn(visitor(), quiz, { identifier: 'ivanova@example.test' });

    const type = EVENT_TYPES['session-revoked'];
    const before = pushed(type).length;
    const home = await cabinet('ivanova@example.test', '/cabinet/sessions');
    const list = await home.open(`${open.issuer}/cabinet/sessions`);
    await home.follow(await home.submit(list, /end-others$/));

    await vi.waitFor(() => expect(pushed(type).length).toBeGreaterThan(before), PATIENCE);
    const told = await Promise.all(pushed(type).map(({ token }) => verified(token, 'profcards-web')));
    const subject = { format: 'iss_sub', iss: open.issuer, sub: subjectAt(atBonus.tokens) };
    expect(told.map(({ payload }) => payload.sub_id)).toContainEqual({
      ...{ format: 'complex', user: subject },
      session: { format: 'opaque', id: expect.any(String) },
    });
    for (const { payload } of told) {
      expect(payload).not.toHaveProperty('sub');
      expect(payload).not.toHaveProperty('exp');
    }

    const reading = await tokenOf('compass', 'ssf.read');
    const { sets } = await poll(reading);
    const [token = ''] = Object.values(sets);
    const { payload } = await verified(token, 'compass');
    expect((payload.sub_id as { user: object }).user).toEqual({
      ...{ format: 'iss_sub', iss: open.issuer, sub: subjectAt(atGuide) },
    });
    expect(Object.keys(sets)).toEqual([payload.jti]);
    expect((await poll(reading, { ack: Object.keys(sets) })).sets).toEqual({});
  });
});

describe('a portal that is disconnected', () => {
  it('hears of it, and nobody else does', async () => {
    const person = await cabinet('ivanova@example.test', '/cabinet/portals');
    await signIn(visitor(), bonus, { identifier: 'ivanova@example.test' });
    const list = await person.open(`${open.issuer}/cabinet/portals`);
    await person.follow(await person.submit(list, /profcards-web\/disconnect$/));
    const type = EVENT_TYPES['consent-withdrawn'];
    await vi.waitFor(() => expect(pushed(type)).toHaveLength(1), PATIENCE);
    const { payload } = await verified(pushed(type)[0]?.token ?? '', 'profcards-web');
    expect(payload.events).toEqual({
      [type]: { event_timestamp: expect.any(Number), consent: 'portal' },
    });
    const { sets } = await poll(await tokenOf('compass', 'ssf.read'));
    expect(Object.values(sets).map(typeOf)).not.toContain(type);
  });
});

describe('the receiver of the documentation', () => {
  it('takes what is signed for it, and refuses what is not', async () => {
    const port = await freePort();
    const script = spawn(process.execPath, ['docs/integrators/event-receiver.mjs'], {
      env: { ISSUER: open.issuer, CLIENT_ID: 'compass', AUTHORIZATION: SECRET, PORT: String(port) },
    });
    let said = '';
    script.stdout.on('data', (chunk) => {
      said += String(chunk);
    });
    await vi.waitFor(() => expect(said).toContain('listening'), PATIENCE);
    const endpoint_url = `http://localhost:${port}/`;
    const forged = await fetch(endpoint_url, {
      ...{ method: 'POST', headers: { authorization: SECRET }, body: arrived[0]?.token ?? '' },
    });
    // Signed by us, but for somebody else.
    expect([forged.status, await forged.json()]).toEqual([400, { err: 'invalid_request' }]);

    const token = await tokenOf('compass', 'ssf.manage');
    const [stream] = (await ask(token, 'GET', '/ssf/stream')).body as unknown as [{ stream_id: string }];
    const { stream_id } = stream;
    const delivery = { method: PUSH, endpoint_url, authorization_header: SECRET };
    expect((await ask(token, 'PATCH', '/ssf/stream', { stream_id, delivery })).status).toBe(200);
    expect((await ask(token, 'POST', '/ssf/verification', { stream_id, state: 's-1' })).status).toBe(204);
    await vi.waitFor(() => expect(said).toContain('"state":"s-1"'), PATIENCE);
    // No receiver makes us call an address as often as it likes.
    const again = () => ask(token, 'POST', '/ssf/verification', { stream_id });
    for (let time = 1; time < 10; time += 1) expect((await again()).status).toBe(204);
    const refused = await again();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    script.kill();
  });
});

describe('a developer', () => {
  it('leads the stream of her own application, sees its log and has it told again', async () => {
    await registerDevelopers(open);
    const api = apiWith(open, await tokenFor(open, await accountOf(open, 'anna@example.test')));
    const stranger = apiWith(open, await tokenFor(open, await accountOf(open, 'ivanova@example.test')));
    const made = await api('POST', '/integrations', { body: webApplication('События') });
    const clientId = made.body.client_id as string;
    const at = `/integrations/${clientId}/event-stream`;
    expect((await api('GET', at)).status).toBe(404);
    const wrong = await api('PUT', at, { body: { method: 'push', endpoint_url: 'http://evil.test/' } });
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/endpoint_url']);
    const put = await api('PUT', at, { body: { method: 'push', endpoint_url: receiverUrl } });
    expect(put).toMatchObject({ status: 200, body: { status: 'enabled', method: 'push' } });

    const account = await accountOf(open, 'ivanova@example.test');
    const { database } = open.house.stores;
    await database.query('insert into client_consent (account_id, client_id, scope) values ($1, $2, $3)', [
      ...[account, clientId, 'openid'],
    ]);
    await vi.waitFor(() => expect(arrived.length).toBeGreaterThan(0), PATIENCE);
    arrived.length = 0;
    const person = await cabinet('ivanova@example.test', '/cabinet/portals');
    const list = await person.open(`${open.issuer}/cabinet/portals`);
    await person.follow(await person.submit(list, new RegExp(`${clientId}/disconnect$`)));
    const mine = () => arrived.filter(({ token }) => decodeJwt(token).aud === clientId);
    await vi.waitFor(() => expect(mine()).toHaveLength(1), PATIENCE);
    const events = () => api('GET', `${at}/events`);
    await vi.waitFor(async () => expect((await events()).body.items[0]?.state).toBe('delivered'), PATIENCE);
    const [event] = (await events()).body.items;
    expect(event.jti).toBe(decodeJwt(mine()[0]?.token ?? '').jti);

    const since = new Date(Date.parse(event.occurred_at) - 1_000).toISOString();
    const again = await api('POST', `${at}/replay`, { body: { since } });
    expect(again).toMatchObject({ status: 202, body: { events: 1 } });
    await vi.waitFor(() => expect(mine()).toHaveLength(2), PATIENCE);
    expect(new Set(mine().map(({ token }) => decodeJwt(token).jti)).size).toBe(1);

    const statuses = [];
    for (let time = 0; time < 10; time += 1) {
      statuses.push((await api('POST', `${at}/verification`)).status);
    }
    // Somebody else's server must not be called by ours as often as a stranger likes.
    expect(statuses).toEqual([...Array(9).fill(202), 429]);

    for (const path of [at, `${at}/events`, `/integrations/${clientId}/logout-deliveries`]) {
      expect((await stranger('GET', path)).status, path).toBe(404);
      expect((await api('GET', path)).status, path).toBe(200);
    }
    expect((await stranger('POST', `${at}/replay`, { body: { since } })).status).toBe(404);
    expect((await api('DELETE', at)).status).toBe(204);
  });
});

describe('a membership that ends', () => {
  it('is told once, to who may know of it, when the receiver can take it', async () => {
    const { tokens } = await signIn(
      visitor(),
      bonus,
      { identifier: 'ivanova@example.test' },
      { scope: 'openid membership' },
    );
    const { database } = open.house.stores;
    const [member] = await database.query<{ id: string }>(
      `select m.id from member m join account a on a.member_id = m.id
         join identifier i on i.account_id = a.id where i.value = 'ivanova@example.test'`,
    );
    // Twice unwell, then well again.
    answers.push({ status: 503 }, { status: 503 });
    await database.query("update member set membership = 'ended' where id = $1", [member?.id ?? '']);
    await database.query('insert into register_change (member_id) values ($1)', [member?.id ?? '']);
    const type = EVENT_TYPES['membership-ended'];
    await vi.waitFor(() => expect(pushed(type)).toHaveLength(1), PATIENCE);
    const tries = arrived.filter(({ token }) => typeOf(token) === type);
    expect(tries.map(({ taken }) => taken)).toEqual([false, false, true]);
    expect(new Set(tries.map(({ token }) => decodeJwt(token).jti)).size).toBe(1);
    expect(decodeJwt(tries[0]?.token ?? '').sub_id).toMatchObject({ sub: subjectAt(tokens) });
  });
});
