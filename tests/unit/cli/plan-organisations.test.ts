import { expect, test } from 'vitest';
import { organisationsPlan } from '../../../provider/cli/import/plan-organisations.ts';

const GOOD = {
  id: 'P-01',
  kind: 'primary',
  parent_id: 'T-01',
  name: 'Средняя школа № 15',
  short_name: 'СОШ № 15',
  town: '',
  region: 'Край',
  inn: '',
  email: '',
  phone: '',
  units: '',
};

const reasonsOf = (changes: Partial<typeof GOOD>): readonly string[] => {
  const judged = organisationsPlan.judge({ ...GOOD, ...changes });
  return judged.ok ? [] : judged.reasons;
};

test('contacts in normal form; empty cells are nothing', () => {
  const judged = organisationsPlan.judge({ ...GOOD, phone: '8 (900) 000-00-15', email: 'a@Example.TEST' });
  expect(judged).toEqual({
    ok: true,
    values: [
      'P-01',
      'primary',
      'T-01',
      'Средняя школа № 15',
      'СОШ № 15',
      undefined,
      'Край',
      undefined,
      'a@example.test',
      '+79000000015',
      [],
      ['15', 'общеобразовательная', 'сош', 'средняя', 'школа'],
    ],
  });
});

test('units stand in one cell', () => {
  const judged = organisationsPlan.judge({ ...GOOD, units: ' школа | детский сад № 3 ||' });
  expect(judged.ok && judged.values.at(-2)).toEqual(['школа', 'детский сад № 3']);
});

test.each([
  [{ units: 'a | \u0007' }, 'units must be one line of at most 500 characters'],
  [{ id: '' }, 'id is empty'],
  [{ kind: 'school' }, 'kind must be one of regional, territorial, primary, without_primary'],
  [{ parent_id: '' }, 'parent_id is empty'],
  [{ kind: 'regional' }, 'parent_id must be empty for a regional one'],
  [{ name: 'two\nlines' }, 'name must be one line of at most 500 characters'],
  [{ region: '' }, 'region is empty'],
  [{ inn: '59000018' }, 'inn has lost its leading zeros; in the spreadsheet make the column text'],
  [{ inn: '005900000186' }, 'inn must have 10 digits'],
  [{ email: 'nobody' }, 'email is not an e-mail address'],
  [{ phone: '12' }, 'phone is not a phone number'],
])('%o is refused', (changes, reason) => {
  expect(reasonsOf(changes)).toEqual([reason]);
});
