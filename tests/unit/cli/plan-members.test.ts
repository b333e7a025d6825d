import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { aesGcm } from '../../../adapters/cipher/aes-gcm.ts';
import { membersPlan } from '../../../provider/cli/import/plan-members.ts';
import { snilsSealer } from '../../../provider/cli/import/sealed-snils.ts';

const cipher = aesGcm([{ id: 'k1', key: randomBytes(32) }]);
const salt = randomBytes(32);
const seal = snilsSealer(cipher, salt);
const { judge, staged } = membersPlan({ today: '2026-11-21', seal });

const GOOD = {
  member_id: 'M-01',
  organisation_id: 'P-01',
  family_name: ' Фёдоров- Ёлкин ',
  given_name: 'Артём',
  middle_name: 'нет',
  birthdate: '29.02.1988',
  membership: 'member',
  ticket_number: '0099 1234 5678 9012',
  ticket_state: 'issued',
  snils: '',
};

function valuesOf(changes: Partial<typeof GOOD>): Record<string, unknown> {
  const judged = judge({ ...GOOD, ...changes });
  if (!judged.ok) throw new Error(judged.reasons.join('; '));
  return Object.fromEntries(staged.map(([name], at) => [name, judged.values[at]]));
}

function reasonsOf(changes: Partial<typeof GOOD>): readonly string[] {
  const judged = judge({ ...GOOD, ...changes });
  return judged.ok ? [] : judged.reasons;
}

test('a row in normal form', () => {
  expect(valuesOf({})).toEqual({
    member_id: 'M-01',
    organisation_id: 'P-01',
    family_name: 'Фёдоров-Ёлкин',
    given_name: 'Артём',
    middle_name: undefined,
    birthdate: '1988-02-29',
    membership: 'member',
    ticket_number: '0099123456789012',
    ticket_state: 'issued',
    snils_sealed: undefined,
    snils_hmac: undefined,
  });
});

test('ISO dates, and members without a ticket', () => {
  expect(valuesOf({ birthdate: '1988-02-29', ticket_number: '', ticket_state: '' })).toMatchObject({
    birthdate: '1988-02-29',
    ticket_number: undefined,
    ticket_state: undefined,
  });
});

test('a SNILS is sealed for its member, with a digest that meets its equals', () => {
  const one = valuesOf({ snils: '112-233-445 95' });
  const other = valuesOf({ snils: '11223344595', member_id: 'M-02' });
  expect(cipher.open(String(one.snils_sealed), 'member_snils:M-01')).toBe('11223344595');
  expect(() => cipher.open(String(one.snils_sealed), 'member_snils:M-02')).toThrow();
  expect(one.snils_hmac).toEqual(other.snils_hmac);
  expect(snilsSealer(cipher, randomBytes(32))('11223344595', 'M-01').digest).not.toEqual(one.snils_hmac);
});

test.each([
  [{ member_id: '' }, 'member_id is empty'],
  [{ member_id: 'M 01' }, 'member_id must be up to 64 letters, digits and . _ : -'],
  [{ organisation_id: '' }, 'organisation_id is empty'],
  [{ family_name: '' }, 'family_name is empty'],
  [{ given_name: 'Мария2' }, 'given_name may hold letters, spaces, hyphens, apostrophes and dots only'],
  [{ middle_name: 'x'.repeat(101) }, 'middle_name is longer than 100 characters'],
  [{ birthdate: '' }, 'birthdate must be written as дд.мм.гггг or yyyy-mm-dd'],
  [{ birthdate: '14.03.84' }, 'birthdate needs a year of four digits'],
  [{ birthdate: '29.02.1900' }, 'birthdate is not in the calendar'],
  [{ birthdate: '22.11.2012' }, 'birthdate makes the member younger than 14'],
  [{ membership: 'Member' }, 'membership must be one of applicant, under_review, member, suspended, ended'],
  [{ ticket_number: '99OO 0000 0000 0011' }, 'ticket_number has the letter O in place of a zero'],
  [{ ticket_state: '' }, 'ticket_state is empty'],
  [{ ticket_number: '' }, 'ticket_state needs a ticket_number'],
  [{ snils: '112-233-445 96' }, 'snils has a wrong checksum'],
])('%o is refused', (changes, reason) => {
  expect(reasonsOf(changes)).toEqual([reason]);
});

test('a row with several faults tells them all', () => {
  expect(reasonsOf({ given_name: '', birthdate: '31.04.1990', snils: '1' })).toEqual([
    'given_name is empty',
    'birthdate is not in the calendar',
    'snils must have 11 digits',
  ]);
});
