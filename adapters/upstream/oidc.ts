/**
 * Any standard identity provider (РСАА's Keycloak) through openid-client: OpenID Connect with discovery, or plain
 * OAuth 2.0 whose userinfo says who it is. Discovery waits for the first sign-in, so that a provider that is away does
 * not keep us from starting.
 */
import * as client from 'openid-client';
import { type HttpClient, httpClient } from './http-client.ts';
import { lookAtPage, lookAtService } from './look-at.ts';
import { readIdentity } from './oidc-claims.ts';
import {
  type Json,
  type OidcSettings,
  type Probe,
  type Refusal,
  type RemoteSignOut,
  type Upstream,
  UpstreamFault,
} from './upstream.ts';

type Secret = { readonly redirectUri: string; readonly codeVerifier: string; readonly nonce: string };

const DISCOVERY_LASTS_MS = 3_600_000;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export function oidc(settings: OidcSettings): Upstream & Probe & RemoteSignOut {
  const { id, issuer, clientId, scope, claims: map } = settings;
  const http = httpClient(settings);
  let known: { readonly configuration: client.Configuration; until: number } | undefined;

  return {
    id,
    async begin({ redirectUri, state, loginHint }) {
      const configuration = await configured();
      const codeVerifier = client.randomPKCECodeVerifier();
      const nonce = client.randomNonce();
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri.href,
        scope: scope.join(' '),
        state,
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
        ...(settings.kind === 'oidc' && { nonce }),
        ...(loginHint !== undefined && { login_hint: loginHint }),
      });
      return { url, secret: { redirectUri: redirectUri.href, codeVerifier, nonce } satisfies Secret };
    },
    async complete(callback, state, secret) {
      if (!isWhole(callback, state)) return { refused: 'start_again' };
      const { redirectUri, codeVerifier, nonce } = secretOf(secret);
      // What the library compares and repeats is the registered address, whatever a proxy has made of ours.
      const current = new URL(redirectUri);
      current.search = answerIn(callback).toString();
      try {
        const configuration = await configured();
        if (!isFrom(configuration.serverMetadata(), callback)) return { refused: 'start_again' };
        const tokens = await client.authorizationCodeGrant(configuration, current, {
          expectedState: state,
          pkceCodeVerifier: codeVerifier,
          ...(settings.kind === 'oidc' && { expectedNonce: nonce, idTokenExpected: true }),
        });
        const proved = tokens.claims();
        const more =
          configuration.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await client.fetchUserInfo(
                configuration,
                tokens.access_token,
                proved?.sub ?? client.skipSubjectCheck,
              );
        return readIdentity(issuer, { ...more, ...proved }, map);
      } catch (error) {
        // Its keys or its addresses may have changed: next time they are asked for again.
        if (known) known.until = 0;
        return judge(error);
      }
    },
    async probe() {
      if (settings.kind === 'oauth2') {
        await lookAtPage(http, settings.authorizationEndpoint);
        await Promise.all(
          [settings.tokenEndpoint, settings.userinfoEndpoint].map((url) => lookAtService(http, url)),
        );
        return;
      }
      const configuration = await discover().catch(refuse);
      const told = configuration.serverMetadata();
      await Promise.all([
        lookAtPage(http, named(told.authorization_endpoint)),
        ...[told.token_endpoint, told.userinfo_endpoint]
          .filter((url) => url !== undefined)
          .map((url) => lookAtService(http, url)),
        lookAtKeys(http, named(told.jwks_uri)),
      ]);
      remember(configuration);
    },
    signOutUrl(returnTo) {
      const endpoint = known?.configuration.serverMetadata().end_session_endpoint;
      if (endpoint === undefined) throw new UpstreamFault('outage', 'no_sign_out');
      const url = new URL(endpoint);
      url.searchParams.set('client_id', clientId);
      url.searchParams.set('post_logout_redirect_uri', returnTo.href);
      return url;
    },
  };

  async function configured(): Promise<client.Configuration> {
    if (known && known.until > performance.now()) return known.configuration;
    // What was right an hour ago is better than nothing.
    return remember(await discover().catch((error: unknown) => known?.configuration ?? refuse(error)));
  }

  function remember(configuration: client.Configuration): client.Configuration {
    known = { configuration, until: performance.now() + DISCOVERY_LASTS_MS };
    return configuration;
  }

  async function discover(): Promise<client.Configuration> {
    const authentication = client.ClientSecretBasic(settings.clientSecret);
    const insecure = LOOPBACK.test(new URL(issuer).hostname);
    if (settings.kind === 'oidc') {
      return client.discovery(new URL(issuer), clientId, {}, authentication, {
        [client.customFetch]: fetchThrough(http),
        // Trust in the connection alone is not enough: the id_token's signature is checked by the JWKS.
        execute: [client.enableNonRepudiationChecks, ...(insecure ? [client.allowInsecureRequests] : [])],
      });
    }
    const configuration = new client.Configuration(
      {
        issuer,
        authorization_endpoint: settings.authorizationEndpoint,
        token_endpoint: settings.tokenEndpoint,
        userinfo_endpoint: settings.userinfoEndpoint,
      },
      clientId,
      {},
      authentication,
    );
    configuration[client.customFetch] = fetchThrough(http);
    if (insecure) client.allowInsecureRequests(configuration);
    return configuration;
  }
}

