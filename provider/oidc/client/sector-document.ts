/**
 * When the document at `sector_identifier_uri` is asked for: while its client registers itself or changes its
 * registration. Later it is not; a host that is down must keep nobody from signing in.
 */
import Provider, { type Client } from 'oidc-provider';

/** For `sectorIdentifierUriValidate` (OpenID Connect Registration 5: the document lists all redirects). */
export function isBeingRegistered({ sectorIdentifierUri }: Client): boolean {
  const { route, body } = Provider.ctx?.oidc ?? {};
  const isWritten = route === 'registration' || route === 'client_update';
  // A client that changes is loaded as it was, too.
  return isWritten && body?.sector_identifier_uri === sectorIdentifierUri;
}
