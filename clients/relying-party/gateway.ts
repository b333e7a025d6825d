/**
 * The OpenID Provider as a portal sees it, through openid-client: where to send a browser, what its answer is worth,
 * what the person allowed us to know. Found by discovery when first needed, so that a portal can start before the
 * gateway. Knows no session and no page.
 */
import { type CryptoKey, createRemoteJWKSet, importJWK, type JWTVerifyGetKey } from 'jose';
import * as oidc from 'openid-client';
import type { Clock } from './clock.ts';
import { PortalError } from './errors.ts';
import type { SignedIn } from './sessions.ts';
import type { ClientAuthentication, PortalSettings } from './settings.ts';

export type AuthorizationParameters = {
  readonly scope: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Answer without showing a page, or with an error (OpenID Connect Core §3.1.2.1). */
  readonly silent: boolean;
  /** Further ones, in words the gateway knows. */
  readonly further?: Readonly<Record<string, string>> | undefined;
};

export type Answer = SignedIn & {
  readonly claims: Readonly<Record<string, unknown>>;
  /** For the portal's API, or to ask userinfo again; absent when it does neither. */
  readonly tokens?: Tokens | undefined;
};

/** What an API of the gateway is asked with (RFC 6750, RFC 8707). */
export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
};

/** The gateway's «no» to an authorization request; a value, because it is an answer. */
export type Refusal = { readonly refused: string };

export interface Gateway {
  /** Whether discovery has succeeded. */
  readonly known: boolean;
  /** Tries discovery until it succeeds or `signal` aborts, and tells `onFailure` of each vain try; for the start. */
  lookFor(signal: AbortSignal, onFailure: (error: unknown) => void): Promise<void>;
  authorizationUrl(parameters: AuthorizationParameters): Promise<URL>;
  /**
   * Checks state and iss, redeems the code, checks the ID token and reads userinfo; a portal with an API reads the
   * claims from the ID token, because its access token is for the API alone. `search` is the query of the callback as
   * it arrived. Throws PortalError sign_in_failed or gateway_unavailable.
   */
  redeem(
    search: string,
    request: Omit<AuthorizationParameters, 'scope' | 'silent' | 'further'>,
  ): Promise<Answer | Refusal>;
  /** Newer tokens for the API. Throws PortalError gateway_unavailable. */
  refresh(refreshToken: string): Promise<Tokens | Refusal>;
  /** What the person lets us know now. `sub`: who it must be about. Throws PortalError gateway_unavailable. */
  userInfo(accessToken: string, sub: string): Promise<Readonly<Record<string, unknown>> | Refusal>;
  /** RP-initiated logout; the person comes back to the portal's start page. */
  endSessionUrl(idToken: string): Promise<URL>;
  /** Issuer and keys that a logout token must be from. */
  keys(): Promise<{ readonly issuer: string; readonly keys: JWTVerifyGetKey }>;
}

/** For all our portals: ten times cheaper to make than RS256. */
const ALGORITHM = 'ES256';
const TIMEOUT_SECONDS = 10;
const CLOCK_TOLERANCE_SECONDS = 10;
const RETRY_MS = { first: 250, most: 15_000 };

/** Without an `expires_in` a token is taken to be nearly over (RFC 6749 §5.1 only recommends to say it). */
const LIFETIME_SECONDS = 30;

export type GatewayNeeds = {
  /** Address of the API that access tokens are for. */
  readonly resource?: string | undefined;
  /** Tokens are handed over though they are for userinfo alone: an application that asks again while she is away. */
  readonly keepsTokens?: boolean | undefined;
  readonly clock: Clock;
};

