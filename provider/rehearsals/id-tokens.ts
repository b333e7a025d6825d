/** The ID tokens of a rehearsal, right and wrong. Their keys are made for it and known to nobody else. */
import { createHmac } from 'node:crypto';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { RehearsalCase } from './rehearsal-cases.ts';

export const REHEARSAL_ALGORITHMS = ['RS256', 'ES256'] as const;
export type RehearsalAlgorithm = (typeof REHEARSAL_ALGORITHMS)[number];

const KEY_ID = 'rehearsal';
const LIFETIME_SECONDS = 300;
const HOUR_SECONDS = 3_600;

/** Who signs in. */
export const REHEARSAL_SUBJECT = 'rehearsal-person';

export type RehearsalKey = { readonly algorithm: RehearsalAlgorithm; readonly privateJwk: JWK };

export async function rehearsalKey(algorithm: RehearsalAlgorithm): Promise<RehearsalKey> {
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { algorithm, privateJwk: await exportJWK(privateKey) };
}

/** As `/jwks` publishes it. */
export function publicJwk({ algorithm, privateJwk }: RehearsalKey): JWK {
  const { kty, n, e, crv, x, y } = privateJwk;
  const parts = kty === 'RSA' ? { n, e } : { crv, x, y };
  return { kty, ...parts, kid: KEY_ID, alg: algorithm, use: 'sig' } as JWK;
}

export type TokenFacts = {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce?: string;
  readonly now: Date;
};

export async function idToken(name: RehearsalCase, key: RehearsalKey, facts: TokenFacts): Promise<string> {
  const claims = claimsOf(name, facts);
  if (name === 'unsigned') return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
  if (name === 'signed_with_public_key') return signedWithPublicKey(claims, key);
  const signer = name === 'signature' ? await rehearsalKey(key.algorithm) : key;
  const { algorithm } = signer;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, kid: KEY_ID, typ: 'JWT' })
    .sign((await importJWK(signer.privateJwk, algorithm)) as CryptoKey);
}

function claimsOf(name: RehearsalCase, { issuer, clientId, nonce, now }: TokenFacts) {
  const at = Math.floor(now.getTime() / 1_000) - (name === 'expired' ? HOUR_SECONDS : 0);
  return {
    iss: name === 'issuer' ? 'https://another-issuer.invalid' : issuer,
    sub: REHEARSAL_SUBJECT,
    aud: name === 'audience' ? 'another-client' : clientId,
    iat: at,
    auth_time: at,
    exp: at + LIFETIME_SECONDS,
    ...(nonce !== undefined && { nonce: name === 'nonce' ? 'another-nonce' : nonce }),
  };
}

/** HS256 with the published key as the secret: whoever lets the token choose the algorithm takes it (RFC 8725 §2.1). */
async function signedWithPublicKey(claims: object, key: RehearsalKey): Promise<string> {
  const published = (await importJWK(publicJwk(key), key.algorithm, { extractable: true })) as CryptoKey;
  const signed = `${part({ alg: 'HS256', kid: KEY_ID, typ: 'JWT' })}.${part(claims)}`;
  const signature = createHmac('sha256', await exportSPKI(published))
    .update(signed)
    .digest('base64url');
  return `${signed}.${signature}`;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
