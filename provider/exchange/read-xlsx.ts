/** The first sheet of an XLSX workbook as rows of text. A file made to be costly is: for a thread of its own. */
import { type Unzipped, unzipSync, zipSync } from 'fflate';
import { readSheet } from 'read-excel-file/universal';
import { plainCell } from './neutral-cell.ts';
import type { Sheet, SheetLimits, SheetRow } from './sheet.ts';
import { type CellText, dateText, faultOfMark, markCells, numberText } from './xlsx-cells.ts';

/** A number as the file has it: with all its digits. */
type Digits = { readonly digits: string };
type Value = string | Digits | boolean | Date | null;

const SHEETS = /^xl\/worksheets\/[^/]+\.xml$/;

export async function readXlsx(bytes: Uint8Array, limits: SheetLimits): Promise<Sheet> {
  try {
    const files = unpack(bytes, limits);
    if (files === undefined) return { ok: false, fault: 'sheet_too_large' };
    const values = await valuesIn(files);
    if (values.length > limits.rows || values.some(({ length }) => length > limits.columns)) {
      return { ok: false, fault: 'sheet_too_large' };
    }
    const rows = values.map(rowOf).filter(({ cells, faults }) => faults.length > 0 || cells.some(Boolean));
    return rows.length === 0 ? { ok: false, fault: 'sheet_empty' } : { ok: true, rows };
  } catch {
    // Whatever is wrong with the archive, its XML or its cells: it is no workbook.
    return { ok: false, fault: 'sheet_unreadable' };
  }
}

/** Undefined for more than may be unpacked. An archive that lies about a size is cut off at what it told. */
function unpack(bytes: Uint8Array, { unpackedBytes }: SheetLimits): Unzipped | undefined {
  let total = 0;
  const files = unzipSync(bytes, {
    filter({ name, originalSize }) {
      if (!/\.xml(?:\.rels)?$/.test(name)) return false;
      total += originalSize;
      return total <= unpackedBytes;
    },
  });
  return total > unpackedBytes ? undefined : files;
}

async function valuesIn(files: Unzipped): Promise<Value[][]> {
  const marked = Object.entries(files).map(([name, content]): [string, Uint8Array] => [
    name,
    SHEETS.test(name) ? new TextEncoder().encode(markCells(new TextDecoder().decode(content))) : content,
  ]);
  const { buffer } = zipSync(Object.fromEntries(marked), { level: 0 });
  return (await readSheet<Digits>(buffer as ArrayBuffer, 1, {
    parseNumber: (digits) => ({ digits }),
    trim: true,
  })) as unknown as Value[][];
}

function rowOf(values: readonly Value[], at: number): SheetRow {
  const read = values.map(cellOf);
  return {
    line: at + 1,
    cells: read.map((cell) => (typeof cell === 'string' ? cell : '')),
    faults: read.flatMap((cell, column) => (typeof cell === 'string' ? [] : [{ column, ...cell }])),
  };
}

function cellOf(value: Value): CellText {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (value instanceof Date) return dateText(value);
  if (typeof value !== 'string') return numberText(value.digits);
  const fault = faultOfMark(value);
  return fault === undefined ? plainCell(value) : { fault };
}
