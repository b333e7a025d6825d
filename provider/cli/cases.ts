/** `union-id cases`: which reconciliation cases there are. Kinds, states and times; nobody's data. */
import type { Command } from 'commander';
import type { Case } from '../../adapters/case-store/case-store.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { type CommandStores, withStores } from './stores.ts';
import { layOut } from './table.ts';

const LISTED = 200;
const HELP = `
Without --school the cases of the Union's side. Unsettled ones come first, then the latest; ${LISTED} at a time, the
next with --before NUMBER of the last one. What the two records say is shown at the desk alone (/cases).`;

type Options = { readonly school?: string; readonly before?: string };

export function addCases(program: Command, line: CommandLine): void {
  const cases = program.command('cases').description('cases in which a person’s data differ between systems');
  cases
    .command('list')
    .description('the cases of one side')
    .option('--school <id>', 'those of this school')
    .option('--before <number>', 'those that come after it in the list')
    .addHelpText('after', HELP)
    .action((options: Options) => withStores(line, (stores) => list(stores, line, options)));
  cases
    .command('show <number>')
    .description('one case')
    .action((number: string) => withStores(line, (stores) => show(stores, line, number)));
}

async function list({ cases }: CommandStores, line: CommandLine, { school, before }: Options): Promise<void> {
  const side =
    school === undefined ? ({ side: 'union' } as const) : { side: 'school' as const, schoolId: school };
  const found = await cases.list(side, { limit: LISTED, ...(before !== undefined && { before }) });
  if (found.length === 0) return line.note('There are no cases.');
  const rows = found.map((one) => [
    one.number,
    one.state,
    timeOf(one.openedAt),
    one.upstream,
    one.kinds.join(', '),
  ]);
  for (const row of layOut([['number', 'state', 'opened (UTC)', 'upstream', 'kinds'], ...rows]))
    line.print(row);
}

async function show({ cases }: CommandStores, line: CommandLine, number: string): Promise<void> {
  const found = await cases.find(number);
  if (!found) throw new Failure(`There is no case ${number}.`);
  for (const row of layOut(factsOf(found))) line.print(row);
}

function factsOf(found: Case): readonly (readonly string[])[] {
  const { number, side, schoolId, state, upstream, clientId, kinds } = found;
  const times = { opened: found.openedAt, changed: found.changedAt, effective: found.effectiveAt };
  return [
    ['number', number],
    ['side', side],
    ...(schoolId === undefined ? [] : [['school', schoolId]]),
    ['state', state],
    ['kinds', kinds.join(', ')],
    ['upstream', upstream],
    ['client', clientId],
    ...Object.entries(times).flatMap(([name, at]) => (at ? [[`${name} (UTC)`, timeOf(at)]] : [])),
  ];
}

function timeOf(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
