/** What is refused before anything is looked at (security.md §0, c1 #40, c3 #100–103, classes 3, 16, 36). */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Scene, scene } from './scene.ts';
import { sendBytes } from './wire.ts';

let stage: Scene;
let host: string;
beforeAll(async () => {
  stage = await scene({ INITIAL_ACCESS_TOKEN: 'an-initial-access-token-that-nobody-guesses' });
  host = new URL(stage.issuer).host;
});
afterAll(() => stage.close());

const ask = (target: string, headers: readonly string[] = [`Host: ${host}`], method = 'GET', body = '') =>
  sendBytes(
    stage.port,
    [`${method} ${target} HTTP/1.1`, ...headers, 'Connection: close', '', body].join('\r\n'),
  );

const DISCOVERY = '/.well-known/openid-configuration';
const DOORS = [
  '/',
  '/auth?client_id=portal',
  DISCOVERY,
  '/cabinet',
  '/session/end',
  '/jwks',
  '/nowhere',
  '/robots.txt',
];

describe('#100 a foreign Host', () => {
  it.each([
    ...['evil.test', 'localhost', 'localhost:1', 'OURS.evil.test', 'evil.test:PORT', ''],
    ...['x.evil.test:80:90', 'evil@OURS', 'OURS@evil.test', 'OURS,evil.test', 'evil.test/OURS', '[::1'],
    ...['OURS.', 'OURS#evil.test', 'OURS?evil.test', 'OURS\\evil.test', 'OURS evil.test', 'http://OURS'],
    ...['127.0.0.1', '127.0.0.1:PORT', '[::1]:PORT', '0.0.0.0:PORT', 'localhost.:PORT', '2130706433:PORT'],
  ])('«%s» is refused at every door, and never repeated', async (spelling) => {
    const name = spelling.replace('OURS', host).replace('PORT', String(stage.port));
    for (const door of DOORS) {
      const answer = await ask(door, [`Host: ${name}`]);
      expect([400, 421], door).toContain(answer.status);
      expect(answer.text, door).not.toContain('evil');
    }
  });

  it('is 421 «Misdirected Request» when it is well-formed', async () => {
    expect((await ask('/', ['Host: evil.test'])).status).toBe(421);
  });

  it('is refused when there are two, or none', async () => {
    expect((await ask('/', [`Host: ${host}`, 'Host: evil.test'])).status).toBe(400);
    expect((await ask('/', [])).status).toBe(400);
    const old = await sendBytes(stage.port, 'GET / HTTP/1.0\r\n\r\n');
    expect(old.status).toBe(421);
  });
});

describe('#40 headers of a proxy that is none of ours', () => {
  const FORWARDED = [
    ['X-Forwarded-Host: evil.test'],
    ['X-Forwarded-Proto: https'],
    ['X-Forwarded-Proto: javascript'],
    ['X-Forwarded-Port: 1'],
    ['Forwarded: for=1.2.3.4;host=evil.test;proto=https'],
    ['X-Forwarded-For: 1.2.3.4, 5.6.7.8'],
    ['X-Forwarded-Host: evil.test', 'X-Forwarded-Host: evil.test'],
    ['X-Original-Host: evil.test', 'X-Host: evil.test', 'X-HTTP-Host-Override: evil.test'],
    ['X-Forwarded-Prefix: /evil.test', 'X-Original-URL: /evil.test', 'X-Rewrite-URL: /evil.test'],
    ['X-Real-IP: 1.2.3.4', 'True-Client-IP: 1.2.3.4', 'Via: 1.1 evil.test'],
  ];

  it.each(FORWARDED)('%s: changes no byte of discovery', async (...headers) => {
    const clean = await ask(DISCOVERY);
    expect((JSON.parse(clean.body) as { issuer: string }).issuer).toBe(stage.issuer);
    expect((await ask(DISCOVERY, [`Host: ${host}`, ...headers])).body).toBe(clean.body);
    expect((await ask(DISCOVERY)).body).toBe(clean.body);
  });

  it.each(FORWARDED)('%s: changes no page, no redirect and no cookie', async (...headers) => {
    const start = (await stage.portal.start()).url;
    for (const door of ['/', '/cabinet', '/session/end', start.pathname + start.search]) {
      const { text, headers: answered } = await ask(door, [`Host: ${host}`, ...headers]);
      expect(text, door).not.toContain('evil.test');
      expect(answered.get('location') ?? '/', door).toMatch(new RegExp(`^(/|${stage.issuer}/)`));
      expect(answered.get('set-cookie') ?? '', door).not.toMatch(/secure/i);
    }
  });

  it('do not lend an address to hide behind', async () => {
    await ask('/', [`Host: ${host}`, 'X-Forwarded-For: 203.0.113.77', 'Forwarded: for=203.0.113.77']);
    expect(stage.open.logged()).not.toContain('203.0.113');
  });
});

