/** How the management API behaves, whatever is asked: who may call, what a refusal looks like, what happens once. */

import { createHash, randomUUID } from 'node:crypto';
import SwaggerParser from '@apidevtools/swagger-parser';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { authorizationCodeGrant } from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import {
  type Api,
  type ApiAnswer,
  accountOf,
  apiWith,
  DEVELOPERS_CALLBACK,
  DEVELOPERS_SECRET,
  registerDevelopers,
  tokenFor,
  webApplication,
} from '../../support/management-api.ts';
import { relyingParty } from '../../support/relying-party.ts';
import { testStores } from '../../support/stores.ts';
import { visitor } from '../../support/visitor.ts';
import { fillIn, signIn, toSignIn } from '../../support/walks.ts';

const DEVELOPER = 'anna@example.test';

let open: OpenHouse;
let developer: string;
let token: string;
let api: Api;
beforeAll(async () => {
  open = await openHouse({ ...(await testStores()), THROTTLE: 'off' });
  await registerDevelopers(open);
  developer = await accountOf(open, DEVELOPER);
  token = await tokenFor(open, developer);
  api = apiWith(open, token);
});
afterAll(() => open.close());

const expectProblem = ({ status, headers, body }: ApiAnswer, expected: number, code: string) => {
  expect({ status, body }).toMatchObject({
    status: expected,
    body: { type: `urn:union-id:problem:${code}`, status: expected },
  });
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body.title).toEqual(expect.any(String));
  expect(body.detail).toEqual(expect.any(String));
};

type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
};
const readDocument = async (): Promise<Document> =>
  (await (await fetch(`${open.issuer}/api/openapi.json`)).json()) as Document;

describe('the document', () => {
  it('is OpenAPI 3.1', async () => {
    const document = await readDocument();
    expect(document).toMatchObject({ openapi: '3.1.0' });
    await SwaggerParser.validate(document as never);
  });

  it('names operations that are all served', async () => {
    const { paths } = await readDocument();
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of Object.keys(methods)) {
        const answer = await apiWith(open, undefined)(
          method.toUpperCase(),
          path.replaceAll(/\{\w+\}/g, 'anything'),
        );
        // A route that is not there says so before it asks who calls.
        expect(answer.status, `${method} ${path}`).toBe(401);
      }
    }
  });

  it('leaves none out that is served', async () => {
    const { paths } = await readDocument();
    for (const [path, methods] of Object.entries(paths)) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        if (method.toLowerCase() in methods) continue;
        const answer = await api(method, path.replaceAll(/\{\w+\}/g, 'anything'));
        expectProblem(answer, 405, 'method_not_allowed');
        expect(answer.headers.get('allow')).toContain(Object.keys(methods)[0]?.toUpperCase());
      }
    }
    expectProblem(await api('GET', '/nothing-of-the-kind'), 404, 'not_found');
  });
});

