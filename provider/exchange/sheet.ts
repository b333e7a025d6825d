/** A spreadsheet as rows of text, whatever kind of file it came from. */
import type { CsvFault } from './csv-lines.ts';

/** What is wrong with one cell, so that its text cannot be believed. */
export type CellFault =
  /** A formula: what it last came to may be anything. */
  | 'formula'
  /** #N/A and the like. */
  | 'error_value'
  /** A number of more digits than a spreadsheet keeps: the column must be text. */
  | 'digits_lost';

export type SheetRow = {
  /** Counts from 1, as the spreadsheet shows it. */
  readonly line: number;
  /** Dates as дд.мм.гггг, numbers in digits. A cell with a fault is empty. */
  readonly cells: readonly string[];
  /** `column` counts from 0; the fault of a whole line has none. */
  readonly faults: readonly { readonly column?: number; readonly fault: CellFault | CsvFault }[];
};

export type SheetFault =
  /** Neither CSV nor XLSX. */
  | 'sheet_unreadable'
  | 'sheet_encoding'
  | 'sheet_empty'
  /** More rows, columns or bytes than are read at once. */
  | 'sheet_too_large'
  /** Too many others are being read. */
  | 'sheet_busy';

/** Rows without any cell filled are left out. */
export type Sheet =
  | { readonly ok: true; readonly rows: readonly SheetRow[] }
  | { readonly ok: false; readonly fault: SheetFault };

export type SheetLimits = {
  /** Of the file, and of what is packed in it. */
  readonly bytes: number;
  readonly unpackedBytes: number;
  readonly rows: number;
  readonly columns: number;
  readonly milliseconds: number;
};

export const SHEET_LIMITS: SheetLimits = {
  bytes: 5 * 1024 * 1024,
  unpackedBytes: 64 * 1024 * 1024,
  rows: 20_000,
  columns: 100,
  milliseconds: 15_000,
};