describe('§0 an absolute-form target', () => {
  it.each([
    ['of another host', 'http://evil.test/', 'evil.test'],
    ['of another host under our Host', 'http://evil.test/', undefined],
    ['of ours', undefined, undefined],
    ['with a foreign scheme', 'ftp://evil.test/', undefined],
    ['without a scheme', 'evil.test:443', undefined],
    ['that is a star', '*', undefined],
  ])('%s is refused', async (_name, target = `http://${host}/`, name = host) => {
    const answer = await ask(target, [`Host: ${name}`]);
    expect([400, 421]).toContain(answer.status);
    expect(answer.text).not.toContain('evil');
  });
});

describe('#103 methods and framing', () => {
  it.each(['TRACE', 'TRACK', 'CONNECT', 'PROPFIND', 'PATCH', 'LINK', 'QUERY', 'DEBUG', 'get', 'FOO'])(
    '%s is refused everywhere, and nothing is sent back of it',
    async (method) => {
      for (const door of DOORS) {
        const answer = await ask(door, [`Host: ${host}`, 'X-Secret: mirror'], method);
        // Node hangs up on CONNECT without a word.
        expect(method === 'CONNECT' ? [0, 400, 405] : [400, 405], door).toContain(answer.status);
        expect(answer.text).not.toContain('mirror');
      }
    },
  );

  it.each([
    ['both lengths', 'Content-Length: 5\r\nTransfer-Encoding: chunked'],
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6'],
    ['a list of lengths', 'Content-Length: 5, 6'],
    ['a negative length', 'Content-Length: -5'],
    ['a length with a sign', 'Content-Length: +5'],
    ['a doubtful coding', 'Transfer-Encoding: xchunked'],
    ['chunks that are not last', 'Transfer-Encoding: chunked, identity'],
    ['a space before the colon', 'Transfer-Encoding : chunked'],
    ['a folded line', 'X-A: b\r\n c: d'],
    ['a bare line feed', 'X-A: b\nX-B: c'],
    ['a NUL', 'X-A: b\0c'],
    ['a name with a space', 'X A: b'],
  ])('%s: refused, and whatever follows is no second request', async (_name, header) => {
    const smuggled = `0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const { text, status } = await sendBytes(
      stage.port,
      `POST /token HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\n${header}\r\n\r\n${smuggled}`,
    );
    expect(status).toBe(400);
    expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });
});

describe('#101 limits', () => {
  const form = (path: string, body: string) =>
    sendBytes(
      stage.port,
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );

  it('a URL of more than 8 kB', async () => {
    expect((await ask(`/?a=${'x'.repeat(8_000)}`)).status).toBe(200);
    expect((await ask(`/?a=${'x'.repeat(8_200)}`)).status).toBe(400);
    expect((await ask(`/?a=${'x'.repeat(20_000)}`)).status).toBe(431);
  });

  it('headers of more than 16 kB', async () => {
    expect((await ask('/', [`Host: ${host}`, `X-Long: ${'x'.repeat(15_000)}`])).status).toBe(200);
    expect((await ask('/', [`Host: ${host}`, `X-Long: ${'x'.repeat(16_500)}`])).status).toBe(431);
  });

  it('more than 50 cookies', async () => {
    const cookies = (count: number) =>
      `Cookie: ${Array.from({ length: count }, (_, n) => `c${n}=1`).join('; ')}`;
    expect((await ask('/', [`Host: ${host}`, cookies(50)])).status).toBe(200);
    expect((await ask('/', [`Host: ${host}`, cookies(51)])).status).toBe(400);
  });

  it('more than 200 parameters', async () => {
    const parameters = (count: number) => Array.from({ length: count }, (_, n) => `p${n}=`).join('&');
    expect((await ask(`/?${parameters(200)}`)).status).toBe(200);
    expect((await ask(`/?${parameters(201)}`)).status).toBe(400);
    for (const path of ['/token', '/auth', '/interaction/x/password', '/locale']) {
      const { status } = await form(path, parameters(5_000));
      expect(status, path).toBeGreaterThanOrEqual(400);
      expect(status, path).toBeLessThan(500);
    }
  });

  it.each(['/token', '/token/introspection', '/request', '/reg', '/interaction/x/password', '/locale'])(
    'a body of more than 64 kB at %s',
    async (path) => {
      const { status, body } = await form(path, `a=${'x'.repeat(70_000)}`);
      // The library calls it a body that cannot be parsed.
      expect([400, 413]).toContain(status);
      expect(body).not.toContain('xxxx');
    },
  );

  it('headers that do not come to an end within ten seconds', { timeout: 25_000 }, async () => {
    const begun = Date.now();
    await new Promise<void>((resolve) => {
      const socket = connect(stage.port, 'localhost');
      socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n`);
      const drip = setInterval(() => socket.write('X: y\r\n'), 500);
      socket.on('error', () => {});
      socket.on('close', () => {
        clearInterval(drip);
        resolve();
      });
      socket.resume();
    });
    expect(Date.now() - begun).toBeLessThan(15_000);
  });
});

