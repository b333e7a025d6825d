/**
 * A file that somebody filled in a spreadsheet, CSV or XLSX, as rows of text with the numbers of their lines. What it
 * is tells its first bytes; its name is not asked. Bounded in size, memory and time.
 */
import { readInThread } from './in-thread.ts';
import { readCsv } from './read-csv.ts';
import { SHEET_LIMITS, type Sheet, type SheetLimits } from './sheet.ts';

/** Read sooner than a thread begins. */
const SHORT = 4 * 1024;

export async function readSheet(bytes: Uint8Array, limits: Partial<SheetLimits> = {}): Promise<Sheet> {
  const bounds = { ...SHEET_LIMITS, ...limits };
  if (bytes.length > bounds.bytes) return { ok: false, fault: 'sheet_too_large' };
  if (isZip(bytes)) return readInThread('xlsx', bytes, bounds);
  if (bytes.includes(0) && !hasUtf16Mark(bytes)) return { ok: false, fault: 'sheet_unreadable' };
  return bytes.length > SHORT ? readInThread('csv', bytes, bounds) : readCsv(bytes, bounds);
}

const isZip = ([first, second]: Uint8Array): boolean => first === 0x50 && second === 0x4b;
const hasUtf16Mark = ([first, second]: Uint8Array): boolean => first === 0xff && second === 0xfe;
