/** Sessions and authorization requests against a clock that stands still. */
import { beforeEach, describe, expect, test } from 'vitest';
import { memberProfile } from '../../../clients/quiz/member.ts';
import {
  type AuthorizationRequests,
  sqliteAuthorizationRequests,
} from '../../../clients/relying-party/authorization-requests.ts';
import { type Database, openDatabase } from '../../../clients/relying-party/database.ts';
import { keyedHash } from '../../../clients/relying-party/keyed-hash.ts';

import { type Sessions, sqliteSessions } from '../../../clients/relying-party/sessions.ts';
import { pathWithin } from '../../../clients/relying-party/sign-in.ts';

const SCHEMA = new URL('../../../clients/relying-party/schema.sql', import.meta.url);
const HOUR = 3_600_000;
const PROFILE = memberProfile({ given_name: 'Мария', membership: 'member' });

let now: number;
let database: Database;
let sessions: Sessions;
let requests: AuthorizationRequests;

beforeEach(() => {
  now = Date.parse('2026-09-27T09:00:00Z');
  database = openDatabase(':memory:', [SCHEMA]);
  const clock = { now: () => new Date(now) };
  const hash = keyedHash(Buffer.alloc(32, 1));
  sessions = sqliteSessions(database, hash, clock);
  requests = sqliteAuthorizationRequests(database, hash, clock);
});

const start = (sub: string, sid?: string) => sessions.start({ sub, sid, idToken: 'token' }, PROFILE);
const ROWS = {
  session: 'select * from session',
  logout_token: 'select * from logout_token',
  authorization_request: 'select * from authorization_request',
};
const rows = (table: keyof typeof ROWS) => database.prepare(ROWS[table]).all();

describe('a session', () => {
  test('is found by the value of the cookie, which is stored nowhere', () => {
    const value = start('maria');
    expect(sessions.find(value)).toMatchObject({
      sub: 'maria',
      profile: { givenName: 'Мария', membership: 'member' },
    });
    expect(sessions.find(`${value}x`)).toBeUndefined();
    expect(JSON.stringify(rows('session'))).not.toContain(value);
  });

  test('ends after two hours without use', () => {
    const value = start('maria');
    now += 2 * HOUR - 1;
    expect(sessions.find(value)).toBeDefined();
    now += 2 * HOUR;
    expect(sessions.find(value)).toBeUndefined();
  });

  test('ends after twelve hours whatever its use', () => {
    const value = start('maria');
    for (let hour = 1; hour < 12; hour += 1) {
      now += HOUR;
      expect(sessions.find(value)).toBeDefined();
    }
    now += HOUR;
    expect(sessions.find(value)).toBeUndefined();
  });

  test('leaves nothing behind', () => {
    start('maria');
    sessions.obey({ jti: 'one', sub: 'nobody', expiresAt: new Date(now + 1) });
    requests.add(request);
    now += 2 * HOUR;
    sessions.purge();
    requests.purge();
    expect([rows('session'), rows('logout_token'), rows('authorization_request')]).toEqual([[], [], []]);
  });
});

describe('a logout', () => {
  const expiresAt = new Date(Date.parse('2026-09-27T10:00:00Z'));

  test('by sid ends one session, by sub all of a person', () => {
    const [first, second] = [start('maria', 's1'), start('maria', 's2')];
    const other = start('artyom', 's3');
    expect(sessions.obey({ jti: 'one', sid: 's1', sub: 'maria', expiresAt })).toBe(1);
    expect([first, second, other].map((value) => sessions.find(value)?.sub)).toEqual([
      undefined,
      'maria',
      'artyom',
    ]);
    expect(sessions.obey({ jti: 'two', sub: 'maria', expiresAt })).toBe(1);
    expect([second, other].map((value) => sessions.find(value)?.sub)).toEqual([undefined, 'artyom']);
  });

  test('by a sid that is somebody else’s ends nothing', () => {
    const value = start('maria', 's1');
    expect(sessions.obey({ jti: 'one', sid: 's1', sub: 'artyom', expiresAt })).toBe(0);
    expect(sessions.find(value)).toBeDefined();
  });

  test('counts once', () => {
    expect(sessions.obey({ jti: 'one', sub: 'maria', expiresAt })).toBe(0);
    const value = start('maria');
    expect(sessions.obey({ jti: 'one', sub: 'maria', expiresAt })).toBeUndefined();
    expect(sessions.find(value)).toBeDefined();
  });

  test('names the gateway session the person was seen in last', () => {
    const value = start('maria', 's1');
    sessions.renew(sessions.find(value)!.id, { sub: 'maria', sid: 's2', idToken: 'newer' });
    expect(sessions.find(value)?.idToken).toBe('newer');
    expect(sessions.obey({ jti: 'one', sid: 's1', expiresAt })).toBe(0);
    expect(sessions.obey({ jti: 'two', sid: 's2', expiresAt })).toBe(1);
  });
});

const request = {
  state: 'state',
  browser: 'browser',
  nonce: 'nonce',
  codeVerifier: 'verifier',
  purpose: 'sign-in',
  returnTo: '/finish',
  silent: true,
};

describe('an authorization request', () => {
  test('is taken once, by the browser that made it', () => {
    requests.add(request);
    expect(requests.take('state', 'another browser')).toBeUndefined();
    expect(requests.take('state', 'browser')).toEqual(request);
    expect(requests.take('state', 'browser')).toBeUndefined();
  });

  test('waits two hours, for somebody who must create an account first', () => {
    requests.add(request);
    now += 2 * HOUR - 1;
    expect(requests.take('state', 'browser')).toEqual(request);
    requests.add(request);
    now += 2 * HOUR;
    expect(requests.take('state', 'browser')).toBeUndefined();
  });
});

test.each([
  [{}, { membership: 'none' }],
  [{ membership: 'admin', given_name: 7 }, { membership: 'none' }],
  [
    { given_name: ' Мария ', name: 'Иванова Мария' },
    { givenName: 'Мария', membership: 'none' },
  ],
])('of the claims %j a portal keeps %j', (claims, kept) => {
  expect(JSON.parse(JSON.stringify(memberProfile(claims)))).toEqual(kept);
});

test.each([
  ['/questions/7?a=b', '/questions/7?a=b'],
  ['/questions/7#there', '/questions/7'],
  ['//evil.test/', '/'],
  ['/\\evil.test/', '/'],
  ['/\n/evil.test/', '/'],
  ['https://quiz.example.test/finish', '/'],
  ['https://evil.test/', '/'],
  ['javascript:alert(1)', '/'],
  ['', '/'],
  [undefined, '/'],
  [['/finish'], '/'],
])('return address %j leads to %s', (address, path) => {
  expect(pathWithin('https://quiz.example.test', address)).toBe(path);
});
