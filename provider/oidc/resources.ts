/**
 * Whom an access token may be for (RFC 8707): our own management API, or an API that the client's metadata names. What
 * is known of it here is its address, its scopes and the form of its tokens; it is never asked.
 */
import { type Client, errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { isFapi } from './client/profile.ts';
import { type Resource, resourceOf } from './client/resources.ts';
import { isFirstParty } from './client-rules.ts';
import { JWT_ACCESS_SECONDS } from './lifetimes.ts';

/** What somebody may do with integrations at the management API. */
export const API_SCOPES = ['integrations:read', 'integrations:write', 'integrations:review'] as const;

/** The management API as a resource indicator. */
export const apiOf = (issuer: string): string => `${issuer}/api`;

/** The endpoints of a receiver of events (provider/signals). */
export const RECEIVER_SCOPES = ['ssf.read', 'ssf.manage'] as const;
export const signalsOf = (issuer: string): string => `${issuer}/ssf`;

/** The register of members, where it is ours, for machines (provider/registry-api). */
export const REGISTRY_SCOPES = ['registry:read', 'registry:write'] as const;
export const registryOf = (issuer: string): string => `${issuer}/registry`;

export function resourceServerInfo(ctx: KoaContextWithOIDC, uri: string, client: Client): ResourceServer {
  if (uri === signalsOf(ctx.oidc.issuer)) return machines(ctx, uri, RECEIVER_SCOPES);
  if (uri === registryOf(ctx.oidc.issuer)) return machines(ctx, uri, REGISTRY_SCOPES);
  const resource = resourceOf(client, uri);
  if (uri === apiOf(ctx.oidc.issuer)) return managementApi(uri, client, resource);
  if (!resource) throw new errors.InvalidTarget();
  const { scopes, format = 'jwt', alg = isFapi(client) ? 'ES256' : 'RS256' } = resource;
  const known = { scope: scopes.join(' '), audience: uri };
  if (format === 'opaque') return { ...known, accessTokenFormat: 'opaque' };
  return { ...known, accessTokenFormat: 'jwt', accessTokenTTL: JWT_ACCESS_SECONDS, jwt: { sign: { alg } } };
}

/** A client that asks in nobody's name: what it may is looked at where it asks. */
function machines({ oidc }: KoaContextWithOIDC, uri: string, scopes: readonly string[]): ResourceServer {
  if (oidc.params?.grant_type !== 'client_credentials') throw new errors.InvalidTarget();
  return { scope: scopes.join(' '), audience: uri, accessTokenFormat: 'opaque' };
}

/**
 * Opaque, so that a block or a sign-out counts at once; for whom an operator has let in, and for those of our own portals
 * that prove who they are. Ours ask no consent: as a public one anybody could fetch a person's token, by a device code
 * that she was talked into, without a word of the API on any page.
 */
function managementApi(uri: string, client: Client, resource: Resource | undefined): ResourceServer {
  const isProvedOurs = isFirstParty(client) && client.clientAuthMethod !== 'none';
  if (!isProvedOurs && !resource) throw new errors.InvalidTarget();
  const scopes = API_SCOPES.filter((scope) => resource?.scopes.includes(scope) ?? true);
  return { scope: scopes.join(' '), audience: uri, accessTokenFormat: 'opaque' };
}
