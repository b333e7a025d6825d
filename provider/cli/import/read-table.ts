/** A CSV or XLSX file as a stream of rows with named cells. Knows columns by name only. */
import { readFile } from 'node:fs/promises';
import { type CsvFault, csvRecords, delimiterOf, type Line } from '../../exchange/csv-lines.ts';
import { plainCell } from '../../exchange/neutral-cell.ts';
import { readSheet } from '../../exchange/read-sheet.ts';
import type { SheetFault, SheetLimits, SheetRow } from '../../exchange/sheet.ts';
import { Failure } from '../command-line.ts';
import { readLines } from './read-lines.ts';

const CSV_WORDS: Readonly<Record<CsvFault, string>> = {
  line_too_long: 'is too long for a row',
  quote_not_closed: 'a quotation mark opens and never closes',
  quote_inside: 'a cell with a quotation mark inside must be quoted whole, and the inner marks doubled',
};

const CELL_WORDS: Readonly<Record<SheetRow['faults'][number]['fault'], string>> = {
  ...CSV_WORDS,
  formula: 'is a formula; put its value in its place',
  error_value: 'is an error of the spreadsheet',
  digits_lost: 'is a number of more than 15 digits, of which a spreadsheet loses some: make the column text',
};

/** An operator's own file, on her own machine: as much as a workbook of a region holds. */
const WORKBOOK_LIMITS: SheetLimits = {
  bytes: 64 * 1024 * 1024,
  unpackedBytes: 512 * 1024 * 1024,
  rows: 200_000,
  columns: 100,
  milliseconds: 300_000,
};
const WORKBOOK_WORDS: Readonly<Record<SheetFault, string>> = {
  sheet_unreadable: 'is no workbook',
  sheet_encoding: 'is no workbook',
  sheet_empty: 'is empty: the first line must name the columns',
  sheet_too_large: 'is too large for a workbook to be read: save it as «CSV UTF-8»',
  sheet_busy: 'is one of too many that are read at the same time',
};

export type Columns = { readonly required: readonly string[]; readonly optional: readonly string[] };
export type Cells = Readonly<Record<string, string>>;
/** `line` counts from 1. An absent optional column is an empty cell. */
export type TableRow = { readonly line: number } & ({ readonly cells: Cells } | { readonly fault: string });

/** Rows without any cell filled are left out. Throws Failure when the file cannot be read or lacks a column. */
export async function* readTable(
  file: string,
  columns: Columns,
  onBytes: (read: number) => void,
): AsyncGenerator<TableRow> {
  if (file.toLowerCase().endsWith('.xlsx')) return yield* readWorkbook(file, columns, onBytes);
  let header: Header | undefined;
  for await (const lines of readLines(file, onBytes)) {
    const [first, ...others] = lines;
    if (first === undefined) continue;
    const body = header === undefined ? others : lines;
    header ??= readHeader(file, first.text, columns);
    yield* readRows(body, header, columns);
  }
  if (header === undefined) throw new Failure(`${file} is empty: the first line must name the columns.`);
}

type Header = { readonly delimiter: string; readonly names: readonly string[] };

function readHeader(file: string, text: string, columns: Columns): Header {
  const delimiter = delimiterOf(text);
  const cells = text.split(delimiter).map((name) => name.replace(/^\s*"|"\s*$/g, ''));
  return { delimiter, names: namesIn(file, cells, columns) };
}

function namesIn(file: string, cells: readonly string[], { required }: Columns): readonly string[] {
  const names = cells.map((name) => name.trim().toLowerCase());
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Failure(`${file} lacks the column(s) ${missing.join(', ')}.`);
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
  if (twice !== undefined) throw new Failure(`${file} has the column ${twice} twice.`);
  return names;
}

function* readRows(lines: readonly Line[], header: Header, columns: Columns): Generator<TableRow> {
  if (lines.length === 0) return;
  const records = csvRecords(lines, header.delimiter);
  for (const [at, { line }] of lines.entries()) {
    const record = records[at] ?? [];
    if (typeof record === 'string') yield { line, fault: CSV_WORDS[record] };
    else if (record.every((cell) => cell === '')) continue;
    else if (record.length !== header.names.length) {
      yield { line, fault: `has ${record.length} cells where the header has ${header.names.length}` };
    } else yield { line, cells: named(header.names, record.map(plainCell), columns) };
  }
}

function named(names: readonly string[], record: readonly string[], { required, optional }: Columns): Cells {
  return Object.fromEntries(
    [...required, ...optional].map((name) => [name, record[names.indexOf(name)] ?? '']),
  );
}

async function* readWorkbook(
  file: string,
  columns: Columns,
  onBytes: (read: number) => void,
): AsyncGenerator<TableRow> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Failure(`${file} cannot be read (${error.code}).`);
  });
  const sheet = await readSheet(bytes, WORKBOOK_LIMITS);
  if (!sheet.ok) throw new Failure(`${file} ${WORKBOOK_WORDS[sheet.fault]}.`);
  onBytes(bytes.length);
  const [first, ...rows] = sheet.rows;
  const names = namesIn(file, first?.cells ?? [], columns);
  for (const { line, cells, faults } of rows) {
    const words = faults.map(
      ({ column, fault }) => `${names[column ?? -1] ?? 'the row'} ${CELL_WORDS[fault]}`,
    );
    yield words.length > 0
      ? { line, fault: words.join('; ') }
      : { line, cells: named(names, cells, columns) };
  }
}
