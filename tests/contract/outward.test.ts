/** Against real sockets: a canary that nobody may reach, and hosts that answer badly on purpose. */
import { createServer as createPlainServer, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutwardCall, OutwardCode } from '../../adapters/outward/outward.ts';
import { pinnedOutward } from '../../adapters/outward/pinned.ts';
import { localhostCertificate } from '../support/certificate.ts';

const servers: Server[] = [];
let reached: string[] = [];
let canary: number;
/** A well-behaved host with TLS, on a port the operator has opened. */
let host: number;
let asked: { url: string | undefined; headers: Record<string, unknown> }[] = [];

const BIG = 'a'.repeat(1_000_000);

const answers: Record<string, RequestListener> = {
  '/keys': (_request, response) => response.end('{"keys":[]}'),
  '/elsewhere': (_request, response) =>
    response.writeHead(302, { location: `https://127.0.0.1:${canary}/stolen` }).end(),
  '/metadata': (_request, response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
  '/here': (_request, response) => response.writeHead(302, { location: '/keys' }).end(),
  '/round': (_request, response) => response.writeHead(302, { location: '/round' }).end(),
  '/drip': (_request, response) => {
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/silence': () => {},
  '/endless': (_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(BIG));
    };
    response.on('drain', more);
    more();
  },
  '/bomb': (_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BIG.repeat(20))),
  '/headers': (_request, response) => response.writeHead(200, { 'x-long': 'a'.repeat(40_000) }).end(),
  '/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('short');
    response.socket?.destroy();
  },
  '/failing': (_request, response) => response.writeHead(503).end('later'),
};

async function listen(server: Server, address: string, port = 0): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const certificate = localhostCertificate();
  setDefaultCACertificates([...getCACertificates('default'), certificate.cert]);
  const tells: RequestListener = (request, response) => {
    reached.push(request.url ?? '');
    response.end('secret');
  };
  host = await listen(
    createServer(certificate, (request, response) => {
      asked.push({ url: request.url, headers: request.headers });
      (answers[request.url ?? ''] ?? answers['/failing'])?.(request, response);
    }),
    '127.0.0.1',
  );
  // The same port at another address of this machine: where a second look-up would lead.
  await listen(createServer(certificate, tells), '127.0.0.2', host);
  canary = await listen(createServer(certificate, tells), '127.0.0.1');
  await listen(createPlainServer(tells), '127.0.0.2', canary);
});
afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const codeOf = (work: Promise<unknown>): Promise<OutwardCode | undefined> =>
  work.then(
    () => undefined,
    ({ code }: { code: OutwardCode }) => code,
  );
const resolving =
  (...addresses: string[]) =>
  async () =>
    addresses;

const strict = pinnedOutward({ opened: [], loopback: false, lookUp: resolving('127.0.0.1') });

describe('what is not public is out of reach', () => {
  const SPELLINGS: Record<string, string> = {
    'the loopback address': '127.0.0.1',
    'another of its network': '127.1.2.3',
    decimal: '2130706433',
    octal: '0177.0.0.1',
    hexadecimal: '0x7f000001',
    short: '127.1',
    nought: '0',
    'full width': '１２７．０．０．１',
    'IPv6 loopback': '[::1]',
    'mapped IPv4': '[::ffff:127.0.0.1]',
    '6to4 of it': '[2002:7f00:1::]',
    'NAT64 of it': '[64:ff9b::7f00:1]',
    Teredo: '[2001:0:7f00:1::1]',
    'the metadata of a cloud': '169.254.169.254',
    'a private network': '10.0.0.1',
    'another private network': '172.31.255.255',
    'a home network': '192.168.1.1',
    'a carrier’s network': '100.64.0.1',
    multicast: '224.0.0.1',
    reserved: '240.0.0.1',
    broadcast: '255.255.255.255',
    'unique local': '[fd00::1]',
    'link local': '[fe80::1]',
    'site local': '[fec0::1]',
    documentation: '[2001:db8::1]',
    'IPv4-compatible': '[::7f00:1]',
    'a name of the machine': 'localhost',
    'the same with a dot': 'localhost.',
    'a name that leads here': 'public.localhost',
  };

  test.each(Object.entries(SPELLINGS))('%s (%s)', async (_what, name) => {
    reached = [];
    expect(await codeOf(strict(`https://${name}/jwks`))).toBe('unreachable');
    expect(reached).toEqual([]);
  });

  test.each(Object.keys(SPELLINGS))('%s on the canary’s port', async (what) => {
    reached = [];
    expect(await codeOf(strict(`https://${SPELLINGS[what]}:${canary}/jwks`))).toBe('not_allowed');
    expect(reached).toEqual([]);
  });

  test.each(['http://a.test/', 'ftp://a.test/', 'file:///etc/passwd', 'https://who:pass@a.test/', 'data:,x'])(
    '%s is no address to call',
    async (address) => {
      expect(await codeOf(strict(address))).toBe('not_allowed');
    },
  );

  test('nor a name with one private address among public ones', async () => {
    const outward = pinnedOutward({
      opened: [],
      loopback: false,
      lookUp: resolving('93.184.216.34', '10.0.0.1'),
    });
    expect(await codeOf(outward('https://a.localhost/'))).toBe('unreachable');
  });

  test('a name without any address is told alike', async () => {
    const outward = pinnedOutward({
      opened: [],
      loopback: false,
      lookUp: () => Promise.reject(new Error('ENOTFOUND')),
    });
    expect(await codeOf(outward('https://a.localhost/'))).toBe('unreachable');
  });

  test('in the sandbox only this machine’s own names are let in beside', async () => {
    reached = [];
    const sandbox = pinnedOutward({ opened: [], loopback: true, lookUp: resolving('127.0.0.2') });
    expect((await sandbox(`http://localhost:${canary}/ok`)).body.toString()).toBe('secret');
    expect(await codeOf(sandbox(`http://evil.localhost:${canary}/jwks`))).toBe('not_allowed');
    expect(await codeOf(sandbox('https://evil.localhost/jwks'))).toBe('unreachable');
    expect(await codeOf(sandbox(`http://0.0.0.0:${canary}/jwks`))).toBe('not_allowed');
    expect(reached).toEqual(['/ok']);
  });
});

