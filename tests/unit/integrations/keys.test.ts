import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { catalogues } from '../../../provider/http/texts.ts';
import { type KeyFault, keysFault } from '../../../provider/integrations/keys.ts';

const pair = (curve: string) => generateKeyPairSync('ec', { namedCurve: curve });
const rsa = (modulusLength: number, publicExponent = 65_537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({ format: 'jwk' });
const p256 = pair('prime256v1');
const good = p256.publicKey.export({ format: 'jwk' });

const rows: readonly (readonly [string, readonly JsonWebKey[], KeyFault | undefined, number?])[] = [
  ['P-256', [{ ...good, kid: 'a', use: 'sig', alg: 'ES256' }], undefined],
  ['RSA of 2048 bits', [rsa(2_048)], undefined],
  ['Ed25519', [generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })], undefined],
  ['none at all', [], 'none'],
  ['eleven', Array.from({ length: 11 }, () => good), 'over_limit'],
  ['a private key', [good, p256.privateKey.export({ format: 'jwk' })], 'private', 1],
  ['a symmetric key', [{ kty: 'oct', k: 'c2VjcmV0' }], 'symmetric', 0],
  ['RSA of 1024 bits', [rsa(1_024)], 'weak', 0],
  ['RSA with the exponent 3', [rsa(2_048, 3)], 'weak', 0],
  ['a point off the curve', [{ ...good, x: good.y ?? '', y: good.y ?? '' }], 'unreadable', 0],
  ['a member missing', [{ kty: 'EC', crv: 'P-256' }], 'unreadable', 0],
  ['another curve', [pair('secp384r1').publicKey.export({ format: 'jwk' })], 'not_for_signing', 0],
  ['a key for encryption', [{ ...good, use: 'enc' }], 'not_for_signing', 0],
  ['HS256 for a public key', [{ ...good, alg: 'HS256' }], 'not_for_signing', 0],
  ['alg none', [{ ...good, alg: 'none' }], 'not_for_signing', 0],
  [
    'one kid twice',
    [
      { ...good, kid: 'a' },
      { ...rsa(2_048), kid: 'a' },
    ],
    'twice',
    1,
  ],
];
const cases = rows.map(([what, keys, code, at]) => ({ what, keys, code, at }));
it.each(cases)('$what', ({ keys, code, at }) => {
  const expected = code && { code, ...(at !== undefined && { at }) };
  expect(keysFault({ keys: keys.map((key) => ({ ...key })) })).toEqual(expected);
});

it.each(Object.entries(catalogues))('has a text for each fault, in «%s»', (_locale, { api }) => {
  const codes = rows.flatMap(([, , code]) => (code ? [code] : []));
  expect([...new Set(codes)].toSorted()).toEqual(Object.keys(api.keys).toSorted());
});
