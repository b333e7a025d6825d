/** Tokens for an API: sealed, refreshed once however many pages ask, gone with the session. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiTokens, sqliteApiTokens } from '../../../clients/relying-party/api-tokens.ts';
import { type Database, openDatabase } from '../../../clients/relying-party/database.ts';
import type { Refusal, Tokens } from '../../../clients/relying-party/gateway.ts';
import { keyedHash } from '../../../clients/relying-party/keyed-hash.ts';
import { type Sessions, sqliteSessions } from '../../../clients/relying-party/sessions.ts';

const START = Date.UTC(2026, 8, 27, 9);
const MINUTE_MS = 60_000;

let now = START;
const clock = { now: () => new Date(now) };
const hash = keyedHash(Buffer.alloc(32, 1));

let database: Database;
let sessions: Sessions;
let tokens: ApiTokens;
let asked: string[];
let answer: () => Promise<Tokens | Refusal>;
let value: string;

const first = (): Tokens => ({
  accessToken: 'the first access token',
  refreshToken: 'the first refresh token',
  scopes: ['integrations:read'],
  expiresAt: new Date(START + 5 * MINUTE_MS),
});

beforeEach(() => {
  now = START;
  asked = [];
  answer = async () => ({ ...first(), accessToken: 'the second', expiresAt: new Date(now + 5 * MINUTE_MS) });
  database = openDatabase(':memory:', [
    new URL('../../../clients/relying-party/schema.sql', import.meta.url),
  ]);
  sessions = sqliteSessions(database, hash, clock);
  tokens = sqliteApiTokens({
    ...{ database, hash, clock },
    gateway: {
      refresh(refreshToken) {
        asked.push(refreshToken);
        return answer();
      },
    },
  });
  value = sessions.start({ sub: 'anna', idToken: 'an id token' }, {});
  tokens.keep(value, first());
});
afterEach(() => database.close());

const stored = () => JSON.stringify(database.prepare('select * from api_token').all());

test('are the same until they are nearly over', async () => {
  expect(await tokens.of(value)).toEqual(first());
  expect(asked).toEqual([]);
});

test('are refreshed once when several pages ask at the same time', async () => {
  now += 5 * MINUTE_MS;
  const found = await Promise.all([tokens.of(value), tokens.of(value), tokens.of(value)]);
  expect(found.map((each) => each?.accessToken)).toEqual(['the second', 'the second', 'the second']);
  expect(asked).toEqual(['the first refresh token']);
  expect((await tokens.of(value))?.accessToken).toBe('the second');
});

test('cannot be read from the file', async () => {
  expect(stored()).not.toContain('access token');
  expect(stored()).not.toContain(Buffer.from('the first access token').toString('base64url').slice(2, 20));
});

test('open to no other cookie', async () => {
  const other = sessions.start({ sub: 'anna', idToken: 'an id token' }, {});
  expect(await tokens.of(other)).toBeUndefined();
  database.exec(
    "update api_token set session = (select id from session where sub = 'anna' and id <> session)",
  );
  await expect(tokens.of(other)).rejects.toThrow();
});

test('end with the session', async () => {
  sessions.end(sessions.find(value)!.id);
  expect(stored()).toBe('[]');
  expect(await tokens.of(value)).toBeUndefined();
});

test('a refusal means to sign in again', async () => {
  now += 5 * MINUTE_MS;
  answer = async () => ({ refused: 'invalid_grant' });
  expect(await tokens.of(value)).toBeUndefined();
  expect(stored()).toBe('[]');
});

test('whoever signs out while they are refreshed leaves nothing behind', async () => {
  now += 5 * MINUTE_MS;
  const { id } = sessions.find(value)!;
  const before = answer;
  answer = async () => {
    sessions.end(id);
    return before();
  };
  await tokens.of(value);
  expect(stored()).toBe('[]');
});

test('an outage is told and changes nothing', async () => {
  now += 5 * MINUTE_MS;
  answer = async () => {
    throw new Error('nobody there');
  };
  await expect(tokens.of(value)).rejects.toThrow('nobody there');
  answer = async () => ({ ...first(), accessToken: 'the third' });
  expect((await tokens.of(value))?.accessToken).toBe('the third');
});
