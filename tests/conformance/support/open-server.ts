/** A gateway as in production, behind a proxy that ends TLS, with the clients and people that the suite asks for. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { addressOf, gather } from '../../support/crowd.ts';
import { type OpenHouse, openHouse } from '../../support/house.ts';
import { type Fetch, patient } from '../../support/reach.ts';
import { freePort } from '../../support/services/free-port.ts';
import { testStores } from '../../support/stores.ts';
import { later } from './clock.ts';
import type { Client, Server } from './server.ts';

const INITIAL_ACCESS_TOKEN = 'an-initial-access-token-for-the-suite';
const PEOPLE = 1_000;
const SCOPE = 'openid profile email phone offline_access';

export type OpenServer = { readonly server: Server; readonly open: OpenHouse; close(): Promise<void> };

const client = (
  id: string,
  by: 'client_secret_basic' | 'client_secret_post' = 'client_secret_basic',
): Client => ({
  id,
  redirectUri: `https://${id}.example.test/callback`,
  postLogoutRedirectUri: `https://${id}.example.test/signed-out`,
  scope: SCOPE,
  authentication: { by, secret: `${id}-with-a-secret-that-is-long-enough` },
});

const signingKeys = new Map<string, JWK>();

/** FAPI 2.0 Security Profile §5.3.2.1, §5.4: keys instead of a secret. */
async function strictClient(id: string): Promise<Client> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  signingKeys.set(id, { ...(await exportJWK(publicKey)), kid: id, alg: 'ES256', use: 'sig' });
  return { ...client(id), authentication: { by: 'private_key_jwt', key: privateKey, alg: 'ES256', kid: id } };
}

const CLIENTS = {
  first: client('conformance-first'),
  second: client('conformance-second'),
  posting: client('conformance-posting', 'client_secret_post'),
  listening: client('conformance-listening'),
  strict: await strictClient('conformance-strict'),
  otherStrict: await strictClient('conformance-other-strict'),
};

export async function openServer(): Promise<OpenServer> {
  const [outside, inside] = [await freePort(), await freePort()];
  const issuer = `https://localhost:${outside}`;
  const open = await openHouse(
    {
      ...(await testStores()),
      ISSUER: issuer,
      PORT: String(inside),
      TRUSTED_PROXIES: '127.0.0.1, ::1',
      THROTTLE: 'off',
      INITIAL_ACCESS_TOKEN,
    },
    false,
  );
  const { database } = open.house.stores;
  await gather(database, open.house.hasher, PEOPLE);
  await database.query("update account set phone = '+79123456789' where id like 'crowd-%'");
  const logouts = await receiver();
  for (const one of Object.values(CLIENTS))
    await open.house.clients.save(metadataOf(one, logouts.url), 'test');

  const people = numbers();
  return {
    open,
    server: {
      ...CLIENTS,
      issuer,
      reach: behindProxy(issuer, `http://localhost:${inside}`),
      responseMode: 'query',
      initialAccessToken: INITIAL_ACCESS_TOKEN,
      later,
      person: () => addressOf(people.next().value),
      logoutToken: logouts.next,
    },
    async close() {
      await open.close();
      await logouts.close();
    },
  };
}

function* numbers(): Generator<number, never> {
  for (let number = 1; ; number += 1) yield number;
}

function metadataOf(
  { id, redirectUri, postLogoutRedirectUri, scope, authentication }: Client,
  logouts: string,
) {
  return {
    client_id: id,
    client_name: 'Проверка соответствия',
    token_endpoint_auth_method: authentication.by,
    ...(authentication.by === 'private_key_jwt'
      ? { profile: 'fapi2', jwks: { keys: [signingKeys.get(id)] } }
      : // The suite's basic client is older than PKCE.
        { client_secret: authentication.secret, require_pkce: false }),
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [postLogoutRedirectUri],
    ...(id === CLIENTS.listening.id && {
      backchannel_logout_uri: logouts,
      backchannel_logout_session_required: true,
    }),
    scope,
  };
}

/** As a proxy hands on what came to the issuer's address. */
function behindProxy(issuer: string, local: string): Fetch {
  const { host } = new URL(issuer);
  return patient((input, init = {}) => {
    const url = new URL(input);
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-host', host);
    headers.set('x-forwarded-proto', 'https');
    return fetch(`${local}${url.pathname}${url.search}`, { redirect: 'manual', ...init, headers });
  });
}

/** The back-channel of the listening client: every token that arrives, in its order. */
async function receiver(): Promise<{ url: string; next(): Promise<string>; close(): Promise<void> }> {
  const arrived: string[] = [];
  const waiting: ((token: string) => void)[] = [];
  const listener = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.end();
    const token = new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? '';
    const first = waiting.shift();
    if (first) first(token);
    else arrived.push(token);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}/logout`,
    next: () =>
      new Promise((resolve) => {
        const token = arrived.shift();
        if (token !== undefined) resolve(token);
        else waiting.push(resolve);
      }),
    async close() {
      listener.closeAllConnections();
      listener.close();
      await once(listener, 'close');
    },
  };
}
