/** Who shares a subject, read from stored metadata: for whoever names a person to a client outside of a request. */
import type { ClientMetadata } from '../../../adapters/client-store/client-store.ts';
import { forLibrary } from '../clients.ts';

/** As the library and client-rules.ts read it from a client. Undefined: the client asked for public subjects. */
export function sectorOfMetadata(metadata: ClientMetadata): string | undefined {
  if (metadata.subject_type === 'public') return undefined;
  const { sector, sector_identifier_uri: shared, redirect_uris: uris, jwks_uri: keys } = forLibrary(metadata);
  if (typeof sector === 'string' && sector !== '') return sector;
  const [first] = Array.isArray(uris) ? uris : [];
  const named = [shared, first, keys].find((uri) => typeof uri === 'string' && URL.canParse(uri));
  return named === undefined ? metadata.client_id : new URL(named as string).host;
}
