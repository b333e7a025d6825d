/**
 * What we know of a client beyond RFC 7591, and what we refuse in its metadata. Our own fields are an operator's to
 * set: a client that registers itself may not name them.
 */
import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { CONSENT_TYPES, type ConsentType } from '../../adapters/document-store/document-store.ts';
import { ACR, type Acr } from '../login/assurance.ts';
import { isLoopback } from '../loopback.ts';
import { CLAIMS_BY_SCOPE, type MembershipClaim, OPEN_SCOPES } from './claims.ts';
import { educationFault, fieldFault, type Guide } from './own-metadata.ts';

/** Field names as they stand in the stored metadata. */
export const OWN_METADATA = [
  /** One of our portals: no consent page. */
  'first_party',
  /** Membership claims that are let in; absent: everybody. */
  'required_membership',
  /** Claims that are ever told, whatever the scope; absent: those of the scopes. */
  'released_claims',
  /** Claims that are told only while the person's consent of that type is in force. */
  'claims_by_consent',
  /** Who runs it, as the consent page says it. */
  'owner',
  /** Shared by the clients of one party that may know a person by one subject. */
  'sector',
  /** False for an old confidential client that cannot do PKCE. */
  'require_pkce',
  /** The least level that is let in. */
  'minimum_acr',
  /** The doors that lead in: ids of upstreams, and `password`; absent: all. */
  'allowed_doors',
  /** True for a relying party of ЭПОС: told of the school, and never of the Union. */
  'education',
  /** «Написать в техподдержку», on the page of signing in to it. */
  'support_uri',
  /** «Инструкции по входу», by role. */
  'guides',
] as const;

/** A URL of the client's that we would have to fetch: keys come by value instead (security.md #37). */
const FETCHED_METADATA = ['jwks_uri', 'sector_identifier_uri', 'request_uris'];

/** Such as `{ finfort_pd: ['email', 'ticket_number'] }`. */
export type ClaimsByConsent = Readonly<Partial<Record<ConsentType, readonly string[]>>>;

const claimsByConsentShape = z.partialRecord(
  z.enum(CONSENT_TYPES),
  z.array(z.enum(Object.values(CLAIMS_BY_SCOPE).flat()).exclude(['sub'])).min(1),
);

type OwnMetadata = {
  first_party?: boolean;
  required_membership?: MembershipClaim[];
  released_claims?: string[];
  claims_by_consent?: ClaimsByConsent;
  owner?: string;
  sector?: string;
  require_pkce?: boolean;
  minimum_acr?: Acr;
  allowed_doors?: string[];
  education?: boolean;
  support_uri?: string;
  guides?: Guide[];
};

const own = (client: Client): OwnMetadata => client as unknown as OwnMetadata;

export const isFirstParty = (client: Client): boolean => own(client).first_party === true;
export const requiresPkce = (client: Client): boolean =>
  client.clientAuthMethod === 'none' || own(client).require_pkce !== false;
export const sectorOf = (client: Client): string =>
  own(client).sector || sectorIdentifierOf(client) || client.clientId;

/** As pages name it. */
export function clientName({ clientName, clientId, clientUri }: Client): { name: string; uri?: string } {
  return { name: clientName ?? clientId, ...(clientUri !== undefined && { uri: clientUri }) };
}

function sectorIdentifierOf(client: Client): string | undefined {
  return (client as { sectorIdentifier?: string }).sectorIdentifier;
}

export function releasedClaims(client: Client): ReadonlySet<string> | undefined {
  const names = own(client).released_claims;
  return names && new Set(names);
}

/** Undefined for the many clients that live on no consent of their own. */
export function claimsByConsent(client: Client): ClaimsByConsent | undefined {
  return own(client).claims_by_consent;
}

export function admits(client: Client, membership: MembershipClaim): boolean {
  return own(client).required_membership?.includes(membership) ?? true;
}

export const isEducation = (client: Client): boolean => own(client).education === true;

/** The region's records are opened to nobody by a password of the Union alone (domain.md §2.3). */
export const minimumAcr = (client: Client): Acr | undefined =>
  own(client).minimum_acr ?? (isEducation(client) ? ACR.federated : undefined);

/** Ids of upstreams, and `password`. Undefined: every door leads in. */
export function allowedDoors(client: Client): ReadonlySet<string> | undefined {
  const doors = own(client).allowed_doors;
  return doors && new Set(doors);
}

/** Who helps, and where it is written how one signs in. */
export function supportOf(client: Client): { readonly uri?: string; readonly guides: readonly Guide[] } {
  const { support_uri: uri, guides = [] } = own(client);
  return { ...(uri !== undefined && { uri }), guides };
}

type Metadata = Record<string, unknown>;

