/**
 * ESIA's error codes, sorted: is it the person, is it ESIA, or is it us? Sentences are for the operator; a person never
 * reads what came over the wire.
 */
import { type FaultKind, type Refusal, UpstreamFault } from '../upstream.ts';

type Sorted =
  | { readonly kind: 'person'; readonly refusal: Refusal; readonly meaning: string }
  | { readonly kind: Exclude<FaultKind, 'untrusted'>; readonly meaning: string };

const person = (refusal: Refusal, meaning: string): Sorted => ({ kind: 'person', refusal, meaning });
const outage = (meaning: string): Sorted => ({ kind: 'outage', meaning });
const ours = (meaning: string): Sorted => ({ kind: 'ours', meaning });

/** Codes of authorize and token, of a bad client, and of the REST services. */
export const ESIA_ERRORS: Readonly<Record<string, Sorted>> = {
  'ESIA-005011': outage('The person service does not accept the access token ESIA has just given.'),
  'ESIA-005013': ours('The access token counts as expired at once: check the clocks on both sides.'),
  'ESIA-005029': ours('The scope does not allow this data: ask for less, or have the scope approved.'),
  'ESIA-007002': ours(
    'The certificate does not belong to the mnemonic, or none is registered: upload it on the technical portal.',
  ),
  'ESIA-007003': ours('A parameter is missing, wrong or repeated: a proxy may have changed the request.'),
  'ESIA-007004': person('cancelled', 'The person, or the system asked, refused.'),
  'ESIA-007005': ours(
    'The system may not use this method, or its certificate is not on the technical portal.',
  ),
  'ESIA-007006': ours('A scope is wrong: correct the list of scopes.'),
  'ESIA-007007': outage('An unexpected fault in ESIA.'),
  'ESIA-007008': outage('ESIA is overloaded or being maintained.'),
  'ESIA-007009': ours('The response type is not supported.'),
  'ESIA-007011': person(
    'start_again',
    'The code is wrong, expired, used, or was for another client or address.',
  ),
  'ESIA-007012': ours('The grant type is not supported.'),
  'ESIA-007013': ours('No scope was asked for.'),
  'ESIA-007014': ours('A mandatory parameter is missing: a proxy may have dropped it.'),
  'ESIA-007015': ours('The time of the request is wrong: set this machine’s clock by NTP.'),
  'ESIA-007019': ours(
    'No permission: a scope is not approved for the mnemonic, or (old protocol) the signature is wrong.',
  ),
  'ESIA-007023': ours(
    'The redirect address is not registered: enter its main domain on the technical portal.',
  ),
  'ESIA-007038': ours('The parameters cannot be read.'),
  'ESIA-007039': ours('A code_verifier came without a code_challenge.'),
  'ESIA-007040': ours('The code_verifier does not match the code_challenge.'),
  'ESIA-007046': person(
    'second_factor_missing',
    'A one-time password is demanded, and the person cannot get one.',
  ),
  'ESIA-007053': ours(
    'The signature, the certificate or its hash is wrong or inactive: «union-id esia doctor» says which.',
  ),
  'ESIA-007055': person('unconfirmed', 'The account is not confirmed.'),
  'ESIA-007060': ours('The roles asked for are wrong: this gateway signs in people, not organisations.'),
  'ESIA-007061': ours(
    'The type of the object asked for is wrong: this gateway signs in people, not organisations.',
  ),
  'ESIA-007062': ours('The role and the type of the object do not fit together.'),
  'ESIA-007110': outage('Signing in by QR code did not succeed in time.'),
  'ESIA-007194': person('not_a_person', 'The person does not work for the organisation asked for.'),
  'ESIA-008010': ours('ESIA cannot tell which client asks: check the mnemonic and the certificate.'),
};

/** RFC 6749 §4.1.2.1, where ESIA gives no code of its own. */
const OAUTH_ERRORS: Readonly<Record<string, Sorted>> = {
  access_denied: person('cancelled', 'Refused without a reason.'),
  invalid_grant: person('start_again', 'The code is worth nothing.'),
  server_error: outage('An unexpected fault in ESIA.'),
  temporarily_unavailable: outage('ESIA is overloaded or being maintained.'),
};

/** The consents of the digital profile. */
const PERMISSIONS = /^ESIA-0367\d\d$/;
const CODE = /^ESIA-\d{6}(?!\d)/;
const OAUTH_NAME = /^[a-z_]{1,40}$/;

/** The refusal, where it is the person's. Otherwise throws UpstreamFault. `description` may be anything at all. */
export function judgeError(
  error: string,
  description: string,
  { isHearsay = false }: { isHearsay?: boolean } = {},
): { refused: Refusal } {
  const [code] = CODE.exec(description) ?? [];
  const sorted = (code === undefined ? OAUTH_ERRORS[error] : sortedByCode(code)) ?? UNKNOWN;
  if (sorted.kind === 'person') return { refused: sorted.refusal };
  const name = code ?? (OAUTH_NAME.test(error) ? error : 'unknown_error');
  throw new UpstreamFault(sorted.kind, name, { advice: sorted.meaning, isHearsay });
}

function sortedByCode(code: string): Sorted | undefined {
  if (PERMISSIONS.test(code))
    return ours('Consents of the digital profile were asked for, which this gateway never does.');
  return ESIA_ERRORS[code];
}

/** A code nobody knows yet: another way in, and a look at the log. */
const UNKNOWN: Sorted = outage('An error this version does not know.');
