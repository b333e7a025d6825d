/** A CSV file of whatever encoding and delimiter as rows of text. Busy for as long as the file is long. */
import { csvRecords, delimiterOf, type Line } from './csv-lines.ts';
import { decodeText, UnknownEncoding } from './decode-text.ts';
import { plainCell } from './neutral-cell.ts';
import type { CellFault, Sheet, SheetLimits, SheetRow } from './sheet.ts';

/** «9,9E+15», as a spreadsheet writes a long number into CSV. */
const ROUNDED_NUMBER = /^[0-9](?:[.,][0-9]+)?E\+[0-9]+$/i;

export async function readCsv(bytes: Uint8Array, { rows: most, columns }: SheetLimits): Promise<Sheet> {
  let text: string;
  try {
    text = (await Array.fromAsync(decodeText([bytes]))).join('');
  } catch (error) {
    if (error instanceof UnknownEncoding) return { ok: false, fault: 'sheet_encoding' };
    throw error;
  }
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((each, at): Line => ({ line: at + 1, text: each }))
    .filter((each) => each.text.trim() !== '');
  if (lines.length > most) return { ok: false, fault: 'sheet_too_large' };
  const records = csvRecords(lines, delimiterOf(lines[0]?.text ?? ''));
  const rows = lines.flatMap(({ line }, at): SheetRow[] => {
    const record = records[at] ?? [];
    if (typeof record === 'string') return [{ line, cells: [], faults: [{ fault: record }] }];
    if (record.every((cell) => cell === '')) return [];
    return [{ line, cells: record.map(textOf), faults: record.flatMap(faultsOf) }];
  });
  if (rows.some(({ cells }) => cells.length > columns)) return { ok: false, fault: 'sheet_too_large' };
  return rows.length === 0 ? { ok: false, fault: 'sheet_empty' } : { ok: true, rows };
}

const textOf = (cell: string): string => (ROUNDED_NUMBER.test(cell) ? '' : plainCell(cell));

function faultsOf(cell: string, column: number): { column: number; fault: CellFault }[] {
  return ROUNDED_NUMBER.test(cell) ? [{ column, fault: 'digits_lost' }] : [];
}
