/** The page of all environment variables, made from the schema that reads them: `node docs/operators/write-variables.ts`. */
import { writeFileSync } from 'node:fs';
import { describeVariables } from '../../provider/variables.ts';

const PAGE = new URL('variables.md', import.meta.url);
/** Its default is a property of the machine. */
const DEFAULT_OF_MACHINE: Readonly<Record<string, string>> = { HASHES_AT_ONCE: 'number of cores' };

export function variablesPage(): string {
  const rows = describeVariables().map(({ name, description, example }) => [
    `\`${name}\``,
    DEFAULT_OF_MACHINE[name] ?? (example ? `\`${example}\`` : ''),
    description.replaceAll('|', '\\|'),
  ]);
  return [
    '# Environment variables',
    '',
    'Made by `node docs/operators/write-variables.ts`. Instead of any `NAME` a `NAME_FILE` may name a file with the value.',
    'An empty variable counts as absent. All faults are told at once at start; the process then ends with 78.',
    '',
    ...table(['name', 'default', 'what it is'], rows),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

if (import.meta.main) writeFileSync(PAGE, variablesPage());