describe('class 36 spellings of a guarded path', () => {
  it.each([
    ...[
      '/CABINET',
      '//cabinet',
      '/./cabinet',
      '/cabinet/.',
      '/cabinet;x',
      '/cabinet%2f',
      '/%63abinet',
      '/cabinet%00',
    ],
    ...[
      '/cabinet/..;/cabinet',
      '/cabinet\\',
      '/x/../cabinet',
      '/cabinet.json',
      '/cabinet/sessions/',
      '/cabinet//sessions',
    ],
  ])('%s opens nothing', async (path) => {
    const answer = await ask(path);
    expect([303, 400, 404]).toContain(answer.status);
    expect(answer.headers.get('location') ?? '/auth?').toMatch(/^\/auth\?/);
  });
});

describe('class 16 caches', () => {
  it('are told to keep nothing but discovery, keys and hashed files', async () => {
    for (const door of [
      '/',
      '/cabinet',
      '/session/end',
      '/nowhere',
      '/cabinet/x.css',
      '/assets/x/style.css',
      '/me',
    ]) {
      expect((await ask(door)).headers.get('cache-control'), door).toMatch(/no-store/);
    }
  });

  it('a personal page under the name of a style sheet does not exist', async () => {
    const { person } = await stage.arrive(1);
    for (const path of [
      '/cabinet/x.css',
      '/cabinet/style.css',
      '/cabinet%2fx.css',
      '/cabinet;x.css',
      '/me.css',
    ]) {
      expect((await person.request(stage.issuer + path)).status, path).toBe(404);
    }
  });

  it('discovery and keys set no cookie and know no person', async () => {
    const { person } = await stage.arrive(1);
    for (const path of [DISCOVERY, '/jwks', '/robots.txt', '/favicon.ico']) {
      const known = await person.request(stage.issuer + path);
      const unknown = await ask(path);
      expect(known.headers.get('set-cookie'), path).toBeNull();
      if (path.startsWith('/.') || path === '/jwks') expect(known.body, path).toBe(unknown.body);
    }
  });
});
