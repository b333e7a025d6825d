/**
 * What we know of a client beyond RFC 7591, and what we refuse in its metadata. Our own fields are an operator's to
 * set: a client that registers itself may not name them.
 */
import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { ConsentType } from '../../adapters/document-store/document-store.ts';
import { translator } from '../http/texts.ts';
import { type AddressFault, type AddressUse, addressFault } from '../integrations/addresses.ts';
import { ACR, ACR_OF_TWO_PROOFS, type Acr } from '../login/assurance.ts';
import { type MembershipClaim, OPEN_SCOPES } from './claims.ts';
import { rolesFault, staffScopesFault } from './client/admission.ts';
import { profileFault } from './client/profile.ts';
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
  /** True: only who shows a device of hers, or is confirmed by ЕСИА, is let in (login/assurance.ts). */
  'own_device',
  /** True for a relying party of ЭПОС: told of the school, and never of the Union. */
  'education',
  /** «Написать в техподдержку», on the page of signing in to it. */
  'support_uri',
  /** «Инструкции по входу», by role. */
  'guides',
  /** `test` or `production`, of a developer's application (client/stage.ts). */
  'stage',
  /** Claims that the person may decline on the consent page (client/consent.ts). */
  'optional_claims',
  /** Consents that are shown before somebody comes in without them (client/consent.ts). */
  'documents',
  /** Seconds its tokens live, within bounds (client/token-lifetimes.ts). */
  'access_token_seconds',
  'refresh_token_seconds',
  'id_token_seconds',
  /** APIs it may get access tokens for: [{ uri, scopes, format, alg }] (client/resources.ts). */
  'resources',
  /** APIs that it is: it may introspect the tokens for them. */
  'serves',
  /** Clients that may exchange its access tokens (RFC 8693). */
  'exchangeable_by',
  /** `fapi2`: FAPI 2.0 Security Profile (client/profile.ts). */
  'profile',
  /** True: every DPoP proof carries a nonce of ours. */
  'require_dpop_nonce',
  /** Roles one of which lets in; absent: everybody (client/admission.ts). */
  'required_roles',
  /** How old the sign-in may be. */
  'max_session_seconds',
] as const;

/** Names a URL for every request object; they come by value instead (security.md #37). */
const REFUSED_METADATA = ['request_uris'];

/** Such as `{ finfort_pd: ['email', 'ticket_number'] }`. */
export type ClaimsByConsent = Readonly<Partial<Record<ConsentType, readonly string[]>>>;

type OwnMetadata = {
  first_party?: boolean;
  required_membership?: MembershipClaim[];
  released_claims?: string[];
  claims_by_consent?: ClaimsByConsent;
  owner?: string;
  sector?: string;
  require_pkce?: boolean;
  minimum_acr?: Acr;
  own_device?: boolean;
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

export const demandsOwnDevice = (client: Client): boolean => own(client).own_device === true;

/** What a password and a code lead up to. Into ЭПОС no proof of the Union's leads. */
export const levelByPassword = (client: Client): Acr =>
  isEducation(client) ? ACR.password : ACR_OF_TWO_PROOFS;

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
    refuse(fieldFault(key, value));
    if (key !== OWN_METADATA[0]) return;
    refuse(educationFault(metadata as Metadata));
    refuse(rolesFault(metadata as Metadata));
    refuse(staffScopesFault(metadata as Metadata));
    refuse(profileFault(metadata as Metadata));
    judgeUris(metadata as Metadata, sandbox, !selfRegistered);
    if (selfRegistered) judgeSelfRegistered(metadata as Metadata);
  };
}

function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new errors.InvalidClientMetadata(fault);
}

function judgeUris(metadata: Metadata, sandbox: boolean, intranet: boolean): void {
  const native = metadata.application_type === 'native';
  // The library reads these before it has looked whether they are texts.
  if (
    Array.isArray(metadata.redirect_uris) &&
    metadata.redirect_uris.some((uri) => typeof uri !== 'string')
  ) {
    throw new errors.InvalidRedirectUri('redirect_uris must be texts');
  }
  for (const [name, use] of JUDGED) {
    const given = metadata[name];
    for (const uri of strings(Array.isArray(given) ? given : [given])) {
      const fault = addressFault(uri, { use, native, sandbox, intranet });
      if (fault) throw new errors.InvalidClientMetadata(`${name} ${uri}: ${sentenceOf(fault)}`);
    }
  }
}

const JUDGED: readonly (readonly [field: string, use: AddressUse])[] = [
  ['redirect_uris', 'redirect'],
  ['post_logout_redirect_uris', 'post_logout'],
  ['backchannel_logout_uri', 'backchannel_logout'],
  ['initiate_login_uri', 'initiate_login'],
  ['jwks_uri', 'jwks'],
  ['sector_identifier_uri', 'jwks'],
];

/** As English says it: a fault of metadata is told to developers and operators, in the words of the protocol. */
function sentenceOf({ code, expected = '' }: AddressFault): string {
  return translator('en')(`api.address.${code}`, { expected });
}

function judgeSelfRegistered(metadata: Metadata): void {
  JSON.stringify(metadata, refuseUnstorable);
  for (const name of REFUSED_METADATA) {
    const value = metadata[name];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) {
      throw new errors.InvalidClientMetadata(`${name} is not supported`);
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
