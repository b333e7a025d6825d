/**
 * What of OAuth 2.0 and OpenID Connect is switched on, and how each is bounded. A feature is for everybody; who has to
 * use it says its own metadata.
 */
import {
  type ClaimsParameter,
  type Client,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
} from 'oidc-provider';
import type { Upstreams } from '../upstreams/upstreams.ts';
import { claimsIn, SCOPES } from './claims.ts';
import { wantsNonce } from './client/profile.ts';
import { authenticationMethods, mayIntrospect, mutualTls } from './client-authentication.ts';
import { askForCode, askToConfirm, deviceInfo, sayConnected } from './device-pages.ts';
import { judgeRequestObject } from './fapi.ts';
import { resourceServerInfo } from './resources.ts';
import type { ProviderSettings } from './settings.ts';
import { askWhereToSignOut, saySignedOut } from './sign-out.ts';

/** Algorithms a client may sign with: no symmetric ones, and never `none` (RFC 8725 §3.1). */
const CLIENT_ALGS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const;
/** Those of our own keys. */
const OUR_ALGS = ['RS256', 'ES256'] as const;

export const ALGORITHMS: NonNullable<Configuration['enabledJWA']> = {
  idTokenSigningAlgValues: [...OUR_ALGS],
  authorizationSigningAlgValues: [...OUR_ALGS],
  clientAuthSigningAlgValues: [...CLIENT_ALGS],
  requestObjectSigningAlgValues: [...CLIENT_ALGS],
  // RFC 9449 §11.6, FAPI 2.0 §5.4.1.
  dPoPSigningAlgValues: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
};

/** Claims that say something of a person. */
const PERSONAL = new Set<string>(claimsIn(SCOPES));

export function features(
  { initialAccessToken, dpopSecret, certificates }: ProviderSettings,
  upstreams: Pick<Upstreams, 'offers' | 'signOutUrl'>,
): NonNullable<Configuration['features']> {
  return {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    claimsParameter: { enabled: true, assertClaimsParameter: judgeClaims },
    clientCredentials: { enabled: true },
    deviceFlow: {
      enabled: true,
      charset: 'base-20',
      mask: '****-****',
      deviceInfo,
      userCodeInputSource: askForCode,
      userCodeConfirmSource: askToConfirm,
      successSource: sayConnected,
    },
    dPoP: {
      enabled: true,
      nonceSecret: dpopSecret,
      // Where a token is used its client is not known yet; there a nonce is offered and looked at, not demanded.
      requireNonce: ({ oidc: { client } }) => client !== undefined && wantsNonce(client),
    },
    introspection: { enabled: true, allowedPolicy: mayIntrospect },
    jwtResponseModes: { enabled: true },
    mTLS: mutualTls(certificates),
    pushedAuthorizationRequests: { enabled: true },
    registration: initialAccessToken ? { enabled: true, initialAccessToken } : { enabled: false },
    registrationManagement: {
      enabled: initialAccessToken !== undefined,
      rotateRegistrationAccessToken: true,
    },
    requestObjects: { enabled: true, assertJwtClaimsAndHeader: judgeRequestObject },
    resourceIndicators: { enabled: true, getResourceServerInfo: resourceServerInfo },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: askWhereToSignOut(upstreams),
      postLogoutSuccessSource: saySignedOut,
    },
  };
}

/** Beyond what the library says of itself: OpenID Connect Discovery §3, Initiating User Registration §4, RFC 8705 §5. */
export function discovery({ issuer, certificates }: ProviderSettings): Record<string, unknown> {
  const origin = certificates?.settings.origin;
  const alias = (path: string) => `${origin}${path}`;
  return {
    claim_types_supported: ['normal'],
    prompt_values_supported: ['none', 'login', 'consent', 'role'],
    ui_locales_supported: ['ru', 'en'],
    protected_resources: [`${issuer}/api`],
    ...(origin && {
      mtls_endpoint_aliases: {
        token_endpoint: alias('/token'),
        introspection_endpoint: alias('/token/introspection'),
        revocation_endpoint: alias('/token/revocation'),
        pushed_authorization_request_endpoint: alias('/request'),
        device_authorization_endpoint: alias('/device/auth'),
        userinfo_endpoint: alias('/me'),
      },
    }),
  };
}

export const clientAuthMethods = ({ certificates }: ProviderSettings) =>
  authenticationMethods(certificates?.settings);

/**
 * A claim is another spelling of its scope: whoever may not ask for the scope may not ask for the claim. Unknown ones
 * are ignored (OpenID Connect Core 5.5.1); members that are neither null nor an object are nobody's wish.
 */
function judgeClaims(_ctx: KoaContextWithOIDC, claims: ClaimsParameter, { scope }: Client): void {
  const within = scope === undefined ? undefined : new Set<string>(claimsIn(scope.split(' ')));
  for (const wished of [claims.userinfo, claims.id_token]) {
    for (const [name, wish] of Object.entries(wished ?? {})) {
      const isWish = wish === null || (typeof wish === 'object' && !Array.isArray(wish));
      if (!isWish) throw new errors.InvalidRequest(`claims: ${name} must be null or an object`);
      if (within && PERSONAL.has(name) && !within.has(name)) {
        throw new errors.InvalidScope('requested claim is not allowed', name);
      }
    }
  }
}
