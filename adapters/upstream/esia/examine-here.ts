/**
 * What is wrong with our side of the connection to ESIA, as far as it can be seen without asking: mnemonic, key, byte
 * order, certificate, hash, layout, scope, and the authority's certificates.
 */
import { type HashMistake, hashMistake } from '../../signer/hash-mistakes.ts';
import { keyFolder } from '../../signer/key-folder.ts';
import { type Certificate, SignerMisconfigured } from '../../signer/signer.ts';
import type { EsiaSettings } from '../upstream.ts';
import { type ExamineOptions, notes, type Observation } from './observation.ts';

const MNEMONIC = /^[A-Z0-9_-]+$/;
const RESERVED = /ESIA|EPGU|GOSUSLUGI|SMEV|^PGU/;
const DAY_MS = 24 * 3_600_000;
const WARN_DAYS = 30;
const LAYOUT_NAMES = {
  v1: 'scope, timestamp, client_id, state in a detached CMS signature (ac, te)',
  v2: 'client_id, scope, scope_org, timestamp, state, redirect_uri, code as 64 raw bytes s‖r (v2/ac, v3/te)',
} as const;

const HASH_MISTAKES: Readonly<Record<HashMistake, string>> = {
  sha1: 'SHA-1 of the certificate',
  sha256: 'SHA-256 of the certificate',
  pem: 'made of the PEM text',
  reversed: 'our hash with the bytes from the other end',
};

/** Undefined as `certificate`: nothing can be signed. */
export async function examineHere(
  settings: EsiaSettings,
  { signer, clock, redirectUri, portalHash }: ExamineOptions,
): Promise<{ observations: readonly Observation[]; certificate: Certificate | undefined }> {
  const { observations, ok, warning, wrong } = notes();
  const { clientId, scope, protocol } = settings;
  const now = clock.now();

  if (MNEMONIC.test(clientId) && !RESERVED.test(clientId)) ok('mnemonic', `${clientId} has the right form`);
  else
    wrong(
      'mnemonic',
      `${clientId} is no mnemonic`,
      'Copy it from the technical portal: capitals, digits, «-», «_».',
    );

  const certificate = await signer.check().catch((error: Error) => {
    wrong(
      error instanceof SignerMisconfigured ? error.flaw : 'key',
      error.message,
      'Correct the signer’s settings or its folder; nothing can be signed until then.',
    );
    return undefined;
  });
  if (certificate) {
    ok('key', 'signs, and the certificate verifies it');
    ok('byte order', certificate.algorithm === 'RS256' ? 'none with RSA' : 's before r, big-endian');
    const days = Math.floor((certificate.notAfter.getTime() - now.getTime()) / DAY_MS);
    const until = certificate.notAfter.toISOString().slice(0, 10);
    if (days >= WARN_DAYS) ok('certificate', `valid until ${until}`);
    else
      warning(
        'certificate',
        `valid until ${until} only`,
        'Register a new one beside it on the technical portal, then put the pair into the folder.',
      );
    if (certificate.algorithm === 'RS256') {
      warning('certificate', 'is RSA', 'The real ESIA takes GOST R 34.10-2012 alone; RSA is for sandboxes.');
    }
    const told = portalHash?.replace(/[\s:]/g, '').toUpperCase();
    if (told === undefined || told === certificate.hash)
      ok(
        'hash',
        `client_certificate_hash is ${certificate.hash}${told === undefined ? '; compare it with the technical portal’s (--certificate-hash)' : ', as the portal shows it'}`,
      );
    else {
      const mistake = hashMistake(told, certificate);
      wrong(
        'hash',
        `${told} is ${mistake ? HASH_MISTAKES[mistake] : 'the hash of another certificate'}`,
        `ESIA wants Streebog-256 of the DER, ${certificate.hash}${mistake ? '' : ': upload the certificate this signer uses'}.`,
      );
    }
  }
  ok('layout', `${protocol} signs ${LAYOUT_NAMES[protocol]}`);
  if (scope.includes('openid')) ok('scope', scope.join(' '));
  else wrong('scope', 'has no «openid»', 'Without it ESIA gives no id_token: put it first.');
  if (redirectUri.protocol === 'https:') ok('redirect', redirectUri.href);
  else warning('redirect', `${redirectUri.href} is not https`, 'The real ESIA registers https domains only.');

  const keys = await keyFolder(settings.authorityKeys)
    .look()
    .catch((error: Error) => ({ pairs: [], faults: [error.message] }));
  for (const fault of keys.faults)
    warning('authority', fault, 'Other certificates of the folder are still used.');
  const valid = keys.pairs.filter(({ certificate: { notAfter } }) => notAfter > now);
  if (valid.length === 0) {
    wrong(
      'authority',
      `${settings.authorityKeys} holds no valid certificate of ESIA`,
      `Unpack ${settings.url}/public/esia.zip there: no token can be verified without.`,
    );
  } else {
    ok(
      'authority',
      `${valid.length} certificate(s) of ESIA, for ${[...new Set(valid.map((pair) => pair.certificate.algorithm))].join(' and ')}`,
    );
  }
  return { observations, certificate };
}
