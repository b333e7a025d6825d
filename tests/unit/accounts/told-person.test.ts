/** What counts as said by an upstream (esia.md §1.8, domain.md §3). */
import { expect, it } from 'vitest';
import { toKeep, toldBy } from '../../../provider/accounts/told-person.ts';
import { esia, identity, M, OURS, SNILS } from './people.ts';

it('is what the data rules accept, in their forms', () => {
  expect(toldBy(esia(' Иванова |Мария|Петровна', { snils: SNILS, email: 'Ivanova@Example.TEST' }))).toEqual({
    name: { family: 'Иванова', given: 'Мария', middle: 'Петровна' },
    birthdate: '1984-03-14',
    snils: SNILS,
    email: { key: OURS, original: 'Ivanova@example.test' },
    confirmed: true,
  });
});

it.each([
  ['an address nobody vouches for', identity(M, { unverified: OURS }), 'email'],
  ['no address', identity(M, { email: 'a@b@c' }), 'email'],
  ['half a name', identity('Иванова|'), 'name'],
  ['a name that is a link', identity('evil.com|Мария'), 'name'],
  ['a number with another checksum', identity(M, { snils: '90010010192' }), 'snils'],
  ['a day of no calendar', identity(M, { born: '1984-02-30' }), 'birthdate'],
])('%s is not said', (_name, told, field) => {
  expect(toldBy(told)).not.toHaveProperty(field);
});

it.each([undefined, false, 'true', 1])('«trusted: %s» is not confirmed', (trusted) => {
  const { claims, ...key } = identity(M);
  expect(toldBy({ ...key, claims: { ...claims, trusted } }).confirmed).toBe(false);
});

it('the SNILS is not kept', () => {
  const kept = toKeep(toldBy(esia(M, { snils: SNILS, email: OURS })));
  expect(kept).toEqual({
    ...{ family: 'Иванова', given: 'Мария', middle: 'Петровна' },
    ...{ birthdate: '1984-03-14', email: OURS, confirmed: true },
  });
});
