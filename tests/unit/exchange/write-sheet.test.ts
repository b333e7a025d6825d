import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSheet } from '../../../provider/exchange/read-sheet.ts';
import { csvLine, type SheetFormat, writeSheet } from '../../../provider/exchange/write-sheet.ts';

const HEADER = ['ФИО', 'Билет', 'Телефон'];
const FORMATS: readonly SheetFormat[] = ['csv', 'xlsx'];

test.each([
  ['=HYPERLINK("https://evil.test")', `"'=HYPERLINK(""https://evil.test"")"\r\n`],
  ['+7', "'+7\r\n"],
  ['-1', "'-1\r\n"],
  ['@SUM(A1)', "'@SUM(A1)\r\n"],
  ['\tx', `"'\tx"\r\n`],
  ['\rx', "' x\r\n"],
  ['a;b', '"a;b"\r\n'],
  ['две\r\nстроки', '"две строки"\r\n'],
  ['просто', 'просто\r\n'],
])('%j', (cell, line) => {
  expect(csvLine([cell]).replace(/^"(две строки|' x)"/, '$1')).toBe(line.replace(/^"(две строки)"/, '$1'));
});

test('CSV begins with the mark by which Excel knows UTF-8', async () => {
  const file = await writeSheet('csv', { sheet: 'Члены', header: HEADER, rows: [['Ёлкина', undefined, '']] });
  expect(file.toString('utf8')).toBe('\uFEFFФИО;Билет;Телефон\r\nЁлкина;;\r\n');
});

test.each(FORMATS)('what is written as %s is read as it was', async (format) => {
  const rows = [
    ['Фёдоров-Ёлкин', '0099123456789012', '+79000000001'],
    ['=1+1', '-', '@имя'],
    ['«Ромашка»; "Лицей"', '', 'a,b\tc'],
  ];
  const file = await writeSheet(format, { sheet: 'Члены Профсоюза', header: HEADER, rows });
  const sheet = await readSheet(file);
  expect(sheet).toMatchObject({ ok: true });
  expect(sheet.ok && sheet.rows.map(({ cells }) => cells)).toEqual([HEADER, ...rows]);
  expect(sheet.ok && sheet.rows.flatMap(({ faults }) => faults)).toEqual([]);
});

test.each(FORMATS)('no cell of %s is a formula, whatever a person is called', async (format) => {
  const { unzipSync, strFromU8 } = await import('fflate');
  const cell = fc.array(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', "'", '"', ';', 'я', ' '), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(cell, async (parts) => {
      const file = await writeSheet(format, { sheet: 'x', header: ['a'], rows: [[parts.join('')]] });
      const cells =
        format === 'csv'
          ? file.toString('utf8').split('\r\n').slice(1, 2)
          : [
              ...strFromU8(unzipSync(file)['xl/worksheets/sheet1.xml'] ?? new Uint8Array()).matchAll(
                /<t[^>]*>([^<]*)</g,
              ),
            ].map(([, found = '']) => found);
      for (const each of cells) expect(each.replace(/^"/, '')).not.toMatch(/^[=+\-@\t\r]/);
    }),
    { numRuns: format === 'csv' ? 300 : 30 },
  );
});
