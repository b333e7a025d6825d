import { describe, expect, it } from 'vitest';
import type { SchoolPerson } from '../../../adapters/school-register/school-register.ts';
import { readCorrection } from '../../../provider/cases/read-correction.ts';
import { differingKinds, remainingKinds } from '../../../provider/cases/remaining.ts';

const typed = {
  ...{ family: ' чернова ', given: 'Елена', middle: 'Олеговна', birthdate: '3.3.1990' },
  ...{ email: 'belova@Example.test' },
};
const TODAY = '2026-11-21';
const problemsIn = (change: Partial<typeof typed>) =>
  readCorrection({ ...typed, ...change }, TODAY).problems.map(({ field, code }) => `${field}: ${code}`);

describe('what is typed into a record', () => {
  it('is put into the forms of the data rules', () => {
    expect(readCorrection(typed, TODAY)).toEqual({
      correction: {
        ...{ family: 'чернова', given: 'Елена', middle: 'Олеговна', birthdate: '1990-03-03' },
        ...{ email: 'belova@example.test' },
      },
      problems: [],
    });
    const bare = readCorrection({ ...typed, middle: 'нет', email: ' ' }, TODAY);
    expect(bare).toEqual({
      correction: { family: 'чернова', given: 'Елена', birthdate: '1990-03-03' },
      problems: [],
    });
  });

  it.each([
    [{ family: '' }, 'family: family_missing'],
    [{ given: '<b>' }, 'given: given_forbidden_character'],
    [{ middle: 'a'.repeat(101) }, 'middle: middle_too_long'],
    [{ middle: '123' }, 'middle: middle_forbidden_character'],
    [{ birthdate: '' }, 'birthdate: birthdate_missing'],
    [{ birthdate: '3.3.90' }, 'birthdate: date_two_digit_year'],
    [{ birthdate: '31.02.1990' }, 'birthdate: date_not_in_calendar'],
    [{ birthdate: '22.11.2026' }, 'birthdate: date_in_future'],
    [{ email: 'belova' }, 'email: email_malformed'],
  ])('%o: %s', (change, problem) => {
    expect(problemsIn(change)).toEqual([problem]);
  });

  it('of a child of six is a record as any other', () => {
    expect(problemsIn({ birthdate: '01.09.2020' })).toEqual([]);
  });

  it('has all its faults told at once, in the order of the fields', () => {
    expect(problemsIn({ family: '', given: '', birthdate: 'x', email: '@' })).toEqual([
      'family: family_missing',
      'given: given_missing',
      'birthdate: date_malformed',
      'email: email_malformed',
    ]);
  });
});

const school = { id: 'P-08', name: 'Школа', shortName: 'Школа' };
const record = (id: string, more: Partial<SchoolPerson> = {}): SchoolPerson => ({
  ...{ id, family: 'Чернова', given: 'Елена', middle: 'Олеговна', birthdate: '1990-03-03' },
  roles: [{ role: 'staff', school }],
  ...more,
});
const told = {
  ...{ family: 'Чернова', given: 'Елена', middle: 'Олеговна', birthdate: '1990-03-03', confirmed: true },
};
const remaining = (
  person: SchoolPerson,
  mine: SchoolPerson | undefined,
  born: readonly SchoolPerson[] = [],
) => remainingKinds('acc', told, person, mine, born);

describe('what would still differ at the next sign-in', () => {
  it('is nothing, when the corrected record says what was told', () => {
    const old = record('K-1', { family: 'Белова', accountId: 'acc' });
    expect(remaining(record('K-1', { accountId: 'acc' }), old)).toEqual([]);
    expect(remaining(record('K-1'), undefined, [record('K-1', { family: 'Белова' })])).toEqual([]);
  });

  it('is what differs between these two', () => {
    const wrong = record('K-1', { family: 'Чернявская', birthdate: '1990-03-04', accountId: 'acc' });
    expect(remaining(wrong, wrong)).toEqual(['family_name', 'birthdate']);
    expect(remaining(record('K-1', { given: 'Нина' }), undefined)).toEqual(['given_name']);
    expect(differingKinds('acc', told, record('K-1'))).toEqual([]);
  });

  it('is another record just like it, or another account that it belongs to', () => {
    expect(remaining(record('K-1'), undefined, [record('K-2')])).toEqual(['ambiguous']);
    expect(remaining(record('K-1', { accountId: 'other' }), undefined)).toEqual(['identity']);
    // Released with the correction.
    expect(remaining(record('K-1'), undefined, [record('K-1', { accountId: 'other' })])).toEqual([]);
  });

  it('follows the record she has been recognised as, whichever is corrected', () => {
    const mine = record('K-9', { family: 'Белова', accountId: 'acc' });
    expect(remaining(record('K-1'), mine, [mine])).toEqual(['family_name']);
  });
});
