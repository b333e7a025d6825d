/** Rows in PostgreSQL's COPY text format. */

export type CopyValue = string | number | Buffer | undefined;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Undefined becomes NULL; a Buffer becomes bytea. No line break at the end. */
export function copyLine(values: readonly CopyValue[]): string {
  return values.map(cell).join('\t');
}

function cell(value: CopyValue): string {
  if (value === undefined) return '\\N';
  const text = Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : String(value);
  return text.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character] ?? character);
}
