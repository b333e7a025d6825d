import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { subjectMatches } from '../../../provider/oidc/client/certificate-subject.ts';
import { localhostCertificate } from '../../support/certificate.ts';

const certificate = new X509Certificate(localhostCertificate().cert);

describe('the name in a certificate', () => {
  it.each([
    ['tls_client_auth_san_dns', 'localhost'],
    ['tls_client_auth_san_ip', '127.0.0.1'],
    ['tls_client_auth_subject_dn', 'CN=localhost'],
    ['tls_client_auth_subject_dn', 'cn=localhost'],
  ])('%s %s is its own', (property, expected) => {
    expect(subjectMatches(certificate, property, expected)).toBe(true);
  });

  it.each([
    ['tls_client_auth_san_dns', 'localhost.evil.test'],
    ['tls_client_auth_san_dns', '*'],
    ['tls_client_auth_san_ip', '127.0.0.2'],
    ['tls_client_auth_san_email', 'root@localhost'],
    ['tls_client_auth_san_uri', 'localhost'],
    ['tls_client_auth_subject_dn', 'CN=localhost,O=Union'],
    ['tls_client_auth_subject_dn', 'O=localhost'],
    ['tls_client_auth_subject_dn', 'CN=local\\68ost'],
    ['tls_client_auth_subject_dn', ''],
    ['subject', 'localhost'],
  ])('%s %s is not', (property, expected) => {
    expect(subjectMatches(certificate, property, expected)).toBe(false);
  });
});
