/**
 * A CSV file as a stream of rows with named cells, separated by commas, semicolons or tabs. A row is a line: a quotation
 * mark that never closes spoils its own line and no other. Knows columns by name only.
 */
import { type CsvError, parse } from 'csv-parse/sync';
import { Failure } from '../command-line.ts';
import { type Line, LONGEST_LINE, readLines } from './read-lines.ts';

const DELIMITERS = [',', ';', '\t'];

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
  // Column names hold no punctuation, so whatever stands between them most often is the delimiter.
  const count = (delimiter: string): number => text.split(delimiter).length;
  const delimiter = DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
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
  const records = recordsOf(lines, header.delimiter);
  for (const [at, { line, text }] of lines.entries()) {
    const record = records?.[at] ?? recordOf(text, header.delimiter);
    if (typeof record === 'string') yield { line, fault: record };
    else if (record.every((cell) => cell === '')) continue;
    else if (record.length !== header.names.length) {
      yield { line, fault: `has ${record.length} cells where the header has ${header.names.length}` };
    } else yield { line, cells: named(header.names, record, columns) };
  }
}

/** All lines at once, which is fast; undefined when they must be looked at one by one. */
function recordsOf(lines: readonly Line[], delimiter: string): readonly string[][] | undefined {
  if (lines.some(({ text }) => text.length > LONGEST_LINE)) return undefined;
  try {
    const records = parseCsv(lines.map(({ text }) => text).join('\n'), delimiter);
    // Fewer: some cell had gone on over the end of its line.
    return records.length === lines.length ? records : undefined;
  } catch {
    return undefined;
  }
}

/** Its cells, or what is wrong with the line. */
function recordOf(text: string, delimiter: string): readonly string[] | string {
  if (text.length > LONGEST_LINE) return 'is too long for a row';
  try {
    return parseCsv(text, delimiter)[0] ?? [];
  } catch (error) {
    return (error as CsvError).code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quotation mark opens and never closes'
      : 'a cell with a quotation mark inside must be quoted whole, and the inner marks doubled';
  }
}

function parseCsv(text: string, delimiter: string): string[][] {
  return parse(text, {
    delimiter,
    trim: true,
    relax_column_count: true,
    record_delimiter: '\n',
    max_record_size: LONGEST_LINE,
  });
}

function named(names: readonly string[], record: readonly string[], { required, optional }: Columns): Cells {
  return Object.fromEntries(
    [...required, ...optional].map((name) => [name, record[names.indexOf(name)] ?? '']),
  );
}
