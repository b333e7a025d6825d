/** Tokens of ESIA's, right and forged, and whom they are about: no. 10–14 of the checklist. */
import { describe, expect, test } from 'vitest';
import { readCertificate } from '../../../../adapters/signer/certificate.ts';
import { subjectOf, verifyToken } from '../../../../adapters/upstream/esia/tokens.ts';
import type { UpstreamFault } from '../../../../adapters/upstream/upstream.ts';
import { type Issued, issueCertificate } from '../../../../sandbox/esia/issue-certificate.ts';
import { GOLDEN_AT, GOST_CERTIFICATE, GOST_CODE, RSA_CERTIFICATE, RSA_ID_TOKEN } from './golden-tokens.ts';

const gost = issueCertificate({ commonName: 'ESIA', kind: 'gost' });
const rsa = issueCertificate({ commonName: 'ESIA', kind: 'rsa' });
const NOW = new Date('2026-11-21T12:00:00Z');
const now = NOW.getTime() / 1_000;
const rules = {
  algorithms: ['GOST3410_2012_256', 'RS256'],
  issuer: 'http://esia.example.test/',
  certificates: [rsa.certificate, gost.certificate],
  now: NOW,
} as const;
const payload = { iss: rules.issuer, aud: 'UNIONID', sub: 1000000101, iat: now, nbf: now, exp: now + 10_800 };