describe('a host that the operator has opened', () => {
  let lookUps = 0;
  const open = (call?: OutwardCall, addresses: readonly string[] = ['127.0.0.1']) => {
    lookUps = 0;
    const outward = pinnedOutward({
      opened: [{ host: 'localhost', port: host }],
      loopback: false,
      // As a hostile name server would answer: one thing to the judge, another to the socket.
      lookUp: async () => (lookUps++ === 0 ? addresses : ['127.0.0.2']),
    });
    return (path: string) => outward(`https://localhost:${host}${path}`, call);
  };

  test('is asked, looked up once, and nothing of ours goes along', async () => {
    asked = [];
    reached = [];
    const answer = await open({ headers: { accept: 'application/json' } })('/keys');
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toBe('{"keys":[]}');
    expect(lookUps).toBe(1);
    expect(reached).toEqual([]);
    expect(Object.keys(asked[0]?.headers ?? {}).toSorted()).toEqual([
      ...['accept', 'accept-encoding', 'connection', 'host', 'user-agent'],
    ]);
  });

  test('does not open the metadata of a cloud', async () => {
    expect(await codeOf(open({}, ['169.254.169.254'])('/keys'))).toBe('unreachable');
  });

  test('any status is an answer', async () => {
    expect((await open()('/failing')).status).toBe(503);
  });

  test('redirects are not followed', async () => {
    reached = [];
    expect((await open()('/elsewhere')).status).toBe(302);
    expect(reached).toEqual([]);
  });

  test('where they are, every hop is judged anew', async () => {
    reached = [];
    const call = { redirects: 2 };
    expect((await open(call)('/keys')).status).toBe(200);
    expect(await codeOf(open(call)('/elsewhere'))).toBe('not_allowed');
    expect(await codeOf(open(call)('/metadata'))).toBe('not_allowed');
    // The second look-up leads to the canary, which has the right name, too: it is judged and let in by the operator.
    expect((await open(call)('/here')).body.toString()).toBe('secret');
    expect(reached).toEqual(['/keys']);
    expect(asked.some(({ url }) => url === '/stolen')).toBe(false);
  });

  test('nor do they go round for ever', async () => {
    const outward = pinnedOutward({
      opened: [{ host: 'localhost', port: host }],
      loopback: false,
      lookUp: resolving('127.0.0.1'),
    });
    expect(await codeOf(outward(`https://localhost:${host}/round`, { redirects: 3 }))).toBe(
      'too_many_redirects',
    );
  });

  test.each([
    ['drips', '/drip', 'timeout'],
    ['says nothing', '/silence', 'timeout'],
    ['never ends', '/endless', 'too_large'],
    ['is packed', '/bomb', 'unreadable'],
    ['has too much before it', '/headers', 'too_large'],
    ['breaks off', '/cut', 'unreachable'],
  ] as const)('an answer that %s', async (_what, path, code) => {
    const began = performance.now();
    // Only silence is to run into the limit, however busy the machine.
    const limits = { timeoutMilliseconds: code === 'timeout' ? 300 : 10_000 };
    expect(await codeOf(open(limits)(path))).toBe(code);
    expect(performance.now() - began).toBeLessThan(limits.timeoutMilliseconds + 3_000);
  });

  test('a name server that says nothing has no more time than the rest', async () => {
    const outward = pinnedOutward({ opened: [], loopback: false, lookUp: () => new Promise(() => {}) });
    expect(await codeOf(outward('https://a.localhost/', { timeoutMilliseconds: 50 }))).toBe('timeout');
  });

  test('must prove its name', async () => {
    const outward = pinnedOutward({
      opened: [{ host: 'other.localhost', port: host }],
      loopback: false,
      lookUp: resolving('127.0.0.1'),
    });
    expect(await codeOf(outward(`https://other.localhost:${host}/keys`))).toBe('unreachable');
  });

  test('a range opens the names that lead into it, on port 443 alone', async () => {
    const outward = pinnedOutward({
      opened: [{ network: '127.0.0.0/8' }],
      loopback: false,
      lookUp: resolving('127.0.0.1'),
    });
    const refused = await outward('https://a.localhost/').catch((error: Error) => error.cause);
    // Judged and tried: nobody listens there.
    expect((refused as { code?: string } | undefined)?.code).toBe('ECONNREFUSED');
    expect(await codeOf(outward(`https://a.localhost:${canary}/`))).toBe('not_allowed');
  });
});
