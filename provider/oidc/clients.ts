/**
 * oidc-provider's `Client` model on our client store. Clients are asked for many times a second and change rarely, so
 * each process keeps them for a few seconds; after a block no client is served longer than that.
 */
import type { Adapter } from 'oidc-provider';
import type { ClientMetadata, ClientRecord, ClientStore } from '../../adapters/client-store/client-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import { OPEN_SCOPES } from './claims.ts';
import { withDeviceSubject } from './client/device-subject.ts';
import { withProfile } from './client/profile.ts';

const KEPT_MS = 5_000;
/** Unknown ids are kept, too, but not without end: anybody can make them up. */
const KEPT_AT_MOST = 1_000;
/** RFC 6749 A.1; anything else is nobody's id, and some of it no database can be asked for. */
const CLIENT_ID = /^[\x20-\x7e]{1,255}$/;

export type ClientDirectory = Adapter & {
  /** The stored record, whatever its state; for pages that name a client. */
  record(clientId: string): Promise<ClientRecord | undefined>;
  /** It has just been changed here: whoever asks this process next sees it as it is. */
  forget(clientId: string): void;
};

export function clientDirectory(store: ClientStore, clock: Clock): ClientDirectory {
  const kept = new Map<string, { record: ClientRecord | undefined; until: number }>();

  const record = async (clientId: string): Promise<ClientRecord | undefined> => {
    if (!CLIENT_ID.test(clientId)) return undefined;
    const now = clock.now().getTime();
    const known = kept.get(clientId);
    if (known && known.until > now) return known.record;
    const found = await store.find(clientId);
    if (kept.size >= KEPT_AT_MOST) kept.clear();
    kept.set(clientId, { record: found, until: now + KEPT_MS });
    return found;
  };

  const unused = async (): Promise<undefined> => undefined;
  return {
    record,
    forget: (clientId) => void kept.delete(clientId),
    async find(clientId) {
      const found = await record(clientId);
      return found && !found.blockedAt ? forLibrary(found.metadata) : undefined;
    },
    // Only dynamic registration writes through oidc-provider.
    async upsert(clientId, payload) {
      const metadata = { scope: OPEN_SCOPES.join(' '), ...payload, client_id: clientId };
      await store.save(metadata as ClientMetadata, 'dynamic-registration');
      kept.delete(clientId);
    },
    async destroy(clientId) {
      await store.remove(clientId);
      kept.delete(clientId);
    },
    findByUid: unused,
    findByUserCode: unused,
    consume: unused,
    revokeByGrantId: unused,
  };
}

/** Stored metadata with what the library would else have to guess, or refuse. */
export const forLibrary = (metadata: ClientMetadata): ClientMetadata =>
  withDeviceSubject(withSector(withProfile(metadata)));

/**
 * With redirects to several hosts the library asks for a document that names them all (OpenID Connect Core 8.1). Our
 * clients are registered by hand and known by their first host, so nothing has to be fetched. One without redirects, a
 * device or an API, is a sector of its own.
 */
function withSector(metadata: ClientMetadata): ClientMetadata {
  const uris = Array.isArray(metadata.redirect_uris) ? (metadata.redirect_uris as string[]) : [];
  const [first, ...others] = new Set(uris.map((uri) => URL.parse(uri)?.host ?? ''));
  if (first === undefined && metadata.sector_identifier_uri === undefined) {
    return { sector: metadata.client_id, ...metadata };
  }
  if (others.length === 0 || metadata.sector_identifier_uri !== undefined) return { ...metadata };
  return { ...metadata, sector_identifier_uri: `https://${first || 'native.invalid'}/` };
}
