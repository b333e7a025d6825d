/** Applications to be rehearsed with: one that openid-client guards, and one that believes whatever it is told. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as client from 'openid-client';

export type Application = {
  readonly url: string;
  /** Who it takes for its issuer from now on. */
  pointAt(issuer: string): Promise<void>;
  close(): Promise<void>;
};

type Callback = (url: URL) => Promise<unknown>;
type SignIn = { readonly to: URL; readonly finish: Callback };
type Guard = (issuer: string, redirectUri: string) => Promise<() => Promise<SignIn>>;

/** `/login` begins, `/callback` ends at `/` with a session, or at `/refused`. */
export async function openApplication(port: number, guard: Guard): Promise<Application> {
  const url = `http://localhost:${port}`;
  const started = new Map<string, Callback>();
  let begin: () => Promise<SignIn>;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const at = new URL(`${url}${request.url}`);
    const go = (to: string | URL, headers: Record<string, string> = {}) =>
      response.writeHead(303, { location: String(to), ...headers }).end();
    if (at.pathname === '/login') {
      const { to, finish } = await begin();
      const key = crypto.randomUUID();
      started.set(key, finish);
      go(to, { 'set-cookie': `started=${key}; Path=/; HttpOnly` });
    } else if (at.pathname === '/callback') {
      const key = /started=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
      const done = await started
        .get(key)?.(at)
        .then(
          () => true,
          () => false,
        );
      go(done ? '/' : '/refused');
    } else response.end('<!doctype html>');
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  return {
    url,
    async pointAt(issuer) {
      begin = await guard(issuer, `${url}/callback`);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const careful =
  (clientId: string, secret: string): Guard =>
  async (issuer, redirectUri) => {
    const config = await client.discovery(new URL(issuer), clientId, secret, undefined, {
      // Without the second it trusts TLS for the token's signature, as OpenID Connect Core 3.1.3.7 (6) lets it.
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
    });
    return async () => {
      const checks = {
        pkceCodeVerifier: client.randomPKCECodeVerifier(),
        expectedState: client.randomState(),
        expectedNonce: client.randomNonce(),
        idTokenExpected: true,
      };
      const to = client.buildAuthorizationUrl(config, {
        ...{ redirect_uri: redirectUri, scope: 'openid', state: checks.expectedState },
        ...{ nonce: checks.expectedNonce, code_challenge_method: 'S256' },
        code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
      });
      return {
        to,
        async finish(url) {
          const tokens = await client.authorizationCodeGrant(config, url, checks);
          await client.fetchUserInfo(config, tokens.access_token, String(tokens.claims()?.sub));
        },
      };
    };
  };

export const careless =
  (clientId: string): Guard =>
  async (issuer, redirectUri) => {
    const found = await fetch(`${issuer}/.well-known/openid-configuration`);
    const metadata = (await found.json()) as Record<string, string>;
    return async () => {
      const to = new URL(String(metadata.authorization_endpoint));
      to.search = String(
        new URLSearchParams({
          ...{ client_id: clientId, redirect_uri: redirectUri, response_type: 'code' },
          ...{ scope: 'openid', nonce: 'the same every time', state: 'nobody looks at it' },
        }),
      );
      return {
        to,
        async finish({ searchParams }) {
          const code = searchParams.get('code');
          if (code === null) throw new Error('refused');
          const tokens = await fetch(String(metadata.token_endpoint), {
            method: 'POST',
            body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
          });
          const { access_token } = (await tokens.json()) as { access_token: string };
          const person = await fetch(String(metadata.userinfo_endpoint), {
            headers: { authorization: `Bearer ${access_token}` },
          });
          if (!person.ok) throw new Error('nobody');
        },
      };
    };
  };
