/** What the reader of workbooks does not tell: which cells are formulas or errors, and what a number has lost. */
import type { CellFault } from './sheet.ts';

export type CellText = string | { readonly fault: CellFault };

/** Of a private area: nobody types it. */
const MARK = '\uE000';
const FAULT_OF_MARK: ReadonlyMap<string, CellFault> = new Map([
  [`${MARK}f`, 'formula'],
  [`${MARK}e`, 'error_value'],
]);
/** A spreadsheet keeps fifteen; the sixteenth becomes a zero. */
const DIGITS_KEPT = 15;
const NUMBER = /^-?(?<whole>[0-9]{1,400})(?:\.[0-9]{1,400})?(?:E[+-]?[0-9]{1,3})?$/i;
const CELL_TAG = /<(?:[A-Za-z0-9]{1,20}:)?c(?=[\s/>])/g;
const FORMULA_TAG = /<(?:[A-Za-z0-9]{1,20}:)?f[\s/>]/;
const END_OF_CELL = /<\/(?:[A-Za-z0-9]{1,20}:)?c>/g;
const ADDRESS = /\sr="([A-Z]{1,3}[0-9]{1,7})"/;

/** The XML of a sheet with a mark in place of each cell that is a formula or an error. Linear in its length. */
export function markCells(xml: string): string {
  const parts: string[] = [];
  let kept = 0;
  CELL_TAG.lastIndex = 0;
  for (let cell = CELL_TAG.exec(xml); cell; cell = CELL_TAG.exec(xml)) {
    const tagEnd = xml.indexOf('>', cell.index);
    if (tagEnd < 0) break;
    CELL_TAG.lastIndex = tagEnd;
    if (xml[tagEnd - 1] === '/') continue;
    END_OF_CELL.lastIndex = tagEnd;
    const end = END_OF_CELL.exec(xml);
    if (!end) break;
    CELL_TAG.lastIndex = END_OF_CELL.lastIndex;
    const attributes = xml.slice(cell.index, tagEnd);
    const mark = markOf(attributes, xml.slice(tagEnd + 1, end.index));
    if (mark === undefined) continue;
    const address = ADDRESS.exec(attributes)?.[0] ?? '';
    parts.push(xml.slice(kept, cell.index), cell[0], address, ' t="inlineStr">');
    parts.push(`<is><t>${mark}</t></is>`, end[0]);
    kept = END_OF_CELL.lastIndex;
  }
  return parts.length === 0 ? xml : [...parts, xml.slice(kept)].join('');
}

function markOf(attributes: string, content: string): string | undefined {
  if (FORMULA_TAG.test(content)) return `${MARK}f`;
  return /\st="e"/.test(attributes) ? `${MARK}e` : undefined;
}

export const faultOfMark = (text: string): CellFault | undefined => FAULT_OF_MARK.get(text);

/** A number as a person would write it. */
export function numberText(digits: string): CellText {
  const whole = NUMBER.exec(digits)?.groups?.whole;
  const value = Number(digits);
  if (whole === undefined || !Number.isFinite(value)) return { fault: 'error_value' };
  if (whole.length > DIGITS_KEPT || Math.abs(value) >= 10 ** DIGITS_KEPT) return { fault: 'digits_lost' };
  // 0.1 + 0.2 stands in the file as 0.30000000000000004.
  return String(Number(value.toPrecision(DIGITS_KEPT)));
}

/** дд.мм.гггг, with the time when there is one. */
export function dateText(date: Date): CellText {
  if (Number.isNaN(date.getTime())) return { fault: 'error_value' };
  const [day = '', time = ''] = date.toISOString().split('T');
  const text = day.split('-').toReversed().join('.');
  return time.startsWith('00:00:00') ? text : `${text} ${time.slice(0, 5)}`;
}
