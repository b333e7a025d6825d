/** Rows of text as a file that a spreadsheet opens: CSV as Russian Excel reads it, or XLSX whose every cell is text. */
import writeXlsx, { type Cell } from 'write-excel-file/universal';
import { neutralCell } from './neutral-cell.ts';

/** Excel takes a file for UTF-8 by its mark. */
const BYTE_ORDER_MARK = '\uFEFF';
/** A little wider than what stands in it, within reason. */
const WIDTHS = { least: 8, most: 60, more: 2 };

export type SheetFormat = 'csv' | 'xlsx';
export type Cells = readonly (string | undefined)[];

export const SHEET_TYPES: Readonly<Record<SheetFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** `header` names the columns; `sheet` is the name of the workbook's only page. */
export async function writeSheet(
  format: SheetFormat,
  { sheet, header, rows }: { sheet: string; header: Cells; rows: readonly Cells[] },
): Promise<Buffer> {
  if (format === 'csv') return Buffer.from(CSV_BEGIN + [header, ...rows].map(csvLine).join(''), 'utf8');
  const text = (cell: string | undefined): string => neutralCell(cell ?? '');
  const width = (column: number): number =>
    Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)) + WIDTHS.more;
  const blob = await writeXlsx(
    [
      header.map((cell): Cell => ({ value: text(cell), type: String, fontWeight: 'bold' })),
      ...rows.map((row) => row.map((cell): Cell => textCell(text(cell)))),
    ],
    {
      sheet,
      stickyRowsCount: 1,
      columns: header.map((_, column) => ({
        width: Math.min(Math.max(width(column), WIDTHS.least), WIDTHS.most),
      })),
    },
  ).toBlob();
  return Buffer.from(await blob.arrayBuffer());
}

/** «@» is the format of text: what is typed into such a cell later stays as it was typed. */
function textCell(value: string): Cell {
  return value === '' ? null : { value, type: String, format: '@' };
}

/** What a CSV file written line by line begins with. */
export const CSV_BEGIN = BYTE_ORDER_MARK;

/** RFC 4180 with semicolons: the list separator of a Russian Windows. */
export function csvLine(cells: Cells): string {
  return `${cells.map((cell) => quoted(neutralCell(cell ?? ''))).join(';')}\r\n`;
}

/** Blanks at its ends stay, and so does whatever else a reader might trim or split at. */
function quoted(text: string): string {
  return /^[^";,\t\s](?:[^";,\t]*[^";,\t\s])?$/.test(text) || text === ''
    ? text
    : `"${text.replaceAll('"', '""')}"`;
}
