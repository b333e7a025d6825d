/** Whether a certificate is for the name a relying party registered (RFC 8705 §2.1.2). */
import type { X509Certificate } from 'node:crypto';

/** `property` is the metadata field the name stands in. */
export function subjectMatches(certificate: X509Certificate, property: string, expected: string): boolean {
  switch (property) {
    case 'tls_client_auth_san_dns':
      return certificate.checkHost(expected, { subject: 'never', wildcards: false }) !== undefined;
    case 'tls_client_auth_san_email':
      return certificate.checkEmail(expected, { subject: 'never' }) !== undefined;
    case 'tls_client_auth_san_ip':
      return certificate.checkIP(expected) !== undefined;
    case 'tls_client_auth_san_uri':
      // Node quotes a name that has a comma or a quote in it, so that none can pass for two.
      return certificate.subjectAltName?.split(', ').includes(`URI:${expected}`) ?? false;
    case 'tls_client_auth_subject_dn':
      return isSameName(certificate.subject.split('\n').reverse(), expected.split(','));
    default:
      return false;
  }
}

/** RFC 4514 §2.1: the last part first. A part with an escape or several values in it is like no other. */
function isSameName(ours: readonly string[], theirs: readonly string[]): boolean {
  const part = (text: string) => /^\s*([A-Za-z0-9.]+)=([^\\+"]+?)\s*$/.exec(text);
  return (
    ours.length === theirs.length &&
    ours.every((text, at) => {
      const [one, other] = [part(text), part(theirs[at] ?? '')];
      return one !== null && one[1]?.toUpperCase() === other?.[1]?.toUpperCase() && one[2] === other?.[2];
    })
  );
}
