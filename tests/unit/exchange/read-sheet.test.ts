import { strToU8 } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readSheet } from '../../../provider/exchange/read-sheet.ts';
import type { SheetLimits } from '../../../provider/exchange/sheet.ts';
import { text, workbook } from './workbook.ts';

const WINDOWS_1251 = Buffer.from([0xd4, 0xc8, 0xce, 0x3b, 0xc3, 0xee, 0xf0, 0xee, 0xe4, 0x0d, 0x0a]);

async function rowsOf(content: string | Uint8Array, limits?: Partial<SheetLimits>) {
  const sheet = await readSheet(typeof content === 'string' ? Buffer.from(content) : content, limits);
  return sheet.ok ? sheet.rows : sheet.fault;
}

async function cellsOf(content: string | Uint8Array) {
  const rows = await rowsOf(content);
  return typeof rows === 'string' ? rows : rows.map(({ cells }) => cells);
}

describe('CSV', () => {
  test.each([
    ['UTF-8', 'ФИО;Город\r\n'],
    ['UTF-8 with its mark', '\uFEFFФИО,Город\n'],
    ['UTF-16 with its mark', Buffer.from('\uFEFFФИО\tГород\r\n', 'utf16le')],
    ['Windows-1251', WINDOWS_1251],
    ['line breaks of an old Mac', 'ФИО;Город\r'],
    ['quotes', '"ФИО";"Город"'],
  ])('%s', async (_, content) => {
    expect(await cellsOf(content)).toEqual([['ФИО', 'Город']]);
  });

  test('lines keep their numbers; a bad line is told and spoils no other', async () => {
    expect(await rowsOf('a;b\n\n1;"x\n;;\n"2;3";4\n')).toEqual([
      { line: 1, cells: ['a', 'b'], faults: [] },
      { line: 3, cells: [], faults: [{ fault: 'quote_not_closed' }] },
      { line: 5, cells: ['2;3', '4'], faults: [] },
    ]);
  });

  test('a number the spreadsheet has rounded is a fault, a disarmed cell is what it was', async () => {
    expect(await rowsOf("9,9E+15;'+79000000001;'слово\n")).toEqual([
      { line: 1, cells: ['', '+79000000001', "'слово"], faults: [{ column: 0, fault: 'digits_lost' }] },
    ]);
  });

  test.each<[string, string | Uint8Array, Partial<SheetLimits>]>([
    ['sheet_too_large', 'a\nb\nc', { rows: 2 }],
    ['sheet_too_large', 'a;b;c', { columns: 2 }],
    ['sheet_too_large', 'abcdef', { bytes: 5 }],
    ['sheet_empty', '\n;;\n', {}],
    ['sheet_empty', '', {}],
    ['sheet_unreadable', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0]), {}],
    ['sheet_encoding', Buffer.concat([Buffer.from('Имя\n'), Buffer.from([0xd0])]), {}],
  ])('%s', async (fault, content, limits) => {
    expect(await rowsOf(content, limits)).toBe(fault);
  });
});

