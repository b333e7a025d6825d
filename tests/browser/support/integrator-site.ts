/** The smallest site an integrator could write: every address but the callback begins a sign-in, the callback shows what came of it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { Integrator } from './sandbox.ts';

export type IntegratorSite = { readonly url: string; stop(): Promise<void> };

export async function startIntegratorSite(
  issuer: string,
  { client_id, client_secret, redirect_uri, port }: Integrator,
  scope = 'openid profile email',
): Promise<IntegratorSite> {
  const config = await discovery(new URL(issuer), client_id, client_secret, undefined, {
    execute: [allowInsecureRequests],
  });
  const verifiers = new Map<string, string>();

  const begin = async (): Promise<URL> => {
    const state = randomState();
    const verifier = randomPKCECodeVerifier();
    verifiers.set(state, verifier);
    return buildAuthorizationUrl(config, {
      redirect_uri,
      scope,
      state,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  };
  const finish = async (callback: URL): Promise<unknown> => {
    const state = callback.searchParams.get('state') ?? '';
    const tokens = await authorizationCodeGrant(config, callback, {
      expectedState: state,
      pkceCodeVerifier: verifiers.get(state) ?? '',
    });
    const { sub = '' } = tokens.claims() ?? {};
    return fetchUserInfo(config, tokens.access_token, sub);
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', redirect_uri);
    if (url.pathname === '/favicon.ico') return void response.writeHead(204).end();
    if (url.pathname !== '/callback') {
      return void response.writeHead(303, { location: (await begin()).href }).end();
    }
    const seen = await finish(url).catch((error: unknown) => {
      if (error instanceof AuthorizationResponseError) return { error: error.error };
      throw error;
    });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!doctype html><html lang="en"><title>Owl club</title><main><pre>${JSON.stringify(seen)}</pre></main>`,
    );
  });
  server.listen(port, 'localhost');
  await once(server, 'listening');
  return {
    url: new URL('/', redirect_uri).href,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
