import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTable, type TableRow } from '../../../provider/cli/import/read-table.ts';

const COLUMNS = { required: ['id', 'name'], optional: ['town'] };
const UNCLOSED = 'a quotation mark opens and never closes';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'union-id-table-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function rowsOf(content: string | Buffer): Promise<TableRow[]> {
  const file = join(folder, 'table.csv');
  await writeFile(file, content);
  return Array.fromAsync(readTable(file, COLUMNS, () => {}));
}

const row = (line: number, id: string, name: string, town = '') => ({ line, cells: { id, name, town } });

test.each([
  ['commas', 'id,name,town\n1,Аня,Пермь\n'],
  ['semicolons, a BOM and CRLF', '\uFEFFid;name;town\r\n1;Аня;Пермь\r\n'],
  ['tabs and no line break at the end', 'id\tname\ttown\n1\tАня\tПермь'],
  ['another order, more columns, capitals and quotes', '"Town";extra;NAME;Id\nПермь;x;Аня;1\n'],
])('%s', async (_, content) => {
  expect(await rowsOf(content)).toEqual([row(2, '1', 'Аня', 'Пермь')]);
});

test('Windows-1251, however the pieces of the file fall', async () => {
  const windows = Buffer.from([0xc0, 0xed, 0xff]);
  for (const before of [64 * 1024 - 1, 64 * 1024 - 2, 10]) {
    const start = `id,name\n1,${'x'.repeat(50)}\n`.padEnd(before - 2, '\n');
    const rows = await rowsOf(Buffer.concat([Buffer.from(`${start}2,`), windows]));
    expect(rows.at(-1)).toMatchObject({ cells: { id: '2', name: 'Аня' } });
  }
});

test('quoted cells hold delimiters and doubled quotes; an absent optional column is empty', async () => {
  expect(await rowsOf('id,name\n1," ООО ""Ромашка"", Пермь "\n')).toEqual([
    row(2, '1', ' ООО "Ромашка", Пермь '),
  ]);
});

test('lines keep their numbers past empty ones', async () => {
  expect(await rowsOf('id,name,town\n\n1,a,\n  \n,,\n2,b,\n')).toEqual([row(3, '1', 'a'), row(6, '2', 'b')]);
});

test('a bad line spoils no other', async () => {
  expect(await rowsOf('id,name\n1,"a\n2,b\n3,"c"d"\n4\n5,e,f,g\n6,h\n')).toEqual([
    { line: 2, fault: UNCLOSED },
    row(3, '2', 'b'),
    {
      line: 4,
      fault: 'a cell with a quotation mark inside must be quoted whole, and the inner marks doubled',
    },
    { line: 5, fault: 'has 1 cells where the header has 2' },
    { line: 6, fault: 'has 4 cells where the header has 2' },
    row(7, '6', 'h'),
  ]);
});

test('whatever stands in it, a line is one row or none, and its neighbours are whole', async () => {
  const line = fc
    .array(fc.constantFrom('a', '"', ',', ';', ' ', '\t', 'я', '\\', '\r'), { maxLength: 12 })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(line, async (odd) => {
      const rows = await rowsOf(`id,name\n1,before\n${odd}\n3,after\n`);
      expect(rows.at(0)).toEqual(row(2, '1', 'before'));
      expect(rows.at(-1)).toEqual(row(4, '3', 'after'));
      expect(rows.length).toBeLessThanOrEqual(3);
    }),
    { numRuns: 300 },
  );
});

test('a line longer than any row is a fault, however long', async () => {
  const rows = await rowsOf(`id,name\n1,${'x'.repeat(300_000)}\n2,b\n`);
  expect(rows).toEqual([{ line: 2, fault: 'is too long for a row' }, row(3, '2', 'b')]);
});

test.each([
  ['', 'the first line must name the columns'],
  ['id;town\n1;2\n', 'lacks the column(s) name'],
  ['id,name,id\n', 'has the column id twice'],
  // In UTF-8 first, then in Windows-1251.
  [
    Buffer.concat([Buffer.from('id,name\n1,Ёлкина Анна\n2,'), Buffer.from([0xc0, 0xed, 0xff])]),
    'is neither UTF-8 nor Windows-1251',
  ],
])('an unusable file is refused as a whole (%#)', async (content, message) => {
  await expect(rowsOf(content)).rejects.toThrow(message);
});
