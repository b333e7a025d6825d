/**
 * The 256-bit curves of GOST R 34.10-2012 by their object identifiers (RFC 4357 §11.4, RFC 7836 appendix A.2). The
 * arithmetic is @noble/curves'.
 */
import { type WeierstrassPointCons, weierstrass } from '@noble/curves/abstract/weierstrass.js';

export type Curve = WeierstrassPointCons<bigint>;

const CRYPTOPRO_A = weierstrass({
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd97n,
  n: 0xffffffffffffffffffffffffffffffff6c611070995ad10045841b09b761b893n,
  h: 1n,
  a: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd94n,
  b: 0xa6n,
  Gx: 0x1n,
  Gy: 0x8d91e471e0989cda27df505a453f2b7635294f2ddf23e3b122acc99c9e9f1e14n,
});

const CRYPTOPRO_B = weierstrass({
  p: 0x8000000000000000000000000000000000000000000000000000000000000c99n,
  n: 0x800000000000000000000000000000015f700cfff1a624e5e497161bcc8a198fn,
  h: 1n,
  a: 0x8000000000000000000000000000000000000000000000000000000000000c96n,
  b: 0x3e1af419a269a5f866a7d3c25c3df80ae979259373ff2b182f49d4ce7e1bbc8bn,
  Gx: 0x1n,
  Gy: 0x3fa8124359f96680b83d1c3eb2c070e5c545c9858d03ecfb744bf8d717717efcn,
});

const CRYPTOPRO_C = weierstrass({
  p: 0x9b9f605f5a858107ab1ec85e6b41c8aacf846e86789051d37998f7b9022d759bn,
  n: 0x9b9f605f5a858107ab1ec85e6b41c8aa582ca3511eddfb74f02f3a6598980bb9n,
  h: 1n,
  a: 0x9b9f605f5a858107ab1ec85e6b41c8aacf846e86789051d37998f7b9022d7598n,
  b: 0x805an,
  Gx: 0x0n,
  Gy: 0x41ece55743711a8c3cbf3783cd08c0ee4d4dc440d4641a8f366e550dfdb3bb67n,
});

const TC26_A = weierstrass({
  p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffd97n,
  n: 0x400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67n,
  h: 4n,
  a: 0xc2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335n,
  b: 0x295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513n,
  Gx: 0x91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28n,
  Gy: 0x32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5cn,
});

/** CryptoPro's names, its «exchange» twins, and those of TC 26 for the same curves. */
const CURVES: Readonly<Record<string, Curve>> = {
  '1.2.643.2.2.35.1': CRYPTOPRO_A,
  '1.2.643.2.2.35.2': CRYPTOPRO_B,
  '1.2.643.2.2.35.3': CRYPTOPRO_C,
  '1.2.643.2.2.36.0': CRYPTOPRO_A,
  '1.2.643.2.2.36.1': CRYPTOPRO_C,
  '1.2.643.7.1.2.1.1.1': TC26_A,
  '1.2.643.7.1.2.1.1.2': CRYPTOPRO_A,
  '1.2.643.7.1.2.1.1.3': CRYPTOPRO_B,
  '1.2.643.7.1.2.1.1.4': CRYPTOPRO_C,
};

export const CRYPTOPRO_A_OID = '1.2.643.2.2.35.1';

export function curveOf(oid: string): Curve | undefined {
  return CURVES[oid];
}
