/** What comes back from ESIA: errors, callbacks, people; no. 15, 17–20 of the checklist. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ESIA_ERRORS, judgeError } from '../../../../adapters/upstream/esia/errors.ts';
import { readCallback, readTokens } from '../../../../adapters/upstream/esia/esia.ts';
import { readPerson } from '../../../../adapters/upstream/esia/person.ts';
import { UpstreamFault } from '../../../../adapters/upstream/upstream.ts';

const judged = (error: string, description: string) => {
  try {
    return judgeError(error, description).refused;
  } catch (thrown) {
    if (thrown instanceof UpstreamFault) return thrown.kind;
    throw thrown;
  }
};

describe('no. 17: errors', () => {
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

describe('no. 19: callbacks', () => {
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

describe('no. 18: token responses', () => {
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

describe('no. 20: a person', () => {
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
