/** What a developer says of her application → the metadata of the client that it is, and back. Pure. */
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import type { IntegrationKind } from '../../adapters/integration-store/integration-store.ts';

export const AUTHENTICATIONS = ['secret', 'keys', 'none'] as const;
export type Authentication = (typeof AUTHENTICATIONS)[number];

/** As she fills them in; what is absent is not used. */
export type IntegrationFields = {
  readonly name: string;
  /** Who runs it, as people are told. */
  readonly owner: string;
  readonly site: string;
  readonly redirect_uris: readonly string[];
  readonly post_logout_redirect_uris: readonly string[];
  readonly backchannel_logout_uri?: string | undefined;
  readonly initiate_login_uri?: string | undefined;
  /** Claims that a person may decline. */
  readonly optional_claims: readonly string[];
  readonly authentication: Authentication;
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined;
  readonly jwks_uri?: string | undefined;
};

/** Which ways to prove who it is an application of that kind has: what runs on a device keeps no secret. */
export const AUTHENTICATIONS_OF: Readonly<Record<IntegrationKind, readonly Authentication[]>> = {
  web: ['secret', 'keys'],
  spa: ['none'],
  native: ['none'],
  device: ['none', 'secret', 'keys'],
  service: ['secret', 'keys'],
};

/** Kinds that come with an answer to a browser. */
export const isRedirected = (kind: IntegrationKind): boolean => kind !== 'device' && kind !== 'service';

const GRANTS: Readonly<Record<IntegrationKind, readonly string[]>> = {
  web: ['authorization_code', 'refresh_token'],
  spa: ['authorization_code', 'refresh_token'],
  native: ['authorization_code', 'refresh_token'],
  device: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  service: ['client_credentials'],
};

const METHOD: Readonly<Record<Authentication, string>> = {
  secret: 'client_secret_basic',
  keys: 'private_key_jwt',
  none: 'none',
};

export function metadataOf(
  clientId: string,
  kind: IntegrationKind,
  fields: IntegrationFields,
): ClientMetadata {
  const { name, owner, site, authentication, jwks, jwks_uri } = fields;
  const { backchannel_logout_uri, initiate_login_uri, optional_claims } = fields;
  return {
    client_id: clientId,
    client_name: name,
    client_uri: site,
    owner,
    // Its own subject for each person, wherever its addresses lead: hosts are shared, and change.
    sector: clientId,
    application_type: kind === 'native' ? 'native' : 'web',
    grant_types: GRANTS[kind],
    response_types: isRedirected(kind) ? ['code'] : [],
    token_endpoint_auth_method: METHOD[authentication],
    redirect_uris: fields.redirect_uris,
    post_logout_redirect_uris: fields.post_logout_redirect_uris,
    ...(backchannel_logout_uri !== undefined && {
      ...{ backchannel_logout_uri, backchannel_logout_session_required: true },
    }),
    ...(initiate_login_uri !== undefined && { initiate_login_uri }),
    ...(optional_claims.length > 0 && { optional_claims }),
    ...(jwks && { jwks }),
    ...(jwks_uri !== undefined && { jwks_uri }),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

export function fieldsOf(metadata: ClientMetadata): IntegrationFields {
  const method = metadata.token_endpoint_auth_method;
  return {
    name: text(metadata.client_name) ?? metadata.client_id,
    owner: text(metadata.owner) ?? '',
    site: text(metadata.client_uri) ?? '',
    redirect_uris: texts(metadata.redirect_uris),
    post_logout_redirect_uris: texts(metadata.post_logout_redirect_uris),
    backchannel_logout_uri: text(metadata.backchannel_logout_uri),
    initiate_login_uri: text(metadata.initiate_login_uri),
    optional_claims: texts(metadata.optional_claims),
    authentication: AUTHENTICATIONS.find((one) => METHOD[one] === method) ?? 'none',
    jwks: metadata.jwks as IntegrationFields['jwks'],
    jwks_uri: text(metadata.jwks_uri),
  };
}

/** Fields of the metadata that the developer's words decide; all others are an operator's or a reviewer's. */
export const DEVELOPERS_FIELDS = [
  ...['client_name', 'client_uri', 'owner', 'sector', 'application_type', 'grant_types', 'response_types'],
  ...['token_endpoint_auth_method', 'redirect_uris', 'post_logout_redirect_uris', 'backchannel_logout_uri'],
  ...['backchannel_logout_session_required', 'initiate_login_uri', 'optional_claims', 'jwks', 'jwks_uri'],
] as const;

export function scopesOf({ scope }: ClientMetadata): readonly string[] {
  return typeof scope === 'string' && scope !== '' ? scope.split(' ') : [];
}
