import { describe, expect, it } from 'vitest';
import type { ToldPerson } from '../../../adapters/link-store/link-store.ts';
import type { SchoolPerson } from '../../../adapters/school-register/school-register.ts';
import { compare } from '../../../provider/education/compare.ts';

const school = { id: 'S-8', name: 'Средняя школа № 1', shortName: 'СОШ № 1' };
const roles = [{ role: 'staff', school }] as const;
const record = (more: Partial<SchoolPerson> = {}): SchoolPerson => ({
  id: 'K-1',
  family: 'Орлова',
  given: 'Ирина',
  middle: 'Сергеевна',
  birthdate: '1987-08-08',
  email: 'orlova@example.test',
  roles,
  ...more,
});
const told = (more: Partial<ToldPerson> = {}): ToldPerson => ({
  family: 'Орлова',
  given: 'Ирина',
  middle: 'Сергеевна',
  birthdate: '1987-08-08',
  email: 'orlova@example.test',
  confirmed: true,
  ...more,
});
const without = <T extends object, K extends keyof T>(value: T, ...keys: K[]): T =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key as K))) as T;

/** The verdict in a word: agrees, new, nobody, or the kinds that differ. */
const verdict = (said: ToldPerson, mine: SchoolPerson | undefined, born: readonly SchoolPerson[]): string => {
  const result = compare('me', said, mine, born);
  if (result.kind === 'differs') return `${result.person.id}: ${result.kinds.join(' ')}`;
  return result.kind === 'agrees' ? `${result.person.id} ${result.isNew ? 'new' : 'known'}` : 'nobody';
};

