/** Cells that a spreadsheet would take for a formula, disarmed on the way out and as they were on the way in (security.md #118). */

const FORMULA = /^[=+\-@\t\r]/;
const DISARMED = /^'(?=[=+\-@\t\r])/;
/** A row is a line, for whoever reads it line by line. */
const BREAKS = /[\r\n\u2028\u2029]+/g;

export function neutralCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return harmless.replace(BREAKS, ' ');
}

export function plainCell(cell: string): string {
  return cell.replace(DISARMED, '');
}
