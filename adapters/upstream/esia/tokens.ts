/**
 * ESIA's signed tokens: RS256 or GOST, without `kid` and without a JWKS, so that every certificate of the right kind is
 * tried. The claims are ESIA's own, not OpenID Connect's.
 */
import type { Certificate } from '../../signer/signer.ts';
import { type EsiaSettings, UpstreamFault } from '../upstream.ts';

export type TokenKind = 'id' | 'access';
export type Payload = Readonly<Record<string, unknown>>;

export type TokenRules = {
  readonly algorithms: EsiaSettings['tokenAlgorithms'];
  readonly issuer: string;
  readonly certificates: readonly Certificate[];
  readonly now: Date;
};

const LEEWAY_SECONDS = 60;
/** Seconds since 1970 pass this in the year 5138; milliseconds have done so since 1973. */
const MILLISECONDS_FROM = 1e11;

/** The payload of a token that ESIA signed and that is valid now. Throws UpstreamFault. */
export function verifyToken(jwt: unknown, kind: TokenKind, rules: TokenRules): Payload {
  const untrusted = (what: string, advice?: string) =>
    new UpstreamFault('untrusted', `${kind}_token_${what}`, { advice });
  const parts = typeof jwt === 'string' ? jwt.split('.') : [];
  const [head = '', body = '', mark = ''] = parts;
  const header = parts.length === 3 ? jsonOf(head) : undefined;
  if (!header) throw untrusted('malformed');
  const { alg, sbt } = header;
  // RFC 8725 §3.1: what is allowed is ours to say, and a key serves its own algorithm alone.
  if (!rules.algorithms.some((allowed) => allowed === alg)) throw untrusted('algorithm');
  const message = Buffer.from(`${head}.${body}`);
  const signature = Buffer.from(mark, 'base64url');
  const verified = rules.certificates.some(
    (certificate) => certificate.algorithm === alg && certificate.verify(message, signature),
  );
  if (!verified) {
    throw untrusted('signature', 'No certificate of the authority verifies it: has ESIA changed its key?');
  }
  if (sbt !== kind) throw untrusted('kind');
  const payload = jsonOf(body);
  if (!payload) throw untrusted('malformed');
  if (payload.iss !== rules.issuer) throw untrusted('issuer');
  const now = rules.now.getTime() / 1_000;
  const { exp, nbf, iat } = payload;
  if (typeof exp !== 'number' || exp + LEEWAY_SECONDS <= now) throw untrusted('expired');
  if (!isPast(nbf, now) || !isPast(iat, now)) throw untrusted('not_yet_valid');
  return payload;
}

export type Subject = {
  /** Decimal digits. */
  readonly oid: string;
  readonly confirmed: boolean;
  readonly isPerson: boolean;
  readonly isChild: boolean;
  /** As ESIA says it: PWD, DS, or whatever comes next. */
  readonly method: string | undefined;
  /** Seconds. */
  readonly authTime: number | undefined;
};

/** Who the id_token is about, if the access token says the same. Throws UpstreamFault. */
export function subjectOf(idToken: Payload, accessToken: Payload, clientId: string): Subject {
  const untrusted = (what: string) => new UpstreamFault('untrusted', what);
  if (idToken.aud !== clientId) throw untrusted('id_token_audience');
  if (accessToken.client_id !== clientId) throw untrusted('access_token_client');
  const about = isObject(idToken['urn:esia:sbj']) ? idToken['urn:esia:sbj'] : {};
  const oid = oidOf(idToken.sub);
  if (oid === undefined) throw untrusted('id_token_subject');
  if (oidOf(about['urn:esia:sbj:oid']) !== oid) throw untrusted('id_token_object');
  if (oidOf(accessToken['urn:esia:sbj_id']) !== oid) throw untrusted('access_token_subject');
  return {
    oid,
    confirmed: about['urn:esia:sbj:is_tru'] === true,
    isPerson: about['urn:esia:sbj:typ'] === 'P',
    isChild: about['urn:esia:sbj:lvl'] === 'KD',
    method: typeof idToken.amr === 'string' ? idToken.amr : undefined,
    authTime: seconds(idToken.auth_time),
  };
}

/** A number, or the same in digits. */
function oidOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
  return typeof value === 'string' && /^[1-9]\d{0,18}$/.test(value) ? value : undefined;
}

function seconds(value: unknown): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return Math.floor(value > MILLISECONDS_FROM ? value / 1_000 : value);
}

function isPast(value: unknown, now: number): boolean {
  return value === undefined || (typeof value === 'number' && value <= now + LEEWAY_SECONDS);
}

function jsonOf(part: string): Payload | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
