/** Lists of members as people fill them in: columns by their names, words for choices, every fault of a line. */
import { describe, expect, it } from 'vitest';
import { translator } from '../../../provider/http/texts.ts';
import { type ReadRow, readList } from '../../../provider/records/read-list.ts';

const UNITS = [{ id: 'u1', kind: 'bureau', name: 'Начальная школа', members: 0 }] as const;
const HEAD = [
  'Фамилия',
  'ИМЯ',
  'отчество *',
  ' Дата  рождения ',
  'Пол',
  'СНИЛС',
  'Структурное подразделение',
  'Зарплата',
];

const read = (rows: readonly (readonly string[])[], head: readonly string[] = HEAD) =>
  readList(
    [head, ...rows].map((cells, at) => ({ line: at + 1, cells, faults: [] })),
    UNITS,
    '2026-11-21',
    translator('ru'),
  );
const rowsOf = (rows: readonly (readonly string[])[]): readonly ReadRow[] => {
  const list = read(rows);
  if (!list.ok) throw new Error('no list');
  return list.rows;
};
const GOOD = [
  'Ёлкина',
  'Анна',
  'Ивановна',
  '01.02.1990',
  'ж',
  '112-233-445 95',
  'начальная  ШКОЛА',
  '100500',
];
const changed = (at: number, cell: string) => GOOD.map((good, place) => (place === at ? cell : good));

describe('a list of members', () => {
  it('is read by the names of its columns, in any order and case, and others are left out', () => {
    const [row] = rowsOf([GOOD]);
    expect(row?.faults).toEqual([]);
    expect(row?.member).toEqual({
      data: {
        ...{ family: 'Ёлкина', given: 'Анна', middle: 'Ивановна', birthdate: '1990-02-01' },
        ...{ sex: 'female', unitId: 'u1' },
      },
      snils: '11223344595',
    });
  });

  it('without a column that every card needs is none', () => {
    expect(read([], ['Имя', 'Отчество'])).toEqual({ ok: false, missing: ['family', 'birthdate'] });
    expect(read([], [])).toMatchObject({ ok: false });
  });

  it.each([
    [0, '', 'family_missing'],
    [0, 'Елкина9', 'family_forbidden_character'],
    [3, '31.02.1990', 'date_not_in_calendar'],
    [3, '01.02.90', 'date_two_digit_year'],
    [3, '', 'birthdate_missing'],
    [4, 'сто', 'field_choice'],
    [5, '112-233-445 96', 'snils_checksum'],
    [6, 'Физфак', 'unit_unknown'],
  ] as const)('says of column %i «%s»: %s', (at, cell, code) => {
    expect(rowsOf([changed(at, cell)])[0]?.faults.map((fault) => fault.code)).toEqual([code]);
  });

  it('names every fault of a line', () => {
    const [row] = rowsOf([['', 'А9', 'Ивановна', 'вчера', 'x', '1', 'y']]);
    expect(row?.faults.map(({ field }) => field)).toEqual([
      'family',
      'given',
      'birthdate',
      'sex',
      'snils',
      'unit',
    ]);
  });

  it('counts the first of equal people and of equal numbers', () => {
    const rows = rowsOf([GOOD, changed(0, 'ЕЛКИНА'), changed(0, 'Другая'), changed(3, '31.02.1990'), GOOD]);
    expect(rows.map(({ faults }) => faults)).toEqual([
      [],
      [{ code: 'row_repeated', line: 2 }],
      [{ field: 'snils', code: 'row_repeated', line: 2 }],
      [{ field: 'birthdate', code: 'date_not_in_calendar' }],
      [{ code: 'row_repeated', line: 2 }],
    ]);
  });

  it('says of a broken cell what broke it, and nothing else of that cell', () => {
    const list = readList(
      [
        { line: 1, cells: HEAD, faults: [] },
        { line: 2, cells: changed(0, ''), faults: [{ column: 0, fault: 'formula' }] },
        { line: 3, cells: [], faults: [{ fault: 'quote_not_closed' }] },
      ],
      UNITS,
      '2026-11-21',
      translator('ru'),
    );
    expect(list.ok && list.rows.map(({ faults }) => faults)).toEqual([
      [{ field: 'family', code: 'cell_formula' }],
      [{ code: 'cell_quote_not_closed' }],
    ]);
  });
});
