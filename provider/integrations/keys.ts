/** Keys that come by value: public, asymmetric, strong, each of them once (security.md c1 #25, #26). */
import { createPublicKey, type JsonWebKey } from 'node:crypto';

const MOST = 10;
const LEAST_RSA_BITS = 2_048;
const ALGORITHMS = new Set(['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']);
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** Texts stand under `api.keys`. */
export type KeyFault =
  | 'none'
  | 'over_limit'
  | 'private'
  | 'symmetric'
  | 'weak'
  | 'unreadable'
  | 'not_for_signing'
  | 'twice';

/** `at`: which of them; absent when it is about all. */
export type KeysFault = { readonly code: KeyFault; readonly at?: number };

type Jwk = Readonly<Record<string, unknown>>;

export function keysFault({ keys }: { readonly keys: readonly Jwk[] }): KeysFault | undefined {
  if (keys.length === 0) return { code: 'none' };
  if (keys.length > MOST) return { code: 'over_limit' };
  const ids = new Set<unknown>();
  for (const [at, key] of keys.entries()) {
    const code = keyFault(key) ?? (key.kid !== undefined && ids.has(key.kid) ? 'twice' : undefined);
    if (code) return { code, at };
    ids.add(key.kid);
  }
  return undefined;
}

function keyFault(jwk: Jwk): KeyFault | undefined {
  if (jwk.kty === 'oct') return 'symmetric';
  if (PRIVATE.some((member) => jwk[member] !== undefined)) return 'private';
  if (jwk.kid !== undefined && (typeof jwk.kid !== 'string' || jwk.kid === '')) return 'unreadable';
  if (jwk.use !== undefined && jwk.use !== 'sig') return 'not_for_signing';
  if (jwk.alg !== undefined && !ALGORITHMS.has(String(jwk.alg))) return 'not_for_signing';
  return materialFault(jwk);
}

function materialFault(jwk: Jwk): KeyFault | undefined {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const { modulusLength = 0, publicExponent = 0n, namedCurve } = key.asymmetricKeyDetails ?? {};
    if (key.asymmetricKeyType === 'rsa') {
      return modulusLength < LEAST_RSA_BITS || publicExponent < 65_537n ? 'weak' : undefined;
    }
    if (key.asymmetricKeyType === 'ec') return namedCurve === 'prime256v1' ? undefined : 'not_for_signing';
    return key.asymmetricKeyType === 'ed25519' ? undefined : 'not_for_signing';
  } catch {
    // Not on its curve, a member missing, no base64url: Node says it with many codes.
    return 'unreadable';
  }
}
