/** The people of domain.md §6: complete and all invented. */
import { describe, expect, it } from 'vitest';
import { ageOn } from '../../../provider/data-rules/calendar-date.ts';
import { judgePassword } from '../../../provider/login/password-rules.ts';
import { describePeople, generatePasswords } from '../../../sandbox/people/people.ts';
import { organisations, persons } from '../../../sandbox/people/register.ts';

const NO_DOORS = { esia: [], rsaa: [] };

describe('the files', () => {
  it('hold every row of the register', () => {
    const variants: Record<string, string[]> = { 6: ['a', 'b'], 7: ['a', 'b'], 29: ['a', 'b'] };
    const expected = Array.from({ length: 33 }, (_, at) => at + 1).flatMap((number) =>
      (variants[number] ?? ['']).map((variant) => `M-${String(number).padStart(2, '0')}${variant}`),
    );
    expect(persons.map(({ id }) => id)).toEqual(expected);
    expect(organisations.map(({ id }) => id)).toEqual([
      ...['R-01', 'R-02', 'T-01', 'T-02', 'T-03', 'P-01', 'P-02', 'P-03', 'P-04', 'P-05a', 'P-05b'],
      ...['P-06', 'P-07', 'P-08', 'O-09', 'P-10'],
    ]);
  });

  it('are invented: INN of no region, tickets no bank card would have, phones never dialled', () => {
    const luhn = (digits: string) =>
      [...digits].reverse().reduce((sum, digit, at) => {
        const doubled = Number(digit) * (at % 2 === 1 ? 2 : 1);
        return sum + (doubled > 9 ? doubled - 9 : doubled);
      }, 0) % 10;
    const tickets = persons.flatMap((person) => person.tickets.map(({ number }) => number));
    expect(tickets.filter((number) => luhn(number) === 0)).toEqual([]);
    expect(organisations.filter(({ inn }) => !inn.startsWith('0059'))).toEqual([]);
    for (const { phone } of [...persons, ...organisations]) {
      if (phone !== undefined) expect(phone).toMatch(/^\+790000000\d\d$/);
    }
    const phones = [...persons, ...organisations].map(({ phone }) => phone).filter(Boolean);
    expect(new Set(phones).size).toBe(phones.length);
  });

  it('name parents and organisations that exist', () => {
    const ids = new Set(organisations.map(({ id }) => id));
    for (const { parent } of organisations) if (parent !== undefined) expect(ids).toContain(parent);
    for (const { organisation } of persons)
      if (organisation !== undefined) expect(ids).toContain(organisation);
  });
});

describe('passwords', () => {
  it('satisfy the rules, are easy to type and differ', () => {
    const passwords = Object.values(generatePasswords());
    expect(passwords).toHaveLength(34);
    expect(new Set(passwords).size).toBe(34);
    for (const password of passwords) {
      expect(password).toMatch(/^[a-z]{6}-[a-z]{6}-\d{4}$/);
      expect(judgePassword(password, { names: [] })).toBeUndefined();
    }
  });
  it('may be the same for all', () => {
    expect(new Set(Object.values(generatePasswords('ласточка над озером')))).toEqual(
      new Set(['ласточка над озером']),
    );
  });
});

describe('described', () => {
  const passwords = generatePasswords();
  const of = (id: string) => describePeople(passwords).find((person) => person.id === id);

  it('with what they have, and without what they have not', () => {
    expect(of('M-01')).toEqual({
      id: 'M-01',
      name: 'Иванова Мария Петровна',
      birthdate: '14.03.1984',
      email: 'ivanova@example.test',
      ticket: '9900000000000011',
      password: passwords['M-01'],
    });
    expect(of('M-04')?.name).toBe('Ахметов Тимур');
    expect(of('M-05')).not.toHaveProperty('password');
    expect(of('M-29b')).not.toHaveProperty('password');
    expect(of('M-15')).not.toHaveProperty('ticket');
    expect(of('M-19')?.ticket).toBe('9900000000000201');
    expect(of('M-30')).toEqual({
      id: 'M-30',
      email: 'unfinished@example.test',
      password: passwords['M-30'],
    });
  });

  it('with the girl of fifteen always fifteen', () => {
    for (const today of ['2026-09-27', '2027-01-01', '2028-02-29', '2031-12-31']) {
      const [day, month, year] = (
        describePeople(passwords, NO_DOORS, new Date(`${today}T12:00:00Z`)).find(({ id }) => id === 'M-26')
          ?.birthdate ?? ''
      ).split('.');
      expect(ageOn(today, `${year}-${month}-${day}`)).toBe(15);
    }
  });
});
