/** X.509 certificates with a GOST R 34.10-2012 (256 bits) or RSA key: what they hold, and whether they verify. */
import { createPublicKey, verify as verifyRsa } from 'node:crypto';
import { AsnConvert, AsnProp, AsnPropTypes } from '@peculiar/asn1-schema';
import { type SubjectPublicKeyInfo, Certificate as X509 } from '@peculiar/asn1-x509';
import { curveOf } from './gost/curves.ts';
import { publicPoint, verifyDigest } from './gost/signature.ts';
import { streebog256 } from './gost/streebog.ts';
import type { Certificate } from './signer.ts';

/** RFC 9215 §4.1 and RFC 8017 appendix A.1. */
export const GOST_KEY_OID = '1.2.643.7.1.1.1.1';
const RSA_KEY_OID = '1.2.840.113549.1.1.1';

const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;

/** GostR3410-2012-PublicKeyParameters, of which only the curve matters (RFC 9215 §4.2). */
export class GostKeyParameters {
  publicKeyParamSet = '';
  digestParamSet?: string;
}
AsnProp({ type: AsnPropTypes.ObjectIdentifier })(GostKeyParameters.prototype, 'publicKeyParamSet');
AsnProp({ type: AsnPropTypes.ObjectIdentifier, optional: true })(
  GostKeyParameters.prototype,
  'digestParamSet',
);

/** PEM (the first of several) or DER. Throws RangeError with a sentence. */
export function readCertificate(content: Uint8Array): Certificate {
  const [, base64] = PEM.exec(Buffer.from(content).toString('latin1')) ?? [];
  const der = base64 === undefined ? Buffer.from(content) : Buffer.from(base64, 'base64');
  const { tbsCertificate } = parse(der);
  const { validity, subjectPublicKeyInfo } = tbsCertificate;
  return {
    der,
    ...keyOf(subjectPublicKeyInfo),
    hash: streebog256(der).toString('hex').toUpperCase(),
    notBefore: validity.notBefore.getTime(),
    notAfter: validity.notAfter.getTime(),
  };
}

function parse(der: Uint8Array): X509 {
  try {
    return AsnConvert.parse(der, X509);
  } catch (cause) {
    throw new RangeError('not an X.509 certificate in PEM or DER', { cause });
  }
}

function keyOf({
  algorithm,
  subjectPublicKey,
}: SubjectPublicKeyInfo): Pick<Certificate, 'algorithm' | 'verify'> {
  if (algorithm.algorithm === RSA_KEY_OID) {
    const key = createPublicKey({ key: Buffer.from(subjectPublicKey), format: 'der', type: 'pkcs1' });
    return {
      algorithm: 'RS256',
      verify: (message, signature) => verifyRsa('sha256', message, key, signature),
    };
  }
  const curve = algorithm.algorithm === GOST_KEY_OID && algorithm.parameters && curveIn(algorithm.parameters);
  if (!curve)
    throw new RangeError('the key of the certificate is neither GOST R 34.10-2012 with 256 bits nor RSA');
  // RFC 9215 §4.3: the bit string holds an octet string, whose two header bytes are 04 40.
  const point = publicPoint(curve, new Uint8Array(subjectPublicKey).slice(2));
  return {
    algorithm: 'GOST3410_2012_256',
    verify: (message, signature) => verifyDigest(curve, point, streebog256(message), signature),
  };
}

export function curveIn(parameters: ArrayBuffer) {
  return curveOf(AsnConvert.parse(parameters, GostKeyParameters).publicKeyParamSet);
}
