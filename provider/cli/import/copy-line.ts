/** Rows in PostgreSQL's COPY text format. */

export type CopyValue = string | number | Buffer | readonly string[] | undefined;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Undefined becomes NULL; a Buffer becomes bytea, a list text[]. No line break at the end. */
export function copyLine(values: readonly CopyValue[]): string {
  return values.map(cell).join('\t');
}

function cell(value: CopyValue): string {
  if (value === undefined) return '\\N';
  return textOf(value).replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character);
}

function textOf(value: Exclude<CopyValue, undefined>): string {
  if (typeof value !== 'object') return String(value);
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return `{${value.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
