/** An integrator with openid-client, over https: its stock example, then the whole life of a client it registers itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as client from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, gather } from '../../support/crowd.ts';
import { type OpenHouse, openHouse, PASSWORD } from '../../support/house.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { type TlsFront, tlsFront } from '../../support/tls-front.ts';
import { type Visitor, visitor } from '../../support/visitor.ts';

const INITIAL_ACCESS_TOKEN = 'an-initial-access-token-of-an-integrator';
const REDIRECT_URI = 'https://integrator.example.test/callback';
const EXAMPLE = new URL('./examples/openid-client/oidc.ts.txt', import.meta.url);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let open: OpenHouse;
let front: TlsFront;
let server: URL;
let directory: string;

beforeAll(async () => {
  const [outside, inside] = [await freePort(), await freePort()];
  server = new URL(`https://localhost:${outside}`);
  open = await openHouse(
    {
      ...(await testStores()),
      ISSUER: server.origin,
      PORT: String(inside),
      SANDBOX: 'off',
      TRUSTED_PROXIES: '127.0.0.1, ::1',
      INITIAL_ACCESS_TOKEN,
    },
    false,
  );
  await gather(open.house.stores.database, open.house.hasher, 3);
  front = await tlsFront(outside, inside);
  directory = await mkdtemp(join(tmpdir(), 'union-id-example-'));
  await writeFile(join(directory, 'cert.pem'), front.cert);
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await front.close();
  await open.close();
});

/** The browser's part: signs in and agrees; the address of the callback. */
async function walk(person: Visitor, start: URL, number: number): Promise<URL> {
  const isCallback = (url: URL) => url.href.startsWith(REDIRECT_URI);
  let page = await person.follow(await person.request(start), isCallback);
  if (page.html.querySelector('input[name=password]')) {
    const fields = { by: 'email', identifier: addressOf(number), password: PASSWORD };
    page = await person.follow(await person.submit(page, /\/password$/, fields), isCallback);
  }
  if (!isCallback(page.url)) page = await person.follow(await person.submit(page, /\/consent$/), isCallback);
  return page.url;
}

describe('its stock example', () => {
  it('signs in unchanged but for issuer and client', async () => {
    const secret = 'a secret of the stock example, long enough';
    await open.house.clients.save(
      {
        client_id: 'stock',
        client_secret: secret,
        redirect_uris: [REDIRECT_URI],
        token_endpoint_auth_method: 'client_secret_post',
        scope: 'openid email',
      },
      'test',
    );
    // Where the example says «redirecting to» its reader opens a browser; where it comes back, the address is typed in.
    const prerequisites = `
      let getCurrentUrl = () => new URL(process.getBuiltinModule('node:fs').readFileSync(0, 'utf8'))
      let server = new URL('${server.origin}')
      let clientId = 'stock'
      let clientSecret = '${secret}'
      let redirect_uri = '${REDIRECT_URI}'
    `;
    const example = await readFile(EXAMPLE, 'utf8');
    const program = example.replace(
      /(?<=^\/\/ Prerequisites\n).*(?=^\/\/ End of prerequisites\n)/ms,
      prerequisites,
    );
    expect(program).not.toBe(example);

    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      cwd: ROOT,
      env: { NODE_EXTRA_CA_CERTS: join(directory, 'cert.pem') },
    });
    const said: string[] = [];
    const exit = once(child, 'exit');
    child.stderr.on('data', (text) => said.push(String(text)));
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      const [, address] = /^redirecting to (.*)$/.exec(line) ?? [];
      if (address) child.stdin.end((await walk(visitor(), new URL(address), 1)).href);
    }
    const output = said.join('\n');
    expect((await exit)[0], output).toBe(0);
    expect(output).toContain('Token Endpoint Response');
    expect(output).toMatch(/ID Token Claims \{[^}]*iss: 'https:\/\/localhost/);
    expect(output).toMatch(/UserInfo Response \{[^}]*email: 'person-1@example\.test'/);
  });
});