export function openidGateway(
  settings: PortalSettings,
  { resource, keepsTokens = false, clock }: GatewayNeeds,
): Gateway {
  const { issuer, publicUrl, clientId } = settings;
  const redirectUri = `${publicUrl}/callback`;
  let configuration: Promise<oidc.Configuration> | undefined;
  let remoteKeys: JWTVerifyGetKey | undefined;
  let known = false;
  const forApi = resource === undefined ? undefined : { resource };

  const configured = () => {
    // A failure is forgotten, so that the next visitor tries again; visitors at the same time share one try.
    configuration ??= discover(settings).then(
      (found) => {
        known = true;
        return found;
      },
      (error: unknown) => {
        configuration = undefined;
        throw new PortalError('gateway_unavailable', { cause: error });
      },
    );
    return configuration;
  };

  return {
    get known() {
      return known;
    },
    async lookFor(signal, onFailure) {
      let pause = RETRY_MS.first;
      while (!signal.aborted) {
        try {
          await configured();
          return;
        } catch (error) {
          onFailure(error);
          await aborted(signal, pause);
          pause = Math.min(pause * 2, RETRY_MS.most);
        }
      }
    },
    async authorizationUrl({ scope, state, nonce, codeVerifier, silent, further }) {
      return oidc.buildAuthorizationUrl(await configured(), {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(resource !== undefined && { resource }),
        ...further,
        ...(silent && { prompt: 'none' }),
      });
    },
    async redeem(search, { state, nonce, codeVerifier }) {
      const found = await configured();
      try {
        // Compares state, and iss before the code is used (RFC 9207 §2.4).
        const tokens = await oidc.authorizationCodeGrant(
          found,
          new URL(`${redirectUri}${search}`),
          {
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: codeVerifier,
            idTokenExpected: true,
          },
          forApi,
        );
        const told = tokens.claims()!;
        const { sub, sid } = told;
        const signedIn = { sub, sid: typeof sid === 'string' ? sid : undefined, idToken: tokens.id_token! };
        if (forApi) return { ...signedIn, claims: told, tokens: tokensOf(tokens) };
        const claims = await oidc.fetchUserInfo(found, tokens.access_token, sub);
        return { ...signedIn, claims, ...(keepsTokens && { tokens: tokensOf(tokens) }) };
      } catch (error) {
        if (error instanceof oidc.AuthorizationResponseError) return { refused: error.error };
        throw new PortalError(isOutage(error) ? 'gateway_unavailable' : 'sign_in_failed', { cause: error });
      }
    },
    async refresh(refreshToken) {
      const found = await configured();
      try {
        const tokens = await oidc.refreshTokenGrant(found, refreshToken, forApi);
        // The answer names a refresh token only when it is a new one (RFC 6749 §6).
        return { refreshToken, ...tokensOf(tokens) };
      } catch (error) {
        if (error instanceof oidc.ResponseBodyError && error.status < 500) return { refused: error.error };
        throw new PortalError('gateway_unavailable', { cause: error });
      }
    },
    async userInfo(accessToken, sub) {
      try {
        return await oidc.fetchUserInfo(await configured(), accessToken, sub);
      } catch (error) {
        if (error instanceof oidc.WWWAuthenticateChallengeError) return { refused: 'invalid_token' };
        if (error instanceof PortalError) throw error;
        throw new PortalError(isOutage(error) ? 'gateway_unavailable' : 'sign_in_failed', { cause: error });
      }
    },
    async endSessionUrl(idToken) {
      return oidc.buildEndSessionUrl(await configured(), {
        id_token_hint: idToken,
        post_logout_redirect_uri: `${publicUrl}/`,
      });
    },
    async keys() {
      const { jwks_uri } = (await configured()).serverMetadata();
      remoteKeys ??= createRemoteJWKSet(new URL(jwks_uri!), { timeoutDuration: TIMEOUT_SECONDS * 1_000 });
      return { issuer, keys: remoteKeys };
    },
  };

  function tokensOf(answer: oidc.TokenEndpointResponse): Tokens {
    const { access_token, refresh_token, scope = '', expires_in = LIFETIME_SECONDS } = answer;
    return {
      accessToken: access_token,
      ...(refresh_token !== undefined && { refreshToken: refresh_token }),
      scopes: scope.split(' '),
      expiresAt: new Date(clock.now().getTime() + expires_in * 1_000),
    };
  }

  async function discover({ authentication }: PortalSettings): Promise<oidc.Configuration> {
    const metadata = {
      id_token_signed_response_alg: ALGORITHM,
      [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
    };
    const found = await oidc.discovery(new URL(issuer), clientId, metadata, await proofOf(authentication), {
      timeout: TIMEOUT_SECONDS,
      // The settings allow http on a loopback host alone.
      ...(issuer.startsWith('http:') && { execute: [oidc.allowInsecureRequests] }),
    });
    // The ID token's signature counts even where TLS would vouch for it: it comes back as id_token_hint.
    oidc.enableNonRepudiationChecks(found);
    return found;
  }
}

async function proofOf(authentication: ClientAuthentication): Promise<oidc.ClientAuth> {
  if (authentication.kind === 'none') return oidc.None();
  if (authentication.kind === 'client_secret_basic') return oidc.ClientSecretBasic(authentication.secret);
  const { kid, ...jwk } = authentication.jwk;
  const key = (await importJWK(jwk, ALGORITHM)) as CryptoKey;
  return oidc.PrivateKeyJwt(kid === undefined ? key : { key, kid });
}

/** Nobody there, no answer in time, or an answer of 5xx: waiting helps. */
function isOutage(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof oidc.ResponseBodyError) return at.status >= 500;
    const { code } = at as { code?: unknown };
    // fetch() says «network» with a TypeError that has a cause and no code of its own.
    if (code === 'OAUTH_TIMEOUT' || (at instanceof TypeError && at.cause !== undefined)) return true;
    if (at.cause instanceof Response) return at.cause.status >= 500;
  }
  return false;
}

function aborted(signal: AbortSignal, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, withinMs);
    timer.unref();
    signal.addEventListener('abort', done);
  });
}