function tokenOf(key: Issued, header: object = {}, claims: object = {}): string {
  const alg = key.certificate.algorithm;
  const signed = [
    { ver: 0, typ: 'JWT', sbt: 'id', alg, ...header },
    { ...payload, ...claims },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${key.sign(Buffer.from(signed)).toString('base64url')}`;
}

const codeOf = (jwt: unknown, change: object = {}): string => {
  try {
    verifyToken(jwt, 'id', { ...rules, ...change });
    return 'ok';
  } catch (thrown) {
    return (thrown as UpstreamFault).code;
  }
};

describe('no. 11, no. 12: tokens', () => {
  test.each<[string, string, object, string]>([
    ['GOST', tokenOf(gost), {}, 'ok'],
    ['RS256', tokenOf(rsa), {}, 'ok'],
    [
      'RS256 where only GOST is allowed',
      tokenOf(rsa),
      { algorithms: ['GOST3410_2012_256'] },
      'id_token_algorithm',
    ],
    ['alg none', tokenOf(gost, { alg: 'none' }), {}, 'id_token_algorithm'],
    ['alg HS256', tokenOf(rsa, { alg: 'HS256' }), {}, 'id_token_algorithm'],
    ['an RS256 header over a GOST key', tokenOf(gost, { alg: 'RS256' }), {}, 'id_token_signature'],
    ['a GOST header over an RSA key', tokenOf(rsa, { alg: 'GOST3410_2012_256' }), {}, 'id_token_signature'],
    [
      'a stranger’s key',
      tokenOf(issueCertificate({ commonName: 'x', kind: 'gost' })),
      {},
      'id_token_signature',
    ],
    ['no certificates at all', tokenOf(gost), { certificates: [] }, 'id_token_signature'],
    ['another kind', tokenOf(gost, { sbt: 'access' }), {}, 'id_token_kind'],
    ['https for http', tokenOf(gost, {}, { iss: 'https://esia.example.test/' }), {}, 'id_token_issuer'],
    ['no slash', tokenOf(gost, {}, { iss: 'http://esia.example.test' }), {}, 'id_token_issuer'],
    ['expired within the leeway', tokenOf(gost, {}, { exp: now - 59 }), {}, 'ok'],
    ['expired', tokenOf(gost, {}, { exp: now - 60 }), {}, 'id_token_expired'],
    ['without an end', tokenOf(gost, {}, { exp: undefined }), {}, 'id_token_expired'],
    ['from the future within the leeway', tokenOf(gost, {}, { iat: now + 60, nbf: now + 60 }), {}, 'ok'],
    ['from the future', tokenOf(gost, {}, { nbf: now + 61 }), {}, 'id_token_not_yet_valid'],
  ])('%s', (_what, jwt, change, code) => {
    expect(codeOf(jwt, change)).toBe(code);
  });

  test.each([
    undefined,
    null,
    5,
    '',
    'a.b',
    'a.b.c',
    'a.b.c.d',
    `${Buffer.from('[]').toString('base64url')}.e30.`,
  ])('%j is no token', (jwt) => {
    expect(codeOf(jwt)).toBe('id_token_malformed');
  });

  test.each([gost, rsa])('no. 10: one flipped bit, a reversed or a shortened signature', (key) => {
    const [head, body, mark = ''] = tokenOf(key).split('.');
    const signature = Buffer.from(mark, 'base64url');
    const withMark = (bytes: Buffer) => codeOf(`${head}.${body}.${bytes.toString('base64url')}`);
    expect(withMark(Buffer.from(signature).reverse())).toBe('id_token_signature');
    expect(withMark(signature.subarray(1))).toBe('id_token_signature');
    for (const at of [0, 7, signature.length - 1]) {
      const flipped = Buffer.from(signature);
      flipped[at]! ^= 0x10;
      expect(withMark(flipped)).toBe('id_token_signature');
    }
  });
});

test('no. 10: the golden code in GOST and the golden id_token in RS256 verify, and nothing near them does', () => {
  const [theGost, theRsa] = [GOST_CERTIFICATE, RSA_CERTIFICATE].map((pem) =>
    readCertificate(Buffer.from(pem)),
  );
  const verifies = (jwt: string, certificate = theGost, change = (bytes: Buffer) => bytes) => {
    const [head, body, mark = ''] = jwt.split('.');
    const signature = change(Buffer.from(mark, 'base64url'));
    return certificate?.verify(Buffer.from(`${head}.${body}`), signature);
  };
  expect(verifies(GOST_CODE)).toBe(true);
  expect(verifies(GOST_CODE, theGost, (bytes) => bytes.reverse())).toBe(false);
  expect(verifies(GOST_CODE, gost.certificate)).toBe(false);
  expect(verifies(GOST_CODE.replace('eyJ2', 'eyJ3'))).toBe(false);
  expect(verifies(RSA_ID_TOKEN, theRsa)).toBe(true);
  expect(verifies(RSA_ID_TOKEN, rsa.certificate)).toBe(false);
  const golden = { now: GOLDEN_AT, certificates: [theGost, theRsa] };
  expect(codeOf(RSA_ID_TOKEN, golden)).toBe('ok');
  expect(codeOf(GOST_CODE, golden)).toBe('id_token_kind');
});

describe('no. 13, no. 14: the subject', () => {
  const about = { 'urn:esia:sbj:oid': 1000000101, 'urn:esia:sbj:typ': 'P', 'urn:esia:sbj:is_tru': true };
  const access = { client_id: 'UNIONID', 'urn:esia:sbj_id': 1000000101 };
  const read = (id: object = {}, token: object = {}) =>
    subjectOf(
      { ...payload, 'urn:esia:sbj': about, amr: 'PWD', auth_time: now, ...id },
      { ...access, ...token },
      'UNIONID',
    );

  test.each([1000000101, '1000000101'])('%j is the same person', (sub) => {
    expect(read({ sub })).toEqual({
      oid: '1000000101',
      confirmed: true,
      isPerson: true,
      isChild: false,
      method: 'PWD',
      authTime: now,
    });
  });
  test.each([
    [{ aud: 'OTHER' }, {}],
    [{ aud: ['UNIONID'] }, {}],
    [{ sub: 1000000102 }, {}],
    [{ sub: 1.5 }, {}],
    [{ sub: -1 }, {}],
    [{ sub: 'OID.1' }, {}],
    [{ sub: undefined }, {}],
    [{ 'urn:esia:sbj': undefined }, {}],
    [{ 'urn:esia:sbj': { ...about, 'urn:esia:sbj:oid': 1000000102 } }, {}],
    [{}, { 'urn:esia:sbj_id': 1000000102 }],
    [{}, { client_id: 'OTHER' }],
  ])('%j with %j is not trusted', (id, token) => {
    expect(() => read(id, token)).toThrow(expect.objectContaining({ kind: 'untrusted' }));
  });
  test('auth_time in milliseconds; unknown, listed or missing amr; nobody is confirmed by silence', () => {
    expect(read({ auth_time: now * 1_000 }).authTime).toBe(now);
    expect(read({ auth_time: 'soon' }).authTime).toBeUndefined();
    expect(read({ amr: 'BIO' }).method).toBe('BIO');
    expect(read({ amr: ['PWD'] }).method).toBeUndefined();
    expect(read({ 'urn:esia:sbj': { ...about, 'urn:esia:sbj:is_tru': undefined } }).confirmed).toBe(false);
    expect(read({ 'urn:esia:sbj': { ...about, 'urn:esia:sbj:is_tru': 'true' } }).confirmed).toBe(false);
    expect(read({ 'urn:esia:sbj': { ...about, 'urn:esia:sbj:lvl': 'KD' } }).isChild).toBe(true);
    expect(read({ 'urn:esia:sbj': { ...about, 'urn:esia:sbj:typ': 'L' } }).isPerson).toBe(false);
  });
});
