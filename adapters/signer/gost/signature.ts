/**
 * GOST R 34.10-2012 with 256 bits (RFC 7091): signing and verifying a digest. Signatures are 64 bytes, s then r, both
 * big-endian, as OpenSSL's engine and Bouncy Castle write them; keys are little-endian, as certificates hold them.
 * The arithmetic makes no promise of constant time beyond @noble/curves': production signs elsewhere.
 */
import { randomBytes } from 'node:crypto';
import type { Curve } from './curves.ts';

const COORDINATE_BYTES = 32;
export const SIGNATURE_BYTES = 2 * COORDINATE_BYTES;
/** More than the order has, so that the remainder has no bias worth the name. */
const NONCE_BYTES = COORDINATE_BYTES + 16;

/** `nonce` only for test vectors. */
export function signDigest(
  curve: Curve,
  privateKey: bigint,
  digest: Uint8Array,
  nonce: () => bigint = () => randomNonce(curve),
): Buffer {
  const { Fn, BASE } = curve;
  const e = digestNumber(curve, digest);
  for (;;) {
    const k = nonce();
    const r = Fn.create(BASE.multiply(k).x);
    const s = Fn.add(Fn.mul(r, privateKey), Fn.mul(k, e));
    // §6.1 steps 4 and 5: take another k. One of 2^256.
    if (r !== 0n && s !== 0n) return Buffer.concat([bigEndian(s), bigEndian(r)]);
  }
}

export function verifyDigest(
  curve: Curve,
  publicKey: PublicPoint,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const { Fn, BASE } = curve;
  const s = number(signature.subarray(0, COORDINATE_BYTES));
  const r = number(signature.subarray(COORDINATE_BYTES));
  if (r === 0n || s === 0n || r >= Fn.ORDER || s >= Fn.ORDER) return false;
  const v = Fn.inv(digestNumber(curve, digest));
  const z1 = Fn.mul(s, v);
  const z2 = Fn.neg(Fn.mul(r, v));
  const point = BASE.multiplyUnsafe(z1).add(publicKey.multiplyUnsafe(z2));
  return !point.is0() && Fn.create(point.x) === r;
}

export type PublicPoint = Curve['BASE'];

/** RFC 9215 §4.3: x and y, little-endian. Throws when they are no point of the curve. */
export function publicPoint(curve: Curve, bytes: Uint8Array): PublicPoint {
  if (bytes.length !== 2 * COORDINATE_BYTES) throw new RangeError('a public key has 64 bytes');
  const point = curve.fromAffine({
    x: number(bytes.subarray(0, COORDINATE_BYTES).toReversed()),
    y: number(bytes.subarray(COORDINATE_BYTES).toReversed()),
  });
  point.assertValidity();
  return point;
}

/** The other way round: what a certificate holds. */
export function publicKeyBytes(point: PublicPoint): Buffer {
  return Buffer.concat([bigEndian(point.x).reverse(), bigEndian(point.y).reverse()]);
}

/** Little-endian, as PKCS#8 holds it (RFC 9215 §4.4). Throws unless it is one of the curve's. */
export function privateNumber(curve: Curve, bytes: Uint8Array): bigint {
  const value = number(bytes.toReversed());
  if (bytes.length !== COORDINATE_BYTES || value === 0n || value >= curve.Fn.ORDER) {
    throw new RangeError('no private key of this curve');
  }
  return value;
}

export function randomPrivateKey(curve: Curve): bigint {
  return randomNonce(curve);
}

export const littleEndian = (value: bigint): Buffer => bigEndian(value).reverse();

/** §6.1 step 2. The digest is little-endian: RFC 6986 writes vectors from the other end. */
function digestNumber({ Fn }: Curve, digest: Uint8Array): bigint {
  return Fn.create(number(digest.toReversed())) || 1n;
}

function randomNonce({ Fn }: Curve): bigint {
  return (number(randomBytes(NONCE_BYTES)) % (Fn.ORDER - 1n)) + 1n;
}

const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);

const bigEndian = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(2 * COORDINATE_BYTES, '0'), 'hex');
