/** What a page and a file say of a line that cannot be put in. */
import { expect, it } from 'vitest';
import { translator } from '../../../provider/http/texts.ts';
import type { RowFault } from '../../../provider/records/read-list.ts';
import { faultRows } from '../../../provider/records/show-list.ts';

const t = translator('ru');
const data = { family: 'Елкина', given: '', birthdate: '' };
const row = { line: 4, typed: { family: 'Елкина' }, member: { data }, plan: 'fault' } as const;
const saidOf = (fault: RowFault) =>
  faultRows([{ ...row, faults: [fault], fields: [], elsewhere: false }], t)[0]?.[1];

it('names what may stand where there is a choice', () => {
  expect(saidOf({ field: 'employment', code: 'field_choice' })).toBe(
    'В столбце «Тип занятости» впишите одно из значений: Работник, Обучающийся, Пенсионер, Другое',
  );
  expect(saidOf({ field: 'sex', code: 'field_choice' })).toContain('Мужской, Женский');
});

it('names the column of what is wrong otherwise', () => {
  expect(saidOf({ field: 'joinedOn', code: 'field_date' })).toContain('«Дата вступления в Профсоюз»');
});
