/** Signature and claims of an id_token, checked as a relying party must (OpenID Connect Core 3.1.3.7). */
import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { expect } from './expect.ts';

export type IdTokenKeys = ReadonlyMap<string, KeyObject>;

export type ExpectedIdToken = {
  readonly issuer: string;
  readonly audience: string;
  /** Absent after a refresh. */
  readonly nonce?: string;
};

export function keysIn(jwks: { readonly keys: readonly (JsonWebKey & { kid?: string })[] }): IdTokenKeys {
  return new Map(jwks.keys.map((key) => [key.kid ?? '', createPublicKey({ key, format: 'jwk' })]));
}

/** The subject. */
export function checkIdToken(token: unknown, keys: IdTokenKeys, expected: ExpectedIdToken): string {
  expect(typeof token === 'string', 'no id_token');
  const [head = '', body = '', signature = ''] = token.split('.');
  const { alg, kid } = parse(head);
  const key = keys.get(String(kid));
  expect(alg === 'ES256' && key !== undefined, `id_token: ${alg} key ${kid}`);
  const genuine = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  expect(genuine, 'id_token: signature does not verify');
  const { iss, aud, exp, nonce, sub } = parse(body);
  expect(iss === expected.issuer, `id_token: iss ${iss}`);
  expect(aud === expected.audience, `id_token: aud ${aud}`);
  expect(Number(exp) > Date.now() / 1_000, `id_token: exp ${exp}`);
  expect(expected.nonce === undefined || nonce === expected.nonce, `id_token: nonce ${nonce}`);
  expect(typeof sub === 'string' && sub !== '', `id_token: sub ${sub}`);
  return sub;
}

function parse(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