/**
 * For oidc-provider's `extraClientMetadata`: called once per own field, so the whole is judged at the first.
 * Throws InvalidClientMetadata, which becomes `invalid_redirect_uri` where it names that field (RFC 7591 §3.2.2).
 */
export function metadataJudge(sandbox: boolean) {
  return (ctx: KoaContextWithOIDC | undefined, key: string, value: unknown, metadata: object): void => {
    const selfRegistered = ctx?.oidc?.route === 'registration' || ctx?.oidc?.route === 'client_update';
    if (selfRegistered && value !== undefined) {
      throw new errors.InvalidClientMetadata(`${key} is set by the operator`);
    }
    if (key === 'claims_by_consent' && value !== undefined) judgeClaimsByConsent(value);
    refuse(fieldFault(key, value));
    if (key !== OWN_METADATA[0]) return;
    refuse(educationFault(metadata as Metadata));
    judgeUris(metadata as Metadata, sandbox);
    if (selfRegistered) judgeSelfRegistered(metadata as Metadata);
  };
}

function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new errors.InvalidClientMetadata(fault);
}

/** A misspelt name would let a claim out without the consent that was meant. */
function judgeClaimsByConsent(value: unknown): void {
  const parsed = claimsByConsentShape.safeParse(value);
  if (parsed.success) return;
  throw new errors.InvalidClientMetadata(
    `claims_by_consent must name, for ${CONSENT_TYPES.join(', ')}, lists of claims`,
  );
}

function judgeUris(metadata: Metadata, sandbox: boolean): void {
  const native = metadata.application_type === 'native';
  // The library reads these before it has looked whether they are texts.
  if (
    Array.isArray(metadata.redirect_uris) &&
    metadata.redirect_uris.some((uri) => typeof uri !== 'string')
  ) {
    throw new errors.InvalidRedirectUri('redirect_uris must be texts');
  }
  for (const uri of strings(metadata.redirect_uris)) {
    const fault = redirectFault(uri, native, sandbox);
    if (fault) throw new errors.InvalidClientMetadata(`redirect_uris ${uri}: ${fault}`);
  }
  for (const uri of strings(metadata.post_logout_redirect_uris)) {
    const fault = redirectFault(uri, native, sandbox);
    if (fault) throw new errors.InvalidClientMetadata(`post_logout_redirect_uris ${uri}: ${fault}`);
  }
  for (const name of ['backchannel_logout_uri', 'initiate_login_uri']) {
    const [uri] = strings([metadata[name]]);
    const fault = uri === undefined ? undefined : redirectFault(uri, false, sandbox);
    if (fault) throw new errors.InvalidClientMetadata(`${name} ${uri}: ${fault}`);
  }
}

/** RFC 9700 §2.1, §2.6; RFC 8252 §7. Undefined when the address may be registered. */
function redirectFault(uri: string, native: boolean, sandbox: boolean): string | undefined {
  const url = URL.parse(uri);
  if (!url) return 'is not a URL';
  if (uri.includes('#')) return 'must not have a fragment';
  if (uri.includes('*')) return 'must not have a wildcard';
  if (url.username || url.password) return 'must not have a user name';
  // «https:///a.test» and «https:\\a.test» are read as https://a.test, though not by everybody.
  const plain = `${url.protocol}//${url.hostname}`;
  if (/^https?:$/.test(url.protocol) && !uri.toLowerCase().startsWith(plain))
    return `must begin with ${plain}`;
  if (url.protocol === 'https:') return undefined;
  if (url.protocol === 'http:') {
    return (native || sandbox) && isLoopback(url.hostname) ? undefined : 'must begin with https://';
  }
  if (!native) return 'must begin with https://';
  return url.protocol.includes('.') ? undefined : 'a custom scheme must have a dot, such as ru.example.app:';
}

function judgeSelfRegistered(metadata: Metadata): void {
  JSON.stringify(metadata, refuseUnstorable);
  for (const name of FETCHED_METADATA) {
    const value = metadata[name];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      throw new errors.InvalidClientMetadata(`${name} is not supported; give the keys by value (jwks)`);
    }
  }
  const open: readonly string[] = OPEN_SCOPES;
  const scope = metadata.scope;
  const asked = typeof scope === 'string' ? scope.split(' ') : [];
  const closed = asked.filter((name) => !open.includes(name));
  if (closed.length > 0)
    throw new errors.InvalidClientMetadata(`scope ${closed.join(' ')} needs an approval`);
}

/** For JSON.stringify: jsonb holds neither NUL nor half of a surrogate pair. */
function refuseUnstorable(name: string, value: unknown): unknown {
  const isUnstorable = (text: unknown) =>
    typeof text === 'string' && (text.includes('\0') || !text.isWellFormed());
  if (isUnstorable(name) || isUnstorable(value)) {
    throw new errors.InvalidClientMetadata('a text of the metadata holds what is no character');
  }
  return value;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
