/** Private keys of GOST R 34.10-2012 (256 bits) in unencrypted PKCS#8, as OpenSSL's engine writes them (RFC 9215 §4.4). */
import { PrivateKeyInfo } from '@peculiar/asn1-pkcs8';
import { AsnConvert } from '@peculiar/asn1-schema';
import { curveIn, GOST_KEY_OID } from './certificate.ts';
import type { Curve } from './gost/curves.ts';
import { privateNumber } from './gost/signature.ts';

export type GostPrivateKey = { readonly curve: Curve; readonly value: bigint };

const PEM = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/;
const KEY_BYTES = 32;
/** The head of an octet string of 32 bytes: TC 26's recommendations wrap the key once more than CryptoPro did. */
const WRAPPED = Buffer.of(0x04, KEY_BYTES);

/** Throws RangeError with a sentence that holds nothing of the key. */
export function readGostPrivateKey(pem: string): GostPrivateKey {
  const [, base64] = PEM.exec(pem) ?? [];
  if (base64 === undefined) throw new RangeError('not a private key in unencrypted PKCS#8 PEM');
  try {
    const { privateKeyAlgorithm, privateKey } = AsnConvert.parse(
      Buffer.from(base64, 'base64'),
      PrivateKeyInfo,
    );
    const { algorithm, parameters } = privateKeyAlgorithm;
    const curve = algorithm === GOST_KEY_OID && parameters && curveIn(parameters);
    if (curve) return { curve, value: privateNumber(curve, unwrapped(Buffer.from(privateKey.buffer))) };
  } catch {
    // The cause of a parser may quote what it was given.
  }
  throw new RangeError('not a private key of GOST R 34.10-2012 with 256 bits on a known curve');
}

function unwrapped(bytes: Buffer): Buffer {
  return bytes.length === WRAPPED.length + KEY_BYTES && bytes.subarray(0, WRAPPED.length).equals(WRAPPED)
    ? bytes.subarray(WRAPPED.length)
    : bytes;
}
