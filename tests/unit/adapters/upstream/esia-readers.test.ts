/** What comes back from ESIA: errors, tokens, people; no. 11–15, 17, 19 and 20 of the checklist. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ESIA_ERRORS, judgeError } from '../../../../adapters/upstream/esia/errors.ts';
import { readCallback, readTokens } from '../../../../adapters/upstream/esia/esia.ts';
import { readPerson } from '../../../../adapters/upstream/esia/person.ts';
import { subjectOf, verifyToken } from '../../../../adapters/upstream/esia/tokens.ts';
import { UpstreamFault } from '../../../../adapters/upstream/upstream.ts';
import { type Issued, issueCertificate } from '../../../../sandbox/esia/issue-certificate.ts';

const judged = (error: string, description: string) => {
  try {
    return judgeError(error, description).refused;
  } catch (thrown) {
    if (thrown instanceof UpstreamFault) return thrown.kind;
    throw thrown;
  }
};

describe('17: errors', () => {
  test.each([
    ...[
      '002',
      '003',
      '005',
      '006',
      '009',
      '012',
      '013',
      '014',
      '015',
      '019',
      '023',
      '038',
      '039',
      '040',
      '053',
      '060',
      '061',
      '062',
    ].map((end) => [`ESIA-007${end}`, 'ours']),
    ['ESIA-008010', 'ours'],
    ['ESIA-036701', 'ours'],
    ['ESIA-007007', 'outage'],
    ['ESIA-007008', 'outage'],
    ['ESIA-007110', 'outage'],
    ['ESIA-007004', 'cancelled'],
    ['ESIA-007011', 'start_again'],
    ['ESIA-007046', 'second_factor_missing'],
    ['ESIA-007055', 'unconfirmed'],
    ['ESIA-007194', 'not_a_person'],
    ['ESIA-999999', 'outage'],
  ])('%s is %s, whatever OAuth calls it', (code, kind) => {
    for (const error of ['access_denied', 'invalid_request', 'server_error', '<b>']) {
      expect(judged(error, `${code}: слова по-русски`)).toBe(kind);
    }
  });

  test('each has a sentence of its own', () => {
    const sentences = Object.values(ESIA_ERRORS).map(({ meaning }) => meaning);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  test.each([
    ['access_denied', 'cancelled'],
    ['invalid_grant', 'start_again'],
    ['temporarily_unavailable', 'outage'],
    ['anything', 'outage'],
  ])('without a code %s is %s', (error, kind) => {
    expect(judged(error, '')).toBe(kind);
  });

  test('nothing of what came over the wire gets into the message', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (error, description) => {
        const marked = `ESIA-007053: SECRET${description}`;
        expect(() => judgeError(`SECRET${error}`, marked)).toThrow(/^ESIA-007053: The signature/);
        try {
          judgeError(`SECRET${error}`, `SECRET${description}`);
        } catch (thrown) {
          expect((thrown as Error).message).not.toContain('SECRET');
        }
      }),
    );
  });
});

const STATE = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';

describe('19: callbacks', () => {
  const read = (query: string) => readCallback(new URL(`https://id.example.test/cb?${query}`), STATE);
  test.each([
    [`code=c&state=${STATE}`, { code: 'c' }],
    [`code=${'c'.repeat(6_144)}&state=${STATE}`, { code: 'c'.repeat(6_144) }],
    [`code=${'c'.repeat(20_000)}&state=${STATE}`, { refused: 'start_again' }],
    ['code=c', { refused: 'start_again' }],
    ['code=c&state=other', { refused: 'start_again' }],
    [`code=c&state=${STATE}&state=${STATE}`, { refused: 'start_again' }],
    [`code=c&code=d&state=${STATE}`, { refused: 'start_again' }],
    [`code=c&error=access_denied&state=${STATE}`, { refused: 'start_again' }],
    [`code=&state=${STATE}`, { refused: 'start_again' }],
    [`state=${STATE}`, { refused: 'start_again' }],
    [
      `error=access_denied&error_description=ESIA-007004%3A+%D0%BD%D0%B5%D1%82&state=${STATE}`,
      { refused: 'cancelled' },
    ],
    ['error=access_denied&error_description=ESIA-007004', { refused: 'start_again' }],
  ])('%.80s', (query, answer) => {
    expect(read(query)).toEqual(answer);
  });
});

describe('18: token responses', () => {
  const read = (status: number, body: string) => () => readTokens({ status, body }, STATE);
  test.each([
    [200, ''],
    [200, '<html>'],
    [200, '{"access_token":'],
    [200, '[]'],
    [502, '<html>502</html>'],
    [503, '{}'],
  ])('%i «%s» is an outage', (status, body) => {
    expect(read(status, body)).toThrow(expect.objectContaining({ kind: 'outage' }));
  });
  test('another state is not trusted; expires_in may be a string, refresh_token may be absent', () => {
    expect(read(200, '{"state":"other"}')).toThrow(expect.objectContaining({ kind: 'untrusted' }));
    const body = { access_token: 'a', state: STATE, expires_in: '3600' };
    expect(read(200, JSON.stringify(body))()).toEqual({ tokens: body });
  });
});

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

describe('11 and 12: tokens', () => {
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

  test.each([gost, rsa])('10: one flipped bit, a reversed or a shortened signature', (key) => {
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

describe('13 and 14: the subject', () => {
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

describe('20: a person', () => {
  test('nothing is made up', () => {
    expect(readPerson({}, [])).toEqual({ claims: {}, verifiedEmail: undefined, trusted: undefined });
  });
  test.each([
    ['29.02.1988', '1988-02-29'],
    ['29.02.1989', undefined],
    ['1988-02-29', undefined],
    ['', undefined],
  ])('birthDate «%s»', (birthDate, birthdate) => {
    expect(readPerson({ birthDate }, []).claims.birthdate).toBe(birthdate);
  });
  const email = (value: string, more: object = {}) => ({ type: 'EML', value, vrfStu: 'VERIFIED', ...more });
  test.each<[string, object[], string | undefined, string | undefined]>([
    ['verified', [email('a@example.test')], 'a@example.test', 'a@example.test'],
    ['not verified', [email('a@example.test', { vrfStu: 'NOT_VERIFIED' })], undefined, 'a@example.test'],
    [
      'being changed',
      [email('a@example.test', { vrfValStu: 'VERIFYING', verifyingValue: 'b@example.test' })],
      'a@example.test',
      'a@example.test',
    ],
    ['only at work', [{ type: 'CEM', value: 'w@example.test', vrfStu: 'VERIFIED' }], undefined, undefined],
    [
      'the verified of two',
      [email('a@example.test', { vrfStu: 'NOT_VERIFIED' }), email('b@example.test')],
      'b@example.test',
      'b@example.test',
    ],
    ['no text', [{ type: 'EML', value: 5, vrfStu: 'VERIFIED' }], undefined, undefined],
  ])('e-mail %s', (_what, contacts, verified, shown) => {
    const person = readPerson({}, contacts as never);
    expect([person.verifiedEmail, person.claims.email]).toEqual([verified, shown]);
  });
  test('SNILS, phone, names and the level in our forms', () => {
    expect(
      readPerson({ snils: '000-000-600 06', lastName: ' Ё ', gender: 'F', trusted: true }, [
        { type: 'MBT', value: '+7(000)0000006', vrfStu: 'VERIFIED' },
      ] as never),
    ).toEqual({
      claims: {
        snils: '00000060006',
        family_name: 'Ё',
        gender: 'female',
        phone_number: '+70000000006',
        phone_number_verified: true,
      },
      verifiedEmail: undefined,
      trusted: true,
    });
  });
  test('whatever JSON comes, nothing is thrown', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('snils', 'lastName', 'birthDate', 'trusted', 'gender'), fc.jsonValue()),
        fc.array(fc.dictionary(fc.constantFrom('type', 'value', 'vrfStu'), fc.jsonValue())),
        (record, contacts) => {
          expect(readPerson(record, contacts)).toHaveProperty('claims');
        },
      ),
    );
  });
});
