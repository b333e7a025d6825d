import { expect, test } from 'vitest';
import { judgePasswordRow } from '../../../provider/cli/import/password-row.ts';

test('whose it is: by address, by number, or by whichever has an account', () => {
  const cells = { email: ' Ivanova@Example.TEST ', ticket_number: '9900 0000 0000 0011', hash: '$2y$…' };
  expect(judgePasswordRow(2, cells)).toEqual({
    ok: true,
    row: {
      line: 2,
      identifiers: [
        { kind: 'email', value: 'ivanova@example.test' },
        { kind: 'ticket', value: '9900000000000011' },
      ],
      offered: { hash: '$2y$…' },
    },
  });
});

test.each(['yes', 'Да', '1', 'TRUE'])('«%s» says that the address was proved', (said) => {
  const judged = judgePasswordRow(2, { email: 'a@example.test', hash: 'x', email_confirmed: said });
  expect(judged.ok && judged.row.confirmedEmail).toMatchObject({ key: 'a@example.test' });
});

test.each(['', 'no', 'нет', '0', 'maybe'])('«%s» does not', (said) => {
  const judged = judgePasswordRow(2, { email: 'a@example.test', hash: 'x', email_confirmed: said });
  expect(judged.ok && judged.row.confirmedEmail).toBeUndefined();
});

test('a number is never an account of its own', () => {
  const cells = { ticket_number: '9900000000000011', hash: 'x', email_confirmed: 'yes' };
  const judged = judgePasswordRow(2, cells);
  expect(judged.ok && judged.row.confirmedEmail).toBeUndefined();
});

test.each([
  [{ hash: 'x' }, 'email and ticket_number are empty'],
  [{ email: 'a@@example.test', hash: 'x' }, 'email is not an e-mail address'],
  [{ ticket_number: '99', hash: 'x' }, 'ticket_number must have 16 digits'],
])('%j', (cells, reason) => {
  expect(judgePasswordRow(2, cells)).toEqual({ ok: false, reason });
});

test('scheme and salt are handed on, the scheme in small letters', () => {
  const judged = judgePasswordRow(2, { email: 'a@example.test', hash: 'x', scheme: 'MD5-SP', salt: 'Соль' });
  expect(judged.ok && judged.row.offered).toEqual({ hash: 'x', as: 'md5-sp', salt: 'Соль' });
});
