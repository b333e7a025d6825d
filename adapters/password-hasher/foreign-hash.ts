/**
 * Hashes as other systems write them, taken apart: the scheme, what its digest is computed with, and the digest. Knows
 * no passwords and computes nothing.
 */
import type { ForeignHashFault, OfferedHash } from './password-hasher.ts';

/** `-sp`: of the salt and then the password; `-ps`: the other way round. */
const PLAIN = ['md5-sp', 'md5-ps', 'sha1-sp', 'sha1-ps', 'sha256-sp', 'sha256-ps'] as const;
const PBKDF2 = ['pbkdf2-sha1', 'pbkdf2-sha256', 'pbkdf2-sha512'] as const;
export type PlainScheme = (typeof PLAIN)[number];
export type Pbkdf2Scheme = (typeof PBKDF2)[number];
export type ForeignScheme = PlainScheme | Pbkdf2Scheme | 'bcrypt' | 'sha512-crypt';

/** What the digest of a password is computed with. */
export type Recipe = {
  readonly scheme: ForeignScheme;
  /** Rounds, iterations, the logarithm of bcrypt; 0 where there is nothing to choose. */
  readonly cost: number;
  /** The characters of it where a scheme salts with text, as most do. */
  readonly salt: Buffer;
};

export type ForeignHash = Recipe & {
  /** As `foreign-digest.ts` writes it. */
  readonly digest: string;
};

export type Parsed =
  | { readonly ok: true; readonly value: ForeignHash }
  | { readonly ok: false; readonly fault: ForeignHashFault };

const MOST = { bcrypt: 13, pbkdf2: 1_000_000, sha512Crypt: 100_000 };
const LONGEST_SALT = 128;
const DIGEST_BYTES: Readonly<Record<string, number>> = { md5: 16, sha1: 20, sha256: 32, sha512: 64 };
const USUAL_ROUNDS = 5_000;

const BCRYPT =
  /^\$2[aby]\$(?<cost>[0-9]{2})\$(?<salt>[./A-Za-z0-9]{21})(?<last>[./A-Za-z0-9])(?<digest>[./A-Za-z0-9]{31})$/;
/** In bcrypt's own alphabet: of the last character of a salt only two bits count. */
const BCRYPT_LETTERS = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SHA512_CRYPT =
  /^\$6\$(?:rounds=(?<rounds>[0-9]{1,9})\$)?(?<salt>[^$:\n]{0,16})\$(?<digest>[./A-Za-z0-9]{86})$/;
/** Django's and its relatives'. */
const PBKDF2_TEXT =
  /^pbkdf2_(?<alg>sha1|sha256|sha512)\$(?<cost>[0-9]{1,9})\$(?<salt>[^$]{1,128})\$(?<digest>[A-Za-z0-9+/]+=*)$/;
/** Passlib's: the salt is bytes, in an alphabet with a dot for the plus. */
const PBKDF2_PHC =
  /^\$pbkdf2(?:-(?<alg>sha256|sha512))?\$(?<cost>[0-9]{1,9})\$(?<salt>[A-Za-z0-9./]{0,171})\$(?<digest>[A-Za-z0-9./]+)$/;
/** 1C-Битрикс before SHA-512: the salt, of any characters, before the MD5 of both. */
const BITRIX_MD5 = /^(?<salt>.{0,32})(?<digest>[0-9a-f]{32})$/s;

export function parseForeignHash({ hash, as = '', salt = '' }: OfferedHash): Parsed {
  if ((PLAIN as readonly string[]).includes(as)) return parsePlain(hash, as as PlainScheme, salt);
  // A salt beside a hash that holds its own: one of the two is not what it is taken for.
  if (salt !== '') return { ok: false, fault: 'salt_misplaced' };
  if (as === 'bitrix' && !hash.startsWith('$6$')) return parseBitrixMd5(hash);
  if (as !== '' && !isKnown(as)) return { ok: false, fault: 'hash_unknown' };
  return parseBcrypt(hash) ?? parseSha512Crypt(hash) ?? parsePbkdf2(hash) ?? unknown;
}

const unknown: Parsed = { ok: false, fault: 'hash_unknown' };
const tooCostly: Parsed = { ok: false, fault: 'hash_too_costly' };
const isKnown = (as: string): boolean => ['bitrix', 'bcrypt', 'pbkdf2', 'sha512-crypt'].includes(as);

function parsePlain(hash: string, scheme: PlainScheme, salt: string): Parsed {
  const bytes = DIGEST_BYTES[scheme.slice(0, -3)] ?? 0;
  const digest = hash.toLowerCase();
  if (digest.length !== 2 * bytes || !/^[0-9a-f]+$/.test(digest) || salt.length > LONGEST_SALT)
    return unknown;
  return { ok: true, value: { scheme, cost: 0, salt: Buffer.from(salt), digest } };
}

function parseBitrixMd5(hash: string): Parsed {
  const found = BITRIX_MD5.exec(hash)?.groups;
  return found ? parsePlain(found.digest ?? '', 'md5-sp', found.salt ?? '') : unknown;
}

function parseBcrypt(hash: string): Parsed | undefined {
  const found = BCRYPT.exec(hash)?.groups;
  if (!found) return undefined;
  const { cost = '', salt = '', last = '', digest = '' } = found;
  if (Number(cost) < 4) return unknown;
  if (Number(cost) > MOST.bcrypt) return tooCostly;
  const canonical = BCRYPT_LETTERS.charAt(BCRYPT_LETTERS.indexOf(last) & 0x30);
  return {
    ok: true,
    value: { scheme: 'bcrypt', cost: Number(cost), salt: Buffer.from(salt + canonical), digest },
  };
}

function parseSha512Crypt(hash: string): Parsed | undefined {
  const found = SHA512_CRYPT.exec(hash)?.groups;
  if (!found) return undefined;
  const { rounds, salt = '', digest = '' } = found;
  const cost = rounds === undefined ? USUAL_ROUNDS : Number(rounds);
  if (cost < 1_000) return unknown;
  if (cost > MOST.sha512Crypt) return tooCostly;
  return { ok: true, value: { scheme: 'sha512-crypt', cost, salt: Buffer.from(salt), digest } };
}

function parsePbkdf2(hash: string): Parsed | undefined {
  const django = PBKDF2_TEXT.exec(hash)?.groups;
  const found = django ?? PBKDF2_PHC.exec(hash)?.groups;
  if (!found) return undefined;
  const { alg = 'sha1', cost = '', salt = '', digest = '' } = found;
  const bytes = Buffer.from(digest.replaceAll('.', '+'), 'base64');
  if (bytes.length !== DIGEST_BYTES[alg] || Number(cost) < 1) return unknown;
  if (Number(cost) > MOST.pbkdf2) return tooCostly;
  return {
    ok: true,
    value: {
      scheme: `pbkdf2-${alg}` as Pbkdf2Scheme,
      cost: Number(cost),
      salt: django ? Buffer.from(salt) : Buffer.from(salt.replaceAll('.', '+'), 'base64'),
      digest: bytes.toString('hex'),
    },
  };
}
