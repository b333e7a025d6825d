import { describe, expect, it } from 'vitest';
import { compareMasked, dataOf, maskedData } from '../../../provider/cases/masked.ts';

const told = {
  ...{ family: 'Чернова', given: 'Елена', middle: 'Олеговна', birthdate: '1990-03-03' },
  ...{ email: 'belova@example.test', confirmed: true },
};

describe('a record masked', () => {
  it.each([
    ['Чернова', 'Ч•••••а'],
    ['Римская-Корсакова', 'Р•••••••••••••••а'],
    ['Ольга', 'О•••а'],
    ['Анна', 'А••а'],
    // Whoever has so short a name would stand there whole.
    ['Лев', 'Л••'],
    ['Ия', 'И••'],
    ['Ю', 'Ю••'],
  ])('%s: %s', (name, masked) => {
    expect(maskedData({ family_name: name })).toEqual({ family_name: masked });
  });

  it('tells of an address neither length nor host, of a day its first and last digit', () => {
    expect(maskedData({ email: 'belova@example.test' }).email).toBe('b•••@e•••');
    expect(maskedData({ email: 'b@e.ru' }).email).toBe('b•••@e•••');
    expect(maskedData({ birthdate: '14.03.1984' }).birthdate).toBe('1•.••.•••4');
  });

  it('keeps what is absent absent', () => {
    expect(maskedData({})).toEqual({});
    expect(dataOf({ family: 'Ли', birthdate: '1990-03-14' })).toEqual({
      family_name: 'Ли',
      birthdate: '14.03.1990',
    });
  });
});

describe('two records side by side', () => {
  it('are the own one as it is handed over, and the other never whole', () => {
    const rows = compareMasked(dataOf({ ...told, family: 'Белова' }), told, ['family_name', 'snils']);
    expect(rows.map(({ field, differs }) => [field, differs])).toEqual([
      ['family_name', true],
      ['given_name', false],
      ['middle_name', false],
      ['birthdate', false],
      ['email', false],
    ]);
    expect(rows[0]).toMatchObject({ own: 'Белова', told: 'Ч•••••а' });
    for (const value of Object.values(dataOf(told))) {
      expect(rows.map((row) => row.told)).not.toContain(value);
    }
  });

  it('have a row for what only one of them says', () => {
    const [, , middle, , email] = compareMasked(
      { middle_name: 'Олеговна' },
      { confirmed: true, email: 'a@b.ru' },
      [],
    );
    expect(middle).toEqual({ field: 'middle_name', own: 'Олеговна', differs: false });
    expect(email).toEqual({ field: 'email', told: 'a•••@b•••', differs: false });
  });
});
