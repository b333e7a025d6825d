import { expect, test } from 'vitest';
import { readIdentity } from '../../../../adapters/upstream/oidc-claims.ts';

const ISSUER = 'https://rsaa.example.test';
const read = (received: object, map = {}) => readIdentity(ISSUER, { sub: 's', ...received }, map);

test.each<[object, object]>([
  [
    { email: 'a@example.test', email_verified: true },
    { claims: { email: 'a@example.test', email_verified: true }, verifiedEmail: 'a@example.test' },
  ],
  [{ birthdate: '29.02.1988' }, { claims: { birthdate: '1988-02-29' } }],
  [{ birthdate: '1988-02-29' }, { claims: { birthdate: '1988-02-29' } }],
  [{ birthdate: '30.02.1988' }, { claims: {} }],
  [{ birthdate: '1988' }, { claims: {} }],
  [{ snils: '900-100-101 91' }, { claims: { snils: '90010010191' } }],
  [{ snils: '900' }, { claims: {} }],
  [{ family_name: ' ', given_name: null, middle_name: {} }, { claims: {} }],
  [{ groups: ['staff'] }, { claims: { groups: ['staff'] } }],
  [{ unknown: 'x' }, { claims: {} }],
])('%j gives %j', (received, identity) => {
  const { issuer, subject, ...rest } = read(received);
  expect({ issuer, subject }).toEqual({ issuer: ISSUER, subject: 's' });
  expect(rest).toEqual({ claims: {}, ...identity });
});

test.each(['true', 1, 'yes', null, undefined, false])(
  'email_verified %j vouches for nothing',
  (email_verified) => {
    expect(read({ email: 'a@example.test', email_verified })).not.toHaveProperty('verifiedEmail');
  },
);

test('the map says where claims are', () => {
  const map = { subject: 'oid', family_name: 'surname', email_verified: 'mail_ok' };
  expect(read({ oid: 7, surname: 'Ёлкина', email: 'a@example.test', mail_ok: true }, map)).toEqual({
    issuer: ISSUER,
    subject: '7',
    claims: { family_name: 'Ёлкина', email: 'a@example.test', email_verified: true },
    verifiedEmail: 'a@example.test',
  });
});

test.each([undefined, '', null, {}, []])('subject %j is none', (sub) => {
  expect(() => read({ sub })).toThrow(/no_subject/);
});
