/** An old portal that answers, does not, or answers with whatever it likes. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pinnedOutward } from '../../../adapters/outward/pinned.ts';
import { oldPortal } from '../../../adapters/password-hasher/foreign-portal.ts';

type Asked = { readonly authorization: string | undefined; readonly body: unknown };

let server: Server;
let url: string;
let asked: Asked[];
let answer: (response: ServerResponse) => void;
let faults: string[];

beforeAll(async () => {
  server = createServer(async (request: IncomingMessage, response) => {
    const body = (await Array.fromAsync(request as AsyncIterable<Buffer>)).join('');
    asked.push({ authorization: request.headers.authorization, body: JSON.parse(body) });
    answer(response);
  });
  await new Promise<void>((done) => server.listen(0, 'localhost', done));
  url = `http://localhost:${(server.address() as AddressInfo).port}/check`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  faults = [];
});

const outward = (loopback: boolean) => pinnedOutward({ opened: [], loopback });
const portal = (at = url, loopback = true) =>
  oldPortal({
    ...{ url: at, token: 'a token of the old portal' },
    ...{ outward: outward(loopback), onFault: (reason: string) => faults.push(reason), timeout: 300 },
  });
const says = (text: string, status = 200) => {
  answer = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(text);
};
const undecided = { matches: false, outdated: false, undecided: true };

it('is told login and password in the body, and says yes or no', async () => {
  says('{"right":true}');
  expect(await portal().judge('Иванова', 'пароль')).toEqual({ matches: true, outdated: true });
  says('{"right":false}');
  expect(await portal().judge('Иванова', 'пароль')).toEqual({ matches: false, outdated: false });
  expect(asked[0]).toEqual({
    authorization: 'Bearer a token of the old portal',
    body: { login: 'Иванова', password: 'пароль' },
  });
  expect(faults).toEqual([]);
});

describe('decides nothing, and says no more than a word,', () => {
  it.each<[string, (response: ServerResponse) => void, string]>([
    ['a yes that is no truth value', (r) => r.end('{"right":"true"}'), 'not_understood'],
    ['a page', (r) => r.end('<html>Иванова пароль</html>'), 'not_understood'],
    ['a refusal', (r) => r.writeHead(401).end('{"right":true}'), 'status 401'],
    ['a fault', (r) => r.writeHead(500).end('{"right":true}'), 'status 500'],
    ['another place', (r) => r.writeHead(302, { location: 'http://localhost/' }).end(), 'status 302'],
    ['an endless answer', (r) => r.end(`{"right":true${' '.repeat(10_000)}}`), 'too_large'],
    ['silence', () => {}, 'timeout'],
    ['a broken line', (r) => r.destroy(), 'unreachable'],
  ])('%s', async (_, behaviour, reason) => {
    answer = behaviour;
    const old = portal();
    expect(old.isAway()).toBe(false);
    expect(await old.judge('Иванова', 'пароль')).toEqual(undecided);
    expect(old.isAway()).toBe(true);
    expect(faults).toEqual([reason]);
  });

  it.each([
    ['loopback that nobody has opened', 'https://localhost/check', 'unreachable'],
    ['a private address that nobody has opened', 'https://10.0.0.1/check', 'unreachable'],
    ['no TLS', 'http://example.org/check', 'not_allowed'],
  ])('%s', async (_, at, reason) => {
    expect(await portal(at, false).judge('Иванова', 'пароль')).toEqual(undecided);
    expect(faults).toEqual([reason]);
  });
});

it('is left alone after some failures, and forgiven at its first answer', async () => {
  says('{}', 503);
  const old = portal();
  for (let time = 0; time < 8; time += 1) await old.judge('Иванова', 'пароль');
  expect(asked).toHaveLength(5);
  expect(faults.slice(5)).toEqual(['resting', 'resting', 'resting']);
  says('{"right":true}');
  const another = portal();
  expect(await another.judge('Иванова', 'пароль')).toMatchObject({ matches: true });
  expect(another.isAway()).toBe(false);
});