describe('XLSX', () => {
  test('texts, dates, numbers, truths and gaps', async () => {
    const sheet = workbook(
      `<row r="1">${text('A1', ' Фамилия ')}${text('C1', 'Дата')}</row>` +
        `<row r="3"><c r="A3"><v>42</v></c><c r="B3"><v>0.30000000000000004</v></c>` +
        `<c r="C3" s="1"><v>32875</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" s="1"><v>32875.5</v></c></row>`,
    );
    expect(await rowsOf(sheet)).toEqual([
      { line: 1, cells: ['Фамилия', '', 'Дата', '', ''], faults: [] },
      { line: 3, cells: ['42', '0.3', '02.01.1990', 'TRUE', '02.01.1990 12:00'], faults: [] },
    ]);
  });

  test('a ticket number keeps its sixteen digits as text; as a number it is a fault of its line', async () => {
    const sheet = workbook(
      `<row r="1">${text('A1', '0099123456789012')}</row>` +
        `<row r="2"><c r="A2" s="2" t="str"><v>9900000000000011</v></c></row>` +
        `<row r="3"><c r="A3"><v>9900000000000010</v></c></row>` +
        `<row r="4"><c r="A4"><v>9.9000000000000112E15</v></c></row>` +
        `<row r="5"><c r="A5"><v>79000000001</v></c></row>`,
    );
    const lost = [{ column: 0, fault: 'digits_lost' }];
    expect(await rowsOf(sheet)).toEqual([
      { line: 1, cells: ['0099123456789012'], faults: [] },
      { line: 2, cells: ['9900000000000011'], faults: [] },
      { line: 3, cells: [''], faults: lost },
      { line: 4, cells: [''], faults: lost },
      { line: 5, cells: ['79000000001'], faults: [] },
    ]);
  });

  test('formulas and errors are faults, whatever they last came to', async () => {
    const sheet = workbook(
      `<row r="1"><c r="A1" t="str"><f>CONCATENATE("a","b")</f><v>ab</v></c><c r="B1"><f t="shared" si="0"/><v>5</v></c>` +
        `<c r="C1" t="e"><v>#N/A</v></c><c r="D1" s="1"/>${text('E1', 'цел')}</row>`,
    );
    expect(await rowsOf(sheet)).toEqual([
      {
        line: 1,
        cells: ['', '', '', '', 'цел'],
        faults: [
          { column: 0, fault: 'formula' },
          { column: 1, fault: 'formula' },
          { column: 2, fault: 'error_value' },
        ],
      },
    ]);
  });

  test.each<[string, string, Uint8Array, Partial<SheetLimits>]>([
    ['sheet_unreadable', 'an archive that is no workbook', strToU8('PK\x03\x04nothing'), {}],
    ['sheet_unreadable', 'XML that is none', workbook('<row r="1"><c r="A1"><v>'), {}],
    ['sheet_empty', 'an empty sheet', workbook(''), {}],
    ['sheet_too_large', 'rows', workbook('<row r="3"><c r="A3"><v>1</v></c></row>'), { rows: 2 }],
    ['sheet_too_large', 'columns', workbook('<row r="1"><c r="D1"><v>1</v></c></row>'), { columns: 3 }],
  ])('%s: %s', async (fault, _, sheet, limits) => {
    expect(await rowsOf(sheet, limits)).toBe(fault);
  });

  test('a bomb is seen before it is unpacked', async () => {
    const bomb = workbook('', { 'xl/sharedStrings.xml': Buffer.alloc(80 * 1024 * 1024, 0x61) });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const since = performance.now();
    expect(await rowsOf(bomb)).toBe('sheet_too_large');
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  test('a row far below costs no more than the time or the memory that is given', async () => {
    const far = workbook('<row r="900000000000"><c r="A1048576"><v>1</v></c></row>');
    expect(await rowsOf(far, { milliseconds: 300 })).toBe('sheet_too_large');
  });
});

test('a crowd of files waits in a short line; the process goes on, and so does whoever comes later', async () => {
  // Each costs as much as its size allows: a quotation mark that never closes on every line.
  const costly = Buffer.from(`a,b\n${`"${'x'.repeat(200)}\n`.repeat(330)}`);
  let turns = 0;
  const beat = setInterval(() => {
    turns += 1;
  }, 5);
  const sheets = await Promise.all(Array.from({ length: 12 }, () => readSheet(costly)));
  clearInterval(beat);
  expect(turns).toBeGreaterThan(10);
  expect(sheets.filter((sheet) => sheet.ok)).toHaveLength(10);
  expect(sheets.filter((sheet) => !sheet.ok)).toEqual(Array(2).fill({ ok: false, fault: 'sheet_busy' }));
  expect(await readSheet(costly)).toMatchObject({ ok: true });
});
