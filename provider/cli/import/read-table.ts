/** A CSV file as a stream of rows with named cells. Knows columns by name only. */
import { type CsvFault, csvRecords, delimiterOf, type Line } from '../../exchange/csv-lines.ts';
import { Failure } from '../command-line.ts';
import { readLines } from './read-lines.ts';

const CSV_WORDS: Readonly<Record<CsvFault, string>> = {
  line_too_long: 'is too long for a row',
  quote_not_closed: 'a quotation mark opens and never closes',
  quote_inside: 'a cell with a quotation mark inside must be quoted whole, and the inner marks doubled',
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

function readHeader(file: string, text: string, { required }: Columns): Header {
  const delimiter = delimiterOf(text);
  const names = text.split(delimiter).map((name) =>
    name
      .replace(/^\s*"|"\s*$/g, '')
      .trim()
      .toLowerCase(),
  );
  const missing = required.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Failure(`${file} lacks the column(s) ${missing.join(', ')}.`);
  const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
  if (twice !== undefined) throw new Failure(`${file} has the column ${twice} twice.`);
  return { delimiter, names };
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
    } else yield { line, cells: named(header.names, record, columns) };
  }
}

function named(names: readonly string[], record: readonly string[], { required, optional }: Columns): Cells {
  return Object.fromEntries(
    [...required, ...optional].map((name) => [name, record[names.indexOf(name)] ?? '']),
  );
}
