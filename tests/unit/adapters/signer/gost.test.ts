/** Streebog and GOST R 34.10-2012 by the vectors of their standards, and by what must hold for every key. */
import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { curveOf } from '../../../../adapters/signer/gost/curves.ts';
import {
  publicKeyBytes,
  publicPoint,
  randomPrivateKey,
  signDigest,
  verifyDigest,
} from '../../../../adapters/signer/gost/signature.ts';
import { streebog256 } from '../../../../adapters/signer/gost/streebog.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

test.each([
  // RFC 6986 §10.1.2 and §10.2.2, the bytes in the order programs have them.
  [
    Buffer.from('012345678901234567890123456789012345678901234567890123456789012'),
    '9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500',
  ],
  [
    hex(
      'd1e520e2e5f2f0e82c20d1f2f0e8e1eee6e820e2edf3f6e82c20e2e5fef2fa20f120eceef0ff20f1f2f0e5ebe0ece820ede020f5f0e0e1f0fbff20efebfaeafb20c8e3eef0e5e2fb',
    ),
    '9dd2fe4e90409e5da87f53976d7405b0c0cac628fc669a741d50063c557e8f50',
  ],
  [Buffer.alloc(0), '3f539a213e97c802cc229d474c6aa32a825a360b2a933a949fd925208d9ce1bb'],
])('Streebog-256, vector %#', (message, digest) => {
  expect(streebog256(message).toString('hex')).toBe(digest);
});

test('RFC 7091 §7.1: the same key, digest and nonce give the same signature, and it verifies', () => {
  const curve = weierstrass({
    p: 0x8000000000000000000000000000000000000000000000000000000000000431n,
    n: 0x8000000000000000000000000000000150fe8a1892976154c59cfc193accf5b3n,
    h: 1n,
    a: 7n,
    b: 0x5fbff498aa938ce739b8e022fbafef40563f6e6a3472fc2a514c0ce9dae23b7en,
    Gx: 2n,
    Gy: 0x8e2a8a0e65147d4bd6316030e16d19c85c97f0a9ca267122b96abbcea7e8fc8n,
  });
  const key = 0x7a929ade789bb9be10ed359dd39a72c11b60961f49397eee1d19ce9891ec3b28n;
  const digest = hex('2dfbc1b372d89a1188c09c52e0eec61fce52032ab1022e8e67ece6672b043ee5').reverse();
  const nonce = () => 0x77105c9b20bcd3122823c8cf6fcc7b956de33814e95b7fe64fed924594dceab3n;
  const signature = signDigest(curve, key, digest, nonce);
  expect(signature.toString('hex')).toBe(
    // s, then r
    '01456c64ba4642a1653c235a98a60249bcd6d3f746b631df928014f6c5bf9c40' +
      '41aa28d2f1ab148280cd9ed56fedA41974053554a42767b83ad043fd39dc0493'.toLowerCase(),
  );
  expect(verifyDigest(curve, curve.BASE.multiply(key), digest, signature)).toBe(true);
});

describe.each(['1.2.643.2.2.35.1', '1.2.643.2.2.35.2', '1.2.643.2.2.35.3', '1.2.643.7.1.2.1.1.1'])(
  'curve %s',
  (oid) => {
    const curve = curveOf(oid)!;
    const key = randomPrivateKey(curve);
    const point = curve.BASE.multiply(key);

    test('its base point has the order it is said to have', () => {
      curve.BASE.assertValidity();
      expect(
        curve.BASE.multiplyUnsafe(curve.Fn.ORDER - 1n)
          .add(curve.BASE)
          .is0(),
      ).toBe(true);
    });

    test('whatever is signed verifies; another message, key, bit or order does not', () => {
      const stranger = curve.BASE.multiply(randomPrivateKey(curve));
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(511), (message, bit) => {
          const digest = streebog256(message);
          const signature = signDigest(curve, key, digest);
          expect(verifyDigest(curve, point, digest, signature)).toBe(true);
          expect(verifyDigest(curve, stranger, digest, signature)).toBe(false);
          expect(verifyDigest(curve, point, streebog256(Buffer.of(...message, 1)), signature)).toBe(false);
          expect(verifyDigest(curve, point, digest, Buffer.from(signature).reverse())).toBe(false);
          signature[bit >> 3]! ^= 1 << (bit & 7);
          expect(verifyDigest(curve, point, digest, signature)).toBe(false);
        }),
        { numRuns: 8 },
      );
    });

    test('a public key survives its bytes; what is no point is refused', () => {
      const bytes = publicKeyBytes(point);
      expect(publicPoint(curve, bytes).equals(point)).toBe(true);
      bytes[5]! ^= 1;
      expect(() => publicPoint(curve, bytes)).toThrow();
    });

    test.each([0, 63, 65])('a signature of %i bytes is none', (length) => {
      expect(verifyDigest(curve, point, streebog256(Buffer.of(1)), Buffer.alloc(length))).toBe(false);
    });

    test('zero and the order are no halves of a signature', () => {
      const digest = streebog256(Buffer.of(1));
      const order = hex(curve.Fn.ORDER.toString(16).padStart(64, '0'));
      const one = hex('1'.padStart(64, '0'));
      for (const half of [Buffer.alloc(32), order]) {
        expect(verifyDigest(curve, point, digest, Buffer.concat([half, one]))).toBe(false);
        expect(verifyDigest(curve, point, digest, Buffer.concat([one, half]))).toBe(false);
      }
    });
  },
);
