/**
 * A detached CMS signature (RFC 5652) around a signer: the certificate inside, the content not. Without signed
 * attributes, as ESIA's clients of many years send it, or with them.
 */

import { createHash } from 'node:crypto';
import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  id_data,
  id_signedData,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from '@peculiar/asn1-cms';
import {
  AsnConvert,
  AsnObjectIdentifierConverter,
  AsnUTCTimeConverter,
  OctetString,
} from '@peculiar/asn1-schema';
import { Certificate as X509 } from '@peculiar/asn1-x509';
import { GOST_KEY_OID } from './certificate.ts';
import { streebog256 } from './gost/streebog.ts';
import { type SignatureAlgorithm, type Signer, SignerMisconfigured } from './signer.ts';

export const ALGORITHMS: Readonly<
  Record<SignatureAlgorithm, { digest: string; signature: string; hash(content: Uint8Array): Buffer }>
> = {
  // RFC 9215 §2 and what OpenSSL's engine names the signature by.
  GOST3410_2012_256: { digest: '1.2.643.7.1.1.2.2', signature: GOST_KEY_OID, hash: streebog256 },
  RS256: {
    digest: '2.16.840.1.101.3.4.2.1',
    signature: '1.2.840.113549.1.1.1',
    hash: (content) => createHash('sha256').update(content).digest(),
  },
};

/** RFC 5652 §11. */
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_TIME = '1.2.840.113549.1.9.5';
const NULL = Uint8Array.of(5, 0).buffer;
const SET_OF = 0x31;

/** DER. `signedAt`: with signed attributes. Throws what the signer throws. */
export async function cmsSignature(signer: Signer, content: Uint8Array, signedAt?: Date): Promise<Buffer> {
  const { digest, signature: signatureOid, hash } = ALGORITHMS[signer.algorithm];
  const signedAttrs = signedAt && attributes(hash(content), signedAt);
  const { signature, certificate } = await signer.sign(signedAttrs ? toBeSigned(signedAttrs) : content);
  const x509 = AsnConvert.parse(certificate.der, X509);
  const { issuer, serialNumber } = x509.tbsCertificate;
  const signedData = new SignedData({
    version: CMSVersion.v1,
    digestAlgorithms: new DigestAlgorithmIdentifiers([
      new DigestAlgorithmIdentifier({ algorithm: digest, parameters: NULL }),
    ]),
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: id_data }),
    certificates: new CertificateSet([new CertificateChoices({ certificate: x509 })]),
    signerInfos: new SignerInfos([
      new SignerInfo({
        version: CMSVersion.v1,
        sid: new SignerIdentifier({
          issuerAndSerialNumber: new IssuerAndSerialNumber({ issuer, serialNumber }),
        }),
        digestAlgorithm: new DigestAlgorithmIdentifier({ algorithm: digest, parameters: NULL }),
        ...(signedAttrs && { signedAttrs }),
        signatureAlgorithm: new SignatureAlgorithmIdentifier({ algorithm: signatureOid, parameters: NULL }),
        signature: new OctetString(signature),
      }),
    ]),
  });
  const der = Buffer.from(
    AsnConvert.serialize(
      new ContentInfo({ contentType: id_signedData, content: AsnConvert.serialize(signedData) }),
    ),
  );
  // The library writes the certificate anew: whoever compares its bytes must find those that are registered.
  if (!der.includes(certificate.der)) {
    throw new SignerMisconfigured('The certificate is not strict DER: it cannot travel in a CMS signature.');
  }
  return der;
}

/** In the order DER asks of a set: the shorter first, then by content. */
function attributes(digest: Buffer, signedAt: Date): Attribute[] {
  return [
    new Attribute({
      attrType: CONTENT_TYPE,
      attrValues: [AsnObjectIdentifierConverter.toASN(id_data).toBER()],
    }),
    new Attribute({ attrType: SIGNING_TIME, attrValues: [AsnUTCTimeConverter.toASN(signedAt).toBER()] }),
    new Attribute({ attrType: MESSAGE_DIGEST, attrValues: [AsnConvert.serialize(new OctetString(digest))] }),
  ];
}

/** RFC 5652 §5.4: the attributes with the tag of a set, not with the implicit one they travel under. */
export function toBeSigned(signedAttrs: readonly Attribute[]): Buffer {
  const content = Buffer.concat(signedAttrs.map((each) => Buffer.from(AsnConvert.serialize(each))));
  const { length } = content;
  // X.690 §10.1: as few bytes as the length needs.
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(SET_OF, ...size), content]);
}