describe('whoever calls', () => {
  it('is asked for a token', async () => {
    const answer = await apiWith(open, undefined)('GET', '/me');
    expectProblem(answer, 401, 'unauthorized');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="api"');
    const wrong = await apiWith(open, 'not-a-token-of-ours')('GET', '/me');
    expectProblem(wrong, 401, 'unauthorized');
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('gets one by signing in, for this resource alone', async () => {
    const portal = await relyingParty({
      ...{ issuer: open.issuer, clientId: 'developers', secret: DEVELOPERS_SECRET },
      redirectUri: DEVELOPERS_CALLBACK,
    });
    const person = visitor();
    const resource = `${open.issuer}/api`;
    const { started, page } = await toSignIn(person, portal, { scope: 'openid integrations:read', resource });
    const arrived = await fillIn(person, portal, page, { identifier: DEVELOPER });
    const tokens = await authorizationCodeGrant(portal.config, arrived.url, started.checks, { resource });
    const me = await apiWith(open, tokens.access_token)('GET', '/me');
    expect(me).toMatchObject({ status: 200, body: { is_reviewer: false } });
    const other = await apiWith(open, tokens.access_token)('POST', '/integrations', {
      body: webApplication('Без права'),
    });
    expectProblem(other, 403, 'insufficient_scope');
    expect(other.headers.get('www-authenticate')).toContain('scope="integrations:write"');

    const plain = await signIn(visitor(), portal, { identifier: DEVELOPER });
    expectProblem(await apiWith(open, plain.tokens.access_token)('GET', '/me'), 401, 'unauthorized');
  });

  it('is refused the scope of reviewers at once, and asked for more where she is one', async () => {
    const portal = await relyingParty({
      ...{ issuer: open.issuer, clientId: 'developers', secret: DEVELOPERS_SECRET },
      redirectUri: DEVELOPERS_CALLBACK,
    });
    const asked = {
      scope: 'openid integrations:review',
      resource: `${open.issuer}/api`,
      acr_values: 'urn:opo:loa:2',
    };
    const person = visitor();
    await signIn(person, portal, { identifier: DEVELOPER });
    const { url } = await portal.start(asked);
    const refused = await person.follow(await person.request(url), portal.isCallback);
    expect(refused.url.searchParams.get('error')).toBe('access_denied');

    await open.house.stores.database.query(
      "insert into staff_role (account_id, role, granted_by) values ($1, 'administrator', 'test')",
      [developer],
    );
    const withoutLevel = await portal.start({ ...asked, acr_values: 'urn:opo:loa:1' });
    const denied = await person.follow(await person.request(withoutLevel.url), portal.isCallback);
    expect(denied.url.searchParams.get('error')).toBe('access_denied');
    const { page } = await toSignIn(person, portal, asked);
    expect(page.url.pathname).toMatch(/^\/interaction\//);
    await open.house.stores.database.query('delete from staff_role where account_id = $1', [developer]);
  });

  it('is nobody once she has signed out everywhere', async () => {
    const leaving = await accountOf(open, 'petrov1@example.test');
    const hers = apiWith(open, await tokenFor(open, leaving));
    expect((await hers('GET', '/me')).status).toBe(200);
    await open.house.stores.database.query(
      "update account set signed_out_at = clock_timestamp() + interval '2 seconds' where id = $1",
      [leaving],
    );
    expectProblem(await hers('GET', '/me'), 401, 'unauthorized');
  });

  it('proves with a bound token that it is hers', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const bound = await tokenFor(open, developer, 'integrations:read', {
      jkt: await calculateJwkThumbprint(jwk),
    });
    const proof = (over: object = {}) =>
      new SignJWT({
        ...{ jti: randomUUID(), htm: 'GET', htu: `${open.issuer}/api/v1/me` },
        ath: createHash('sha256').update(bound).digest('base64url'),
        ...over,
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(privateKey);
    const call = async (made: string, scheme = 'DPoP') =>
      (
        await apiWith(open, undefined)('GET', '/me', {
          headers: { authorization: `${scheme} ${bound}`, ...(made && { dpop: made }) },
        })
      ).status;
    const good = await proof();
    expect(await call(good)).toBe(200);
    expect(await call(good)).toBe(401);
    expect(await call('', 'Bearer')).toBe(401);
    expect(await call('')).toBe(401);
    expect(await call(await proof({ htm: 'POST' }))).toBe(401);
    expect(await call(await proof({ htu: 'https://elsewhere.test/api/v1/me' }))).toBe(401);
    expect(await call(await proof({ ath: 'other' }))).toBe(401);
  });

  it('is nobody with a token that is bound to a certificate, which nobody asks for here', async () => {
    const token = await tokenFor(open, developer, 'integrations:read', { 'x5t#S256': 'A'.repeat(43) });
    expectProblem(await apiWith(open, token)('GET', '/me'), 401, 'unauthorized');
  });
});

describe('a write', () => {
  it('needs its key, and ten at once with one key happen once', async () => {
    const without = await api('POST', '/integrations', { body: webApplication('Без ключа'), key: '' });
    expectProblem(without, 400, 'idempotency_key_missing');
    const call = { body: webApplication('Один раз'), key: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 10 }, () => api('POST', '/integrations', call)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => `${body.client_id} ${body.client_secret}`)).size).toBe(1);
    const named = (await api('GET', '/integrations?limit=100')).body.items.filter(
      ({ name }: { name: string }) => name === 'Один раз',
    );
    expect(named).toHaveLength(1);
    const other = await api('POST', '/integrations', { ...call, body: webApplication('Другое') });
    expectProblem(other, 422, 'idempotency_key_reused');
  });

  it('changes what was seen, and nothing else', async () => {
    const made = await api('POST', '/integrations', { body: webApplication('Правка') });
    const path = `/integrations/${made.body.client_id}`;
    const seen = String(made.headers.get('etag'));
    const change = { body: { name: 'Правка 2' } };
    expectProblem(await api('PATCH', path, change), 428, 'precondition_required');
    expectProblem(await api('PATCH', path, { ...change, ifMatch: '"0"' }), 412, 'precondition_failed');
    const both = await Promise.all([
      api('PATCH', path, { ...change, ifMatch: seen }),
      api('PATCH', path, { body: { name: 'Правка 3' }, ifMatch: seen }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    expect(both.find(({ status }) => status === 200)?.headers.get('etag')).not.toBe(seen);
  });
});

describe('input', () => {
  const refused = async (body: unknown, pointer: string, code: string) => {
    const answer = await api('POST', '/integrations', { body });
    expectProblem(answer, 422, 'invalid_input');
    expect(answer.body.errors).toContainEqual({ pointer, code, detail: expect.any(String) });
  };

  it('is told each fault with its place and a code', async () => {
    await refused({ ...webApplication('x'), colour: 'red' }, '/colour', 'unknown_field');
    await refused({ ...webApplication('x'), name: undefined }, '/name', 'required');
    await refused({ ...webApplication('x'), name: 7 }, '/name', 'wrong_type');
    await refused({ ...webApplication('x'), name: 'a\u0000b' }, '/name', 'no_character');
    await refused(
      { ...webApplication('x'), redirect_uris: ['https://evil.test/cb'] },
      '/redirect_uris/0',
      'foreign_host',
    );
    await refused({ ...webApplication('x'), authentication: 'keys' }, '/jwks', 'keys_needed');
    const secret = { kty: 'oct', k: 'c2VjcmV0' };
    await refused(
      { ...webApplication('x'), authentication: 'keys', jwks: { keys: [secret] } },
      '/jwks/keys/0',
      'symmetric',
    );
    await refused({ ...webApplication('x'), kind: 'spa' }, '/authentication', 'authentication_of_kind');
  });

  it('is what people can see: nothing that turns a name round, hides in it, or towers over the page', async () => {
    for (const unseen of ['\u202e', '\u2066', '\u200b', '\u00ad', '\u3164', '\u2028', '\u0301\u0301\u0301']) {
      for (const field of ['name', 'owner']) {
        const body = { ...webApplication('x'), [field]: `Единый${unseen} кабинет` };
        await refused(body, `/${field}`, 'wrong_value');
      }
    }
  });

  it('is said in the language of the reader', async () => {
    const read = async (language: string) =>
      (await api('GET', '/integrations/none-such', { headers: { 'accept-language': language } })).body.title;
    expect(await read('ru')).toBe('Не найдено');
    expect(await read('en')).toBe('Not found');
  });

  it('is JSON in a body of some size', async () => {
    const text = { headers: { 'content-type': 'text/plain' } };
    expectProblem(await api('POST', '/integrations', { ...text, body: '{}' }), 415, 'unsupported_media_type');
    expectProblem(await api('POST', '/integrations', { body: '{"name":' }), 400, 'invalid_request');
    const long = { ...webApplication('x'), owner: 'я'.repeat(70_000) };
    expectProblem(await api('POST', '/integrations', { body: long }), 413, 'too_large');
  });

  it('may be a cursor of this very list alone', async () => {
    for (const cursor of ['nonsense', 'YQ.YQ', '%00', '']) {
      const answer = await api('GET', `/integrations?cursor=${cursor}`);
      expectProblem(answer, 422, 'invalid_input');
    }
    expectProblem(await api('GET', '/integrations?limit=101'), 422, 'invalid_input');
    expectProblem(await api('GET', '/integrations?limit=1&limit=2'), 422, 'invalid_input');
  });

  it('of every sort is never a fault of ours', async () => {
    const random = mulberry(20_261_121);
    const { paths } = await readDocument();
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    const faults: string[] = [];
    for (let round = 0; round < 400; round += 1) {
      const [method, path] = pick(random, calls);
      const where = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(pick(random, ODD_TEXTS)));
      const body = method === 'GET' ? undefined : (JSON.stringify(oddValue(random, 3)) ?? 'null');
      const { status } = await api(method, where, { ...(body !== undefined && { body }), ifMatch: '"1"' });
      if (status >= 500) faults.push(`${status} ${method} ${where} ${body}`);
    }
    expect(faults).toEqual([]);
  });
});

const ODD_TEXTS = [
  'x',
  '../..',
  '\u0000',
  '{{7*7}}',
  "' or 1=1",
  'я'.repeat(50),
  '💣',
  '\ud800'.toWellFormed(),
  '-1',
];
const ODD_VALUES = [null, true, -1, 1e308, '', ...ODD_TEXTS, [], {}, 'https://quiz.example.ru/cb'];
const FIELDS = [
  ...['name', 'kind', 'site', 'owner', 'redirect_uris', 'authentication', 'jwks', 'jwks_uri', 'testers'],
  ...['wanted', 'scopes', 'purpose', 'contact', 'reason', 'note', 'overlap_hours', 'addresses', '__proto__'],
];

function oddValue(random: () => number, depth: number): unknown {
  if (depth === 0 || random() < 0.3) return pick(random, ODD_VALUES);
  if (random() < 0.2) return Array.from({ length: 3 }, () => oddValue(random, depth - 1));
  return Object.fromEntries(
    Array.from({ length: 5 }, () => [pick(random, FIELDS), oddValue(random, depth - 1)]),
  );
}

const pick = <Item>(random: () => number, from: readonly Item[]): Item =>
  from[Math.floor(random() * from.length)] as Item;

/** The same throws every time. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
