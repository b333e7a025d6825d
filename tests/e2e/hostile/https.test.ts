/**
 * The gateway as it runs in production: no sandbox, an https issuer, a proxy that ends TLS before it
 * (security.md c1 #2, #36–37, #52, c3 #93, §0, class 3).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, gather } from '../../support/crowd.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { type RelyingParty, relyingParty } from '../../support/relying-party.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type TlsFront, tlsFront } from '../../support/tls-front.ts';
import { visitor } from '../../support/visitor.ts';
import { signIn, toSignIn } from '../../support/walks.ts';
import { sendBytes } from './wire.ts';

const INITIAL_ACCESS_TOKEN = 'an-initial-access-token-that-nobody-guesses';
const SECRET = 'a secret of a production portal, long enough';

let open: OpenHouse;
let front: TlsFront;
let portal: RelyingParty;
let issuer: string;
let host: string;
let insidePort: number;

beforeAll(async () => {
  const [outside, inside] = [await freePort(), await freePort()];
  issuer = `https://localhost:${outside}`;
  host = `localhost:${outside}`;
  insidePort = inside;
  open = await openHouse(
    {
      ...(await testStores()),
      ISSUER: issuer,
      PORT: String(inside),
      SANDBOX: 'off',
      TRUSTED_PROXIES: '127.0.0.1, ::1',
      INITIAL_ACCESS_TOKEN,
    },
    false,
  );
  await gather(open.house.stores.database, open.house.hasher, 3);
  await open.house.clients.save(
    {
      client_id: 'portal',
      client_secret: SECRET,
      first_party: true,
      redirect_uris: ['https://portal.example.test/callback'],
      scope: 'openid',
    },
    'test',
  );
  front = await tlsFront(outside, inside);
  portal = await relyingParty({
    issuer,
    clientId: 'portal',
    secret: SECRET,
    redirectUri: 'https://portal.example.test/callback',
  });
});
afterAll(async () => {
  await front.close();
  await open.close();
});

describe('#93 cookies under https', () => {
  it('are Secure, and __Host- wherever the path lets them', async () => {
    const set: string[] = [];
    const person = visitor({}, async (input, init) => {
      const answer = await fetch(input, init);
      set.push(...answer.headers.getSetCookie());
      return answer;
    });
    await signIn(person, portal, { identifier: addressOf(1) });
    expect((await person.request(`${issuer}/cabinet`)).status).toBe(200);
    const names = new Set(set.map((line) => line.split(/[.=]/, 1)[0]));
    expect(names).toEqual(
      new Set([
        ...['__Host-session', '__Host-form', '__Host-device', '__Host-bound'],
        ...['__Secure-interaction', '__Secure-resume', '__Secure-return'],
      ]),
    );
    for (const line of set) {
      expect(line).toMatch(/; secure/i);
      expect(line).toMatch(/; httponly/i);
      expect(line).toMatch(/; samesite=lax/i);
      expect(line).not.toMatch(/; domain=/i);
      if (line.startsWith('__Host-')) expect(line).toMatch(/; path=\/(;|$)/i);
    }
  });

  it('of the names without prefix are nobody’s', async () => {
    const person = visitor();
    await signIn(person, portal, { identifier: addressOf(2) });
    const cookies = await person.jar.getCookieString(issuer);
    const planted = cookies.replaceAll('__Host-', '').replaceAll('__Secure-', '');
    const answer = await fetch(`${issuer}/cabinet`, { redirect: 'manual', headers: { cookie: planted } });
    expect(answer.status).toBe(303);
  });
});

describe('#52 HSTS', () => {
  it.each(['/', '/auth', '/nowhere', '/.well-known/openid-configuration', '/token', '/robots.txt'])(
    'is on %s for a year, subdomains included',
    async (path) => {
      const { headers } = await fetch(issuer + path);
      const [, age] = /max-age=(\d+)/.exec(headers.get('strict-transport-security') ?? '') ?? [];
      expect(Number(age)).toBeGreaterThanOrEqual(31_536_000);
      expect(headers.get('strict-transport-security')).toContain('includeSubDomains');
    },
  );
});

describe('class 3 the word of our own proxy', () => {
  const ask = (headers: readonly string[], path = '/') =>
    sendBytes(insidePort, [`GET ${path} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n'));

  it('counts: the host it forwards is the one that is compared', async () => {
    const inside = 'Host: gateway.internal:3000';
    expect((await ask([inside, `X-Forwarded-Host: ${host}`, 'X-Forwarded-Proto: https'])).status).toBe(200);
    expect((await ask([inside, 'X-Forwarded-Host: evil.test', 'X-Forwarded-Proto: https'])).status).toBe(421);
    expect((await ask([inside, `X-Forwarded-Host: ${host}`, 'X-Forwarded-Proto: http'])).status).toBe(421);
    expect((await ask([inside, 'X-Forwarded-Proto: https'])).status).toBe(421);
    for (const list of [`${host}, evil.test`, `evil.test, ${host}`]) {
      const { status } = await ask([inside, `X-Forwarded-Host: ${list}`, 'X-Forwarded-Proto: https']);
      expect([400, 421], list).toContain(status);
    }
  });

  it('changes no byte of discovery', async () => {
    const path = '/.well-known/openid-configuration';
    const direct = await (await fetch(issuer + path)).text();
    for (const more of ['X-Forwarded-Port: 1', 'Forwarded: host=evil.test', 'X-Forwarded-Prefix: /evil']) {
      const answer = await ask([`Host: ${host}`, 'X-Forwarded-Proto: https', more], path);
      expect(answer.body).toBe(direct);
    }
  });

  it('names the visitor’s network, the first address that is no proxy', async () => {
    const { page } = await toSignIn(visitor({ 'x-forwarded-for': '203.0.113.9' }), portal);
    expect(page.status).toBe(200);
    await ask([`Host: ${host}`, 'X-Forwarded-Proto: https', 'X-Forwarded-For: 198.51.100.7, 203.0.113.9']);
    const person = visitor();
    await signIn(person, portal, { identifier: addressOf(3) });
    const [row] = await open.house.stores.database.query<{ network: string }>(
      "select network from audit where event = 'sign_in' and account_id = 'crowd-3'",
    );
    expect(row?.network).toMatch(/^(127\.0\.0\.0\/24|0:0:0::\/48)$/);
  });
});

describe('#2 #36 #37 dynamic registration', () => {
  const register = async (metadata: object, token = INITIAL_ACCESS_TOKEN) => {
    const answer = await fetch(`${issuer}/reg`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(metadata),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it.each([
    '',
    'wrong',
    INITIAL_ACCESS_TOKEN.slice(0, -1),
    `${INITIAL_ACCESS_TOKEN}x`,
    INITIAL_ACCESS_TOKEN.toUpperCase(),
  ])('with the token «%s» is refused', async (token) => {
    expect((await register({ redirect_uris: ['https://a.test/cb'] }, token)).status).toBeGreaterThanOrEqual(
      400,
    );
  });

  it.each([
    ...[
      'http://a.test/cb',
      'http://localhost/cb',
      'http://127.0.0.1/cb',
      'http://[::1]/cb',
      'HTTP://a.test/cb',
    ],
    ...[
      'https://a.test/cb#',
      'https://a.test/cb#x',
      'https://*.a.test/cb',
      'https://a.test/*',
      'https://a@a.test/cb',
    ],
    ...[
      'https://a:b@a.test/cb',
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'app:/cb',
      'com.app:/cb',
    ],
    ...[
      '//a.test/cb',
      '/cb',
      'a.test/cb',
      '',
      'https://',
      'https:///cb',
      'urn:ietf:wg:oauth:2.0:oob',
      'null',
    ],
  ])('of a web client with redirect_uri «%s» is refused', async (uri) => {
    const { status, body } = await register({ redirect_uris: [uri] });
    expect(status).toBe(400);
    expect(body.error).toMatch(/^invalid_(redirect_uri|client_metadata)$/);
    const second = await register({ redirect_uris: ['https://a.test/cb', uri] });
    expect(second.status).toBe(400);
  });

  it.each([
    'http://a.test/cb',
    'app:/cb',
    'javascript:alert(1)',
    'http://127.0.0.1.evil.test/cb',
    'http://10.0.0.1/cb',
    'data:,x',
  ])('of a native client with redirect_uri «%s» is refused', async (uri) => {
    const { status } = await register({
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: [uri],
    });
    expect(status).toBe(400);
  });

  it.each(['http://127.0.0.1/cb', 'http://[::1]/cb', 'ru.example.app:/cb'])(
    'of a native client with redirect_uri «%s» is what RFC 8252 asks for',
    async (redirectUri) => {
      const { status } = await register({
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirectUri],
      });
      expect(status).toBe(201);
    },
  );

  it.each<Record<string, unknown>>([
    { first_party: true },
    { require_pkce: false },
    { required_membership: [] },
    { released_claims: ['ticket_number'] },
    { sector: 'portal' },
    { owner: 'Профсоюз' },
    { scope: 'openid ticket' },
    { scope: 'openid membership' },
    { jwks_uri: 'http://a.test/jwks' },
    { jwks_uri: 'http://169.254.169.254/latest/meta-data' },
    { sector_identifier_uri: 'https://a.test/sector' },
    { response_types: ['token'] },
    { response_types: ['id_token'], grant_types: ['implicit'] },
    { grant_types: ['password'] },
    { id_token_signed_response_alg: 'none' },
    { id_token_signed_response_alg: 'HS256' },
    { token_endpoint_auth_method: 'tls_client_auth' },
    { backchannel_logout_uri: 'http://a.test/logout' },
    { post_logout_redirect_uris: ['http://a.test/'] },
    { post_logout_redirect_uris: ['javascript:alert(1)'] },
    { initiate_login_uri: 'http://a.test/login' },
    { redirect_uris: [] },
    { redirect_uris: 'https://a.test/cb' },
    { redirect_uris: [{}] },
  ])('with %j is refused', async (metadata) => {
    const { status, body } = await register({ redirect_uris: ['https://a.test/cb'], ...metadata });
    expect([status, body.error], JSON.stringify(body)).toEqual([400, expect.stringMatching(/^invalid_/)]);
  });

  it('cannot take the name of a client that exists', async () => {
    const { body } = await register({
      redirect_uris: ['https://a.test/cb'],
      client_id: 'portal',
      client_secret: 'x',
    });
    expect(body.client_id).not.toBe('portal');
    const still = await open.house.clients.find('portal');
    expect(still?.metadata.redirect_uris).toEqual(['https://portal.example.test/callback']);
  });

  it('is managed by its own token alone, which changes at every use', async () => {
    const mine = (await register({ redirect_uris: ['https://a.test/cb'] })).body;
    const other = (await register({ redirect_uris: ['https://b.test/cb'] })).body;
    const read = (uri: unknown, token: unknown) =>
      fetch(String(uri), { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
    expect(String(mine.registration_client_uri).startsWith(`${issuer}/reg/`)).toBe(true);
    expect(await read(mine.registration_client_uri, mine.registration_access_token)).toBe(200);
    expect(await read(mine.registration_client_uri, other.registration_access_token)).toBe(401);
    expect(await read(mine.registration_client_uri, INITIAL_ACCESS_TOKEN)).toBe(401);
    const change = (token: unknown, metadata: object) =>
      fetch(String(mine.registration_client_uri), {
        method: 'PUT',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ client_id: mine.client_id, client_secret: mine.client_secret, ...metadata }),
      });
    const promoted = await change(mine.registration_access_token, {
      redirect_uris: ['https://a.test/cb'],
      first_party: true,
    });
    expect(promoted.status).toBe(400);
    const poisoned = await change(mine.registration_access_token, { redirect_uris: ['http://evil.test/cb'] });
    expect(poisoned.status).toBe(400);
    const changed = await change(mine.registration_access_token, { redirect_uris: ['https://a.test/other'] });
    expect(changed.status).toBe(200);
    const { registration_access_token } = (await changed.json()) as Record<string, unknown>;
    expect(registration_access_token).not.toBe(mine.registration_access_token);
    expect(await read(mine.registration_client_uri, mine.registration_access_token)).toBe(401);
    // Tried at another client's door, it dies.
    expect(await read(`${issuer}/reg/portal`, registration_access_token)).toBe(401);
    expect(await read(mine.registration_client_uri, registration_access_token)).toBe(401);
  });
});