/** Keys that cannot be read verify nothing. Throws UpstreamFault. */
async function lookAtKeys(http: HttpClient, url: string): Promise<void> {
  const { status, body } = await lookAtService(http, url);
  if (status !== 200 || !hasKeys(body)) throw new UpstreamFault('outage', 'probe_keys');
}

function hasKeys(body: string): boolean {
  try {
    const { keys } = JSON.parse(body) as { keys?: unknown };
    return Array.isArray(keys) && keys.length > 0;
  } catch {
    return false;
  }
}

function named(address: string | undefined): string {
  if (address === undefined) throw new UpstreamFault('outage', 'discovery_incomplete');
  return address;
}

/** The library's calls keep our limits. */
function fetchThrough(http: HttpClient): client.CustomFetch {
  return async (url, { method, headers, body }) => {
    const answer = await http(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers: { ...headers },
      ...(body !== undefined && body !== null && { body: String(body) }),
    });
    const told = Object.entries(answer.headers).filter(([, value]) => typeof value === 'string');
    return new Response([204, 304].includes(answer.status) ? null : answer.body, {
      status: answer.status,
      headers: told as [string, string][],
    });
  };
}

/** RFC 6749 §4.1.2, RFC 9207 §2: what an answer to our request may hold. */
const ANSWER = ['state', 'code', 'error', 'error_description', 'error_uri', 'iss'];

/**
 * Without what somebody at a browser has added: the library would take another kind of answer for a fault of the
 * provider, which closes the door for everybody.
 */
function answerIn({ searchParams }: URL): URLSearchParams {
  return new URLSearchParams([...searchParams].filter(([name]) => ANSWER.includes(name)));
}

/** One state, ours, and one answer or one refusal. */
function isWhole({ searchParams }: URL, state: string): boolean {
  const count = (name: string) => searchParams.getAll(name).length;
  const isSingle = ANSWER.every((name) => count(name) <= 1) && count('code') + count('error') === 1;
  const isSaid = (searchParams.get('code') ?? searchParams.get('error')) !== '';
  return isSingle && isSaid && searchParams.get('state') === state;
}

/** RFC 9207 §2.4: who says that it names itself must, and nobody may name another. */
function isFrom(metadata: client.ServerMetadata, { searchParams }: URL): boolean {
  const named = searchParams.getAll('iss');
  const mustName = metadata.authorization_response_iss_parameter_supported === true;
  return named.every((name) => name === metadata.issuer) && (named.length > 0 || !mustName);
}

/** A refusal that is the person's. Throws UpstreamFault for everything else. */
function judge(error: unknown): { refused: Refusal } {
  if (error instanceof client.AuthorizationResponseError) {
    if (error.error === 'access_denied') return { refused: 'cancelled' };
    if (error.error === 'login_required' || error.error === 'interaction_required') {
      return { refused: 'start_again' };
    }
  }
  if (error instanceof client.ResponseBodyError && error.error === 'invalid_grant') {
    return { refused: 'start_again' };
  }
  throw faultOf(error);
}

function refuse(error: unknown): never {
  throw faultOf(error);
}

const AWAY = new Set(['server_error', 'temporarily_unavailable']);
const OAUTH_NAME = /^[a-z_]{1,40}$/;

function faultOf(error: unknown): UpstreamFault {
  const { cause } = error as Error;
  if (error instanceof UpstreamFault) return error;
  if (cause instanceof UpstreamFault) return cause;
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError) {
    const name = OAUTH_NAME.test(error.error) ? error.error : 'unknown_error';
    const isHearsay = error instanceof client.AuthorizationResponseError;
    return new UpstreamFault(AWAY.has(name) ? 'outage' : 'ours', name, { advice: adviceOn(name), isHearsay });
  }
  if (error instanceof client.WWWAuthenticateChallengeError) {
    // RFC 6749 §5.2: a token endpoint that does not know the client may say so by a challenge.
    const name = error.cause.some(({ scheme }) => scheme === 'basic') ? 'invalid_client' : 'userinfo_refused';
    return new UpstreamFault(name === 'invalid_client' ? 'ours' : 'outage', name, { advice: adviceOn(name) });
  }
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && /^(OAUTH|ERR)_[A-Z_]+$/.test(code)) {
    // What the library could not read is an outage; what it read and did not believe is not.
    const unreadable = /PARSE_ERROR|RESPONSE_IS_NOT|TIMEOUT|ABORT|INVALID_SERVER_METADATA/.test(code);
    return new UpstreamFault(unreadable ? 'outage' : 'untrusted', code.toLowerCase());
  }
  throw error;
}

function adviceOn(name: string): string | undefined {
  if (name === 'invalid_client') return 'Are client id and secret those the provider knows?';
  if (name === 'invalid_scope') return 'A scope is not allowed for this client.';
  return undefined;
}

function secretOf(secret: Json): Secret {
  const { redirectUri, codeVerifier, nonce } = secret as Partial<Secret>;
  if (redirectUri === undefined || codeVerifier === undefined || nonce === undefined) {
    throw new TypeError('not the secret of a sign-in at this upstream');
  }
  return { redirectUri, codeVerifier, nonce };
}
