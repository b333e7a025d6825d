/**
 * Lines of a CSV file as cells, whatever separates them. A row is a line: a quotation mark that never closes spoils its
 * own line and no other. Knows nothing of columns.
 */
import { type CsvError, parse } from 'csv-parse/sync';

/** A file without line breaks would otherwise become one line. */
export const LONGEST_LINE = 64 * 1024;

export type Line = { readonly line: number; readonly text: string };
export type CsvFault = 'line_too_long' | 'quote_not_closed' | 'quote_inside';
/** Its cells, or what is wrong with the line. */
export type CsvRecord = readonly string[] | CsvFault;

const DELIMITERS = [',', ';', '\t'];

/** Column names hold no punctuation, so whatever stands between them most often is the delimiter. */
export function delimiterOf(header: string): string {
  const count = (delimiter: string): number => header.split(delimiter).length;
  return DELIMITERS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** One record for each of the lines, in their order. */
export function csvRecords(lines: readonly Line[], delimiter: string): readonly CsvRecord[] {
  return allAtOnce(lines, delimiter) ?? lines.map(({ text }) => recordOf(text, delimiter));
}

/** Which is fast; undefined when they must be looked at one by one. */
function allAtOnce(lines: readonly Line[], delimiter: string): readonly string[][] | undefined {
  if (lines.some(({ text }) => text.length > LONGEST_LINE)) return undefined;
  try {
    const records = parseCsv(lines.map(({ text }) => text).join('\n'), delimiter);
    // Fewer: some cell had gone on over the end of its line.
    return records.length === lines.length ? records : undefined;
  } catch {
    return undefined;
  }
}

function recordOf(text: string, delimiter: string): CsvRecord {
  if (text.length > LONGEST_LINE) return 'line_too_long';
  try {
    return parseCsv(text, delimiter)[0] ?? [];
  } catch (error) {
    return (error as CsvError).code === 'CSV_QUOTE_NOT_CLOSED' ? 'quote_not_closed' : 'quote_inside';
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