describe('somebody who has not been recognised yet', () => {
  const rows: [string, ToldPerson, SchoolPerson[], string][] = [
    ['everything equal', told(), [record()], 'K-1 new'],
    [
      'letter case, Ё and an address in capitals',
      told({ family: 'ОРЛОВА', email: 'Orlova@Example.Test' }),
      [record()],
      'K-1 new',
    ],
    ['Ё for Е', told({ family: 'Фёдорова' }), [record({ family: 'Федорова' })], 'K-1 new'],
    [
      'a Latin letter in the record',
      told({ family: 'Сорокина' }),
      [record({ family: 'Сорокинa' })],
      'K-1 new',
    ],
    [
      'a double surname with a space',
      told({ family: 'Римская Корсакова' }),
      [record({ family: 'Римская-Корсакова' })],
      'K-1 new',
    ],
    ['«Али оглы» and «Али-оглы»', told({ middle: 'Али оглы' }), [record({ middle: 'Али-оглы' })], 'K-1 new'],
    ['no patronymic on either side', without(told(), 'middle'), [without(record(), 'middle')], 'K-1 new'],
    ['no patronymic, written as a dash', without(told(), 'middle'), [record({ middle: '-' })], 'K-1 new'],
    ['no address told', without(told(), 'email'), [record()], 'K-1 new'],
    ['no address in the record', told(), [without(record(), 'email')], 'K-1 new'],
    ['unconfirmed, and everything equal', told({ confirmed: false }), [record()], 'K-1 new'],
    [
      'unconfirmed, and no address told: anybody may call herself so',
      without(told({ confirmed: false }), 'email'),
      [record()],
      'K-1: email',
    ],
    [
      'unconfirmed, and no address in the record',
      told({ confirmed: false }),
      [without(record(), 'email')],
      'K-1: email',
    ],
    [
      'unconfirmed, and no address at all',
      without(told({ confirmed: false }), 'email'),
      [without(record(), 'email')],
      'K-1: email',
    ],
    [
      'unconfirmed, without an address, recognised as hers already',
      without(told({ confirmed: false }), 'email'),
      [record({ accountId: 'me' })],
      'K-1 new',
    ],
    ['recognised as hers already, though not found by it', told(), [record({ accountId: 'me' })], 'K-1 new'],
    ['M-10: another surname', told({ family: 'Чернова' }), [record()], 'K-1: family_name'],
    [
      'M-10 without an address',
      without(told({ family: 'Чернова' }), 'email'),
      [record()],
      'K-1: family_name',
    ],
    ['M-11: another address', told({ email: 'new@example.test' }), [record()], 'K-1: email'],
    [
      'one part of a double surname',
      told({ family: 'Римская' }),
      [record({ family: 'Римская-Корсакова' })],
      'K-1: family_name',
    ],
    ['a patronymic that only the record has', without(told(), 'middle'), [record()], 'K-1: middle_name'],
    ['a patronymic that only the upstream has', told(), [without(record(), 'middle')], 'K-1: middle_name'],
    ['another patronymic', told({ middle: 'Семёновна' }), [record()], 'K-1: middle_name'],
    ['another given name, the same address', told({ given: 'Арина' }), [record()], 'K-1: given_name'],
    [
      'everything but the address and the day',
      told({ family: 'Ким', given: 'Ли', middle: 'Сон' }),
      [record()],
      'K-1: family_name given_name middle_name',
    ],
    [
      'surname and address differ',
      told({ family: 'Чернова', email: 'x@example.test' }),
      [record()],
      'K-1: family_name email',
    ],
    ['a twin, who has no record', told({ given: 'Алла', email: 'alla@example.test' }), [record()], 'nobody'],
    [
      'a twin, whose record stands beside hers',
      told({ given: 'Алла', email: 'alla@example.test' }),
      [record(), record({ id: 'K-2', given: 'Алла', email: 'alla@example.test' })],
      'K-2 new',
    ],
    [
      'a stranger of the same day',
      told({ family: 'Ким', given: 'Ли', middle: 'Сон', email: 'kim@example.test' }),
      [record()],
      'nobody',
    ],
    [
      'a namesake by given name alone, without patronymics',
      without(told({ family: 'Ким', email: 'kim@example.test' }), 'middle'),
      [without(record(), 'middle')],
      'nobody',
    ],
    ['nobody of that day', told(), [], 'nobody'],
    ['a record of another day that slipped in', told(), [record({ birthdate: '1987-08-09' })], 'nobody'],
    ['a record without a role', told(), [record({ roles: [] })], 'nobody'],
    ['the upstream told no birth date', without(told(), 'birthdate'), [record()], 'nobody'],
    ['the upstream told no surname', without(told(), 'family'), [record()], 'nobody'],
    ['the record is another account’s', told(), [record({ accountId: 'another' })], 'K-1: identity'],
    [
      'a near record is another account’s',
      told({ family: 'Чернова' }),
      [record({ accountId: 'another' })],
      'nobody',
    ],
    ['two records that both fit', told(), [record(), record({ id: 'K-2' })], 'K-1: ambiguous'],
    [
      'two near ones',
      without(told({ family: 'Чернова' }), 'email'),
      [record(), record({ id: 'K-2', family: 'Белова' })],
      'K-1: ambiguous',
    ],
    [
      'two near ones, of which one has her address',
      told({ family: 'Чернова' }),
      [record({ id: 'K-2', family: 'Белова', email: 'b@example.test' }), record()],
      'K-1: family_name',
    ],
  ];
  it.each(rows)('%s', (_name, said, born, expected) => {
    expect(verdict(said, undefined, born)).toBe(expected);
  });
});

describe('somebody recognised before', () => {
  const mine = record({ accountId: 'me' });
  const rows: [string, ToldPerson, SchoolPerson, string][] = [
    ['agrees still', told(), mine, 'K-1 known'],
    ['by an upstream that says less', { confirmed: false }, mine, 'K-1 known'],
    ['has a new surname there', told({ family: 'Чернова' }), mine, 'K-1: family_name'],
    ['has a new address there', told({ email: 'new@example.test' }), mine, 'K-1: email'],
    ['has another birth date there', told({ birthdate: '1987-08-09' }), mine, 'K-1: birthdate'],
    [
      'differs in all',
      {
        family: 'Ким',
        given: 'Ли',
        middle: 'Сон',
        birthdate: '1990-01-01',
        email: 'k@example.test',
        confirmed: true,
      },
      mine,
      'K-1: family_name given_name middle_name birthdate email',
    ],
  ];
  it.each(rows)('%s', (_name, said, known, expected) => {
    expect(verdict(said, known, [])).toBe(expected);
  });

  it('is never looked for among others', () => {
    expect(verdict(told({ family: 'Чернова' }), mine, [record({ id: 'K-2', family: 'Чернова' })])).toBe(
      'K-1: family_name',
    );
  });
});