describe('a client that registers itself', () => {
  let config: client.Configuration;
  beforeAll(async () => {
    config = await client.dynamicClientRegistration(
      server,
      {
        client_name: 'Интегратор',
        redirect_uris: [REDIRECT_URI],
        post_logout_redirect_uris: ['https://integrator.example.test/'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
      undefined,
      { initialAccessToken: INITIAL_ACCESS_TOKEN },
    );
    const { client_id, client_secret } = config.clientMetadata();
    config = await client.discovery(
      server,
      client_id,
      client_secret,
      client.ClientSecretBasic(client_secret),
    );
  });

  const start = async (scope: string, more: Record<string, string> = {}) => {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const expectedState = client.randomState();
    const parameters = {
      redirect_uri: REDIRECT_URI,
      scope,
      state: expectedState,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      ...more,
    };
    return { parameters, checks: { pkceCodeVerifier, expectedState, idTokenExpected: true } };
  };

  it('pushes its request, refreshes, introspects, revokes and signs out', async () => {
    const person = visitor();
    const { parameters, checks } = await start('openid email offline_access', { prompt: 'consent' });
    const pushed = await client.buildAuthorizationUrlWithPAR(config, parameters);
    expect([...pushed.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
    const tokens = await client.authorizationCodeGrant(config, await walk(person, pushed, 2), checks);
    const sub = tokens.claims()?.sub ?? '';

    const claims = await client.fetchUserInfo(config, tokens.access_token, sub);
    expect(claims).toEqual({ sub, email: 'person-2@example.test', email_verified: true });

    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect(next.claims()?.sub).toBe(sub);
    const last = await client.refreshTokenGrant(config, next.refresh_token ?? '');

    const { client_id } = config.clientMetadata();
    expect(await client.tokenIntrospection(config, last.access_token)).toMatchObject({
      active: true,
      client_id,
      sub,
    });
    await client.tokenRevocation(config, last.refresh_token ?? '');
    expect((await client.tokenIntrospection(config, last.access_token)).active).toBe(false);
    await expect(client.refreshTokenGrant(config, last.refresh_token ?? '')).rejects.toThrow();

    const question = await person.open(
      client.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: 'https://integrator.example.test/',
        state: 'done',
      }),
    );
    const done = await person.follow(
      await person.submit(question, /confirm/, { logout: 'yes' }),
      (url) => url.hostname === 'integrator.example.test',
    );
    expect(done.url.href).toBe('https://integrator.example.test/?state=done');
    expect((await person.request(`${server.origin}/cabinet`)).status).toBe(303);
  });

  it('binds its tokens to a key (DPoP)', async () => {
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
    const { parameters, checks } = await start('openid email');
    const callback = await walk(visitor(), client.buildAuthorizationUrl(config, parameters), 3);
    const tokens = await client.authorizationCodeGrant(config, callback, checks, undefined, { DPoP });
    expect(tokens.token_type).toBe('dpop');
    const sub = tokens.claims()?.sub ?? '';
    expect(await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP })).toMatchObject({ sub });
    const stolen = await fetch(`${server.origin}/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    expect(stolen.status).toBe(401);
    const another = client.getDPoPHandle(config, await client.randomDPoPKeyPair());
    await expect(client.fetchUserInfo(config, tokens.access_token, sub, { DPoP: another })).rejects.toThrow();
  });

  it('takes its answer by form post', async () => {
    const { parameters, checks } = await start('openid email', { response_mode: 'form_post' });
    const person = visitor();
    const page = await person.open(client.buildAuthorizationUrl(config, parameters));
    const fields = { by: 'email', identifier: addressOf(2), password: PASSWORD };
    let answer = await person.follow(await person.submit(page, /\/password$/, fields));
    if (answer.html.querySelector('form[action$=consent]')) {
      answer = await person.follow(await person.submit(answer, /\/consent$/));
    }
    const form = answer.html.querySelector(`form[action="${REDIRECT_URI}"]`);
    const posted = new URLSearchParams(
      form
        ?.querySelectorAll('input')
        .map(({ attributes }): [string, string] => [attributes.name ?? '', attributes.value ?? '']),
    );
    const request = new Request(REDIRECT_URI, { method: 'POST', body: posted });
    const tokens = await client.authorizationCodeGrant(config, request, checks);
    expect(tokens.access_token).toBeTruthy();
  });
});
