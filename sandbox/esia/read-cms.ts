/** Reads CMS signatures of any maker: detached or not, with signed attributes or without (RFC 5652 §5). */
import { ContentInfo, id_signedData, SignedData, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { readCertificate } from '../../adapters/signer/certificate.ts';
import { ALGORITHMS, toBeSigned } from '../../adapters/signer/cms.ts';
import type { Certificate } from '../../adapters/signer/signer.ts';

export type CmsReading = {
  readonly certificate: Certificate | undefined;
  /** What was signed, if the content came along. */
  readonly attached: Buffer | undefined;
  readonly attributes: boolean;
  verifies(content: Uint8Array, certificate: Certificate): boolean;
};

const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';

/** Undefined when it is none. */
export function readCms(bytes: Uint8Array): CmsReading | undefined {
  try {
    const info = AsnConvert.parse(bytes, ContentInfo);
    if (info.contentType !== id_signedData) return undefined;
    const signedData = AsnConvert.parse(info.content, SignedData);
    const [signerInfo] = signedData.signerInfos;
    if (!signerInfo) return undefined;
    const x509 = signedData.certificates?.find(({ certificate }) => certificate)?.certificate;
    const attached = signedData.encapContentInfo.eContent?.single;
    return {
      certificate: x509 && readCertificate(new Uint8Array(AsnConvert.serialize(x509))),
      attached: attached && Buffer.from(attached.buffer),
      attributes: signerInfo.signedAttrs !== undefined,
      verifies: (content, certificate) => verifies(signerInfo, content, certificate),
    };
  } catch {
    return undefined;
  }
}

function verifies(signer: SignerInfo, content: Uint8Array, certificate: Certificate): boolean {
  const signature = Buffer.from(signer.signature.buffer);
  const { signedAttrs } = signer;
  if (!signedAttrs) return certificate.verify(content, signature);
  const digest = signedAttrs.find(({ attrType }) => attrType === MESSAGE_DIGEST)?.attrValues[0];
  if (!digest) return false;
  const told = Buffer.from(AsnConvert.parse(digest, OctetString).buffer);
  if (!told.equals(ALGORITHMS[certificate.algorithm].hash(content))) return false;
  return certificate.verify(toBeSigned(signedAttrs), signature);
}
