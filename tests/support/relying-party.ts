/** A relying party as an integrator would write it with openid-client: code, PKCE, state, nonce. */
import * as client from 'openid-client';
import type { Fetch } from './reach.ts';
import { keepSecrets } from './run-log.ts';

export type Started = { readonly url: URL; readonly checks: client.AuthorizationCodeGrantChecks };

export type RelyingParty = {
  readonly config: client.Configuration;
  readonly redirectUri: string;
  start(parameters?: Record<string, string>): Promise<Started>;
  /** `callback` is the address the browser was sent to. */
  finish(callback: URL, started: Started): ReturnType<typeof client.authorizationCodeGrant>;
  isCallback(url: URL): boolean;
};

export type RelyingPartyOptions = {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret?: string;
  readonly authentication?: client.ClientAuth;
  readonly redirectUri: string;
  readonly scope?: string;
  /** How its requests get to the gateway. */
  readonly reach?: Fetch;
};

export async function relyingParty(options: RelyingPartyOptions): Promise<RelyingParty> {
  const { issuer, clientId, secret, redirectUri, scope = 'openid' } = options;
  const authentication =
    options.authentication ?? (secret === undefined ? client.None() : client.ClientSecretBasic(secret));
  const config = await client.discovery(new URL(issuer), clientId, secret, authentication, {
    execute: [client.allowInsecureRequests],
    ...(options.reach && { [client.customFetch]: options.reach as client.CustomFetch }),
  });
  return {
    config,
    redirectUri,
    async start(parameters = {}) {
      const pkceCodeVerifier = client.randomPKCECodeVerifier();
      const expectedState = client.randomState();
      const expectedNonce = client.randomNonce();
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        state: expectedState,
        nonce: expectedNonce,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        ...parameters,
      });
      return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
    },
    async finish(callback, { checks }) {
      const tokens = await client.authorizationCodeGrant(config, callback, checks);
      keepSecrets(tokens.access_token, tokens.id_token, tokens.refresh_token, checks.pkceCodeVerifier);
      return tokens;
    },
    isCallback: (url) => url.href.startsWith(redirectUri),
  };
}
