/** Self-signed certificates with their keys, made in memory: of the simulator, of systems that try it, of tests. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { PrivateKey, PrivateKeyInfo } from '@peculiar/asn1-pkcs8';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  Certificate as X509,
} from '@peculiar/asn1-x509';
import { GOST_KEY_OID, GostKeyParameters, readCertificate } from '../../adapters/signer/certificate.ts';
import { CRYPTOPRO_A_OID, curveOf } from '../../adapters/signer/gost/curves.ts';
import {
  littleEndian,
  publicKeyBytes,
  randomPrivateKey,
  signDigest,
} from '../../adapters/signer/gost/signature.ts';
import { streebog256 } from '../../adapters/signer/gost/streebog.ts';
import type { Certificate } from '../../adapters/signer/signer.ts';

export type Issued = {
  readonly certificate: Certificate;
  /** PEM. */
  readonly certificatePem: string;
  /** PKCS#8 in PEM. */
  readonly keyPem: string;
  sign(message: Uint8Array): Buffer;
};

export type IssueOptions = {
  readonly commonName: string;
  readonly kind: 'gost' | 'rsa';
  /** Object identifier. */
  readonly curve?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
};

type Keys = {
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly publicKey: SubjectPublicKeyInfo;
  readonly keyPem: string;
  sign(message: Uint8Array): Buffer;
};

const YEAR_MS = 365 * 24 * 3_600_000;
const COMMON_NAME = '2.5.4.3';
const STREEBOG_256_OID = '1.2.643.7.1.1.2.2';
const GOST_SIGNATURE_OID = '1.2.643.7.1.1.3.2';
const SHA256_WITH_RSA_OID = '1.2.840.113549.1.1.11';
const NULL = Uint8Array.of(5, 0).buffer;

export function issueCertificate({
  commonName,
  kind,
  curve = CRYPTOPRO_A_OID,
  notBefore = new Date(Date.now() - 3_600_000),
  notAfter = new Date(Date.now() + YEAR_MS),
}: IssueOptions): Issued {
  const keys = kind === 'gost' ? gostKeys(curve) : rsaKeys();
  const name = new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({
        type: COMMON_NAME,
        value: new AttributeValue({ utf8String: commonName }),
      }),
    ]),
  ]);
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    // RFC 5280 §4.1.2.2: positive.
    serialNumber: Uint8Array.of(1, ...randomBytes(15)).buffer,
    signature: keys.signatureAlgorithm,
    issuer: name,
    validity: new Validity({ notBefore, notAfter }),
    subject: name,
    subjectPublicKeyInfo: keys.publicKey,
  });
  const signature = keys.sign(new Uint8Array(AsnConvert.serialize(tbsCertificate)));
  const der = AsnConvert.serialize(
    new X509({
      tbsCertificate,
      signatureAlgorithm: keys.signatureAlgorithm,
      signatureValue: new Uint8Array(signature).buffer,
    }),
  );
  return {
    certificate: readCertificate(new Uint8Array(der)),
    certificatePem: pem('CERTIFICATE', der),
    keyPem: keys.keyPem,
    sign: keys.sign,
  };
}

function gostKeys(oid: string): Keys {
  const curve = curveOf(oid);
  if (!curve) throw new RangeError(`no curve ${oid}`);
  const secret = randomPrivateKey(curve);
  const parameters = new GostKeyParameters();
  parameters.publicKeyParamSet = oid;
  // RFC 9215 §4.2: named for CryptoPro's curves, left out for those of TC 26.
  if (oid.startsWith('1.2.643.2.2.')) parameters.digestParamSet = STREEBOG_256_OID;
  const algorithm = new AlgorithmIdentifier({
    algorithm: GOST_KEY_OID,
    parameters: AsnConvert.serialize(parameters),
  });
  const publicKey = new OctetString(publicKeyBytes(curve.BASE.multiply(secret)));
  const info = new PrivateKeyInfo({
    version: 0,
    privateKeyAlgorithm: algorithm,
    privateKey: new PrivateKey(littleEndian(secret)),
  });
  return {
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: GOST_SIGNATURE_OID }),
    publicKey: new SubjectPublicKeyInfo({ algorithm, subjectPublicKey: AsnConvert.serialize(publicKey) }),
    keyPem: pem('PRIVATE KEY', AsnConvert.serialize(info)),
    sign: (message) => signDigest(curve, secret, streebog256(message)),
  };
}

function rsaKeys(): Keys {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: SHA256_WITH_RSA_OID, parameters: NULL }),
    publicKey: AsnConvert.parse(publicKey.export({ type: 'spki', format: 'der' }), SubjectPublicKeyInfo),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sign: (message) => sign('sha256', message, privateKey),
  };
}

function pem(label: string, der: ArrayBuffer): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
