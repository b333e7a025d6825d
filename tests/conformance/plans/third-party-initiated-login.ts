/** oidcc-3rdparty-init-login-certification-test-plan: OpenID Connect Core 4, as far as a provider has a part in it. */
import assert from 'node:assert/strict';
import * as breaks from '../support/breaks.ts';
import type { Module } from '../support/run-plan.ts';
import type { Server } from '../support/server.ts';

const ADDRESS = 'https://client.example.test/begin';

type Body = Readonly<Record<string, unknown>>;

async function asked(server: Server, url: string, token: string, body?: object): Promise<[number, Body]> {
  const response = await server.reach(url, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return [response.status, (await response.json()) as Body];
}

const register = (server: Server, initiate_login_uri: string): Promise<[number, Body]> =>
  asked(server, `${server.issuer}/reg`, server.initialAccessToken, {
    redirect_uris: ['https://client.example.test/callback'],
    initiate_login_uri,
  });

export const thirdPartyInitiatedLogin: readonly Module[] = [
  {
    name: 'oidcc-3rd_party-init-login',
    async check(server) {
      const [status, made] = await register(server, ADDRESS);
      assert.equal(status, 201, `registration answered ${status} ${made.error}`);
      assert.equal(made.initiate_login_uri, ADDRESS, 'initiate_login_uri is not in the answer');
      const address = String(made.registration_client_uri);
      const [found, client] = await asked(server, address, String(made.registration_access_token));
      assert.equal(found, 200, `the client’s address answered ${found}`);
      assert.equal(client.initiate_login_uri, ADDRESS, 'initiate_login_uri was not kept');
    },
    brokenBy: [
      [breaks.unansweredInitiateLoginUri, /not in the answer/],
      [breaks.lostInitiateLoginUri, /was not kept/],
    ],
  },
  {
    name: 'oidcc-3rd_party-init-login-nohttps',
    async check(server) {
      const [status, made] = await register(server, ADDRESS.replace('https:', 'http:'));
      assert.equal(status, 400, `an address without TLS was registered (${status})`);
      assert.equal(made.error, 'invalid_client_metadata', `refused as ${made.error}`);
    },
    brokenBy: [[breaks.anyInitiateLoginUri, /without TLS was registered/]],
  },
];
