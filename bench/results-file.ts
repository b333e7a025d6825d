/** Results of several benches in one file, each under a heading of its own: a new run takes the place of its last one. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** `section` begins with its heading, «# …». */
export function putSection(file: string, section: string): void {
  writeFileSync(file, withSection(existsSync(file) ? readFileSync(file, 'utf8') : '', section));
}

export function withSection(text: string, section: string): string {
  const headingOf = (part: string): string => part.slice(0, part.indexOf('\n'));
  const parts = text.split(/^(?=# )/m).filter((part) => part.trim() !== '');
  const at = parts.findIndex((part) => headingOf(part) === headingOf(section));
  const fresh = at === -1 ? [...parts, section] : parts.with(at, section);
  return `${fresh.map((part) => part.trim()).join('\n\n')}\n`;
}
