/**
 * Is a request signed as ESIA wants it? Where it is not, tries what integrators usually get wrong, so that a developer
 * reads which layout, container, order or hash would have fitted.
 */
import { type HashMistake, hashMistake } from '../../adapters/signer/hash-mistakes.ts';
import type { Certificate } from '../../adapters/signer/signer.ts';
import { LAYOUTS, type Protocol, type SignedFields } from '../../adapters/upstream/esia/layouts.ts';
import { readCms } from './read-cms.ts';
import type { System } from './systems.ts';

export type SignedRequest = {
  readonly protocol: Protocol;
  readonly fields: SignedFields;
  readonly secret: string;
  /** Only in the new protocol. */
  readonly certificateHash?: string | undefined;
};

export type Judgement = { readonly ok: true } | { readonly ok: false; readonly why: readonly string[] };

const GOST_BYTES = 64;

export function judgeSignature(request: SignedRequest, system: System): Judgement {
  const bytes = decodeSecret(request.secret, system.strict_encoding);
  if (!bytes) {
    const wanted = system.strict_encoding ? 'base64url без дополнения «=»' : 'base64url и не base64';
    return { ok: false, why: [`client_secret – не ${wanted}.`] };
  }
  const message = Buffer.from(LAYOUTS[request.protocol](request.fields));
  const verified =
    request.protocol === 'v1'
      ? verifyCms(bytes, message, system)
      : verifyRaw(bytes, message, request, system);
  return verified ? { ok: true } : { ok: false, why: explain(bytes, request, system) };
}

/** base64url or base64, with padding or without. */
export function decodeSecret(secret: string, strict: boolean): Buffer | undefined {
  const alphabet = strict ? /^[A-Za-z0-9_-]+$/ : /^[A-Za-z0-9_+/-]+={0,2}$/;
  return alphabet.test(secret) ? Buffer.from(secret, 'base64') : undefined;
}

function verifyCms(bytes: Buffer, message: Buffer, { certificates }: System): boolean {
  const cms = readCms(bytes);
  if (!cms || (cms.attached && !cms.attached.equals(message))) return false;
  const registered = certificates.find(({ der }) => !cms.certificate || der.equals(cms.certificate.der));
  return registered !== undefined && isValid(registered) && cms.verifies(message, registered);
}

function verifyRaw(
  bytes: Buffer,
  message: Buffer,
  { certificateHash }: SignedRequest,
  { certificates }: System,
): boolean {
  const named = certificates.find(({ hash }) => hash === certificateHash?.toUpperCase());
  return named !== undefined && isValid(named) && named.verify(message, bytes);
}

function isValid({ notBefore, notAfter }: Certificate): boolean {
  const now = new Date();
  return notBefore <= now && now <= notAfter;
}

function explain(bytes: Buffer, request: SignedRequest, { certificates }: System): string[] {
  const why: string[] = [];
  if (request.protocol === 'v2') why.push(...hashFaults(request.certificateHash, certificates));
  const expired = certificates.filter((certificate) => !isValid(certificate));
  if (expired.length > 0) why.push(`Недействительных по сроку сертификатов у системы: ${expired.length}.`);

  const cms = readCms(bytes);
  const container = cms
    ? `CMS${cms.attributes ? ' с атрибутами' : ' без атрибутов'}`
    : `${bytes.length} байт`;
  if (request.protocol === 'v2' && cms)
    why.push(`Пришла подпись CMS, а v2 ждёт «сырые» ${GOST_BYTES} байта.`);
  if (request.protocol === 'v1' && !cms)
    why.push('Пришла не подпись CMS, а старый протокол ждёт отсоединённую CMS.');
  if (cms?.certificate && !certificates.some(({ der }) => cms.certificate?.der.equals(der))) {
    why.push('Сертификат внутри CMS не зарегистрирован за этой системой.');
  }

  const found = matching(
    bytes,
    request.fields,
    cms?.certificate ? [...certificates, cms.certificate] : certificates,
  );
  const verdict =
    found.length > 0
      ? `сошлась бы так: ${found.join('; ')}`
      : 'не сходится ни с одним сертификатом системы ни при каком известном порядке: другой ключ или другие значения полей';
  why.push(`Подпись (${container}) ${verdict}.`);
  return why;
}

const MISTAKES: Readonly<Record<HashMistake, string>> = {
  sha1: 'SHA-1 сертификата',
  sha256: 'SHA-256 сертификата',
  pem: 'Стрибог-256 от текста PEM, а нужно от DER',
  reversed: 'хэш с байтами в обратном порядке',
};

function hashFaults(told: string | undefined, certificates: readonly Certificate[]): string[] {
  const hash = told?.toUpperCase() ?? '';
  if (certificates.some((certificate) => certificate.hash === hash)) return [];
  for (const certificate of certificates) {
    const mistake = hashMistake(hash, certificate);
    if (mistake) return [`client_certificate_hash – это ${MISTAKES[mistake]}; нужен Стрибог-256 от DER.`];
  }
  return ['client_certificate_hash не равен Стрибогу-256 от DER ни одного сертификата системы.'];
}

/** What clients have been seen to sign. */
const LAYOUT_VARIANTS: readonly (readonly [string, (fields: SignedFields) => string])[] = [
  ['порядок v1 (scope, timestamp, client_id, state)', LAYOUTS.v1],
  ['порядок v2 (client_id, scope, scope_org, timestamp, state, redirect_uri, code)', LAYOUTS.v2],
  ['порядок v2 без code', (fields) => LAYOUTS.v2({ ...fields, code: '' })],
  ['порядок v2 без redirect_uri', (fields) => LAYOUTS.v2({ ...fields, redirectUri: '' })],
  ['порядок v2 без scope_org', (fields) => LAYOUTS.v2({ ...fields, scopeOrg: '' })],
  [
    'порядок v2 со значениями после URL-кодирования',
    (fields) =>
      LAYOUTS.v2({
        ...fields,
        scope: encodeURIComponent(fields.scope),
        timestamp: encodeURIComponent(fields.timestamp),
        redirectUri: encodeURIComponent(fields.redirectUri),
      }),
  ],
  ['порядок v1 с переводом строки в конце', (fields) => `${LAYOUTS.v1(fields)}\n`],
  ['порядок v2 с переводом строки в конце', (fields) => `${LAYOUTS.v2(fields)}\n`],
];

const ORDERS: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['', (bytes) => bytes],
  ['байты подписи в обратном порядке', (bytes) => Buffer.from(bytes).reverse()],
  [
    'r перед s',
    (bytes) => Buffer.concat([bytes.subarray(bytes.length / 2), bytes.subarray(0, bytes.length / 2)]),
  ],
];

function matching(bytes: Buffer, fields: SignedFields, certificates: readonly Certificate[]): string[] {
  const found = certificates.flatMap((certificate) =>
    LAYOUT_VARIANTS.flatMap(([layout, of]) =>
      ORDERS.filter(([, order]) => fits(order(bytes), of(fields), certificate)).map(([order]) =>
        [layout, order].filter(Boolean).join(', '),
      ),
    ),
  );
  return [...new Set(found)];
}

function fits(bytes: Buffer, text: string, certificate: Certificate): boolean {
  const message = Buffer.from(text);
  return readCms(bytes)?.verifies(message, certificate) ?? certificate.verify(message, bytes);
}
