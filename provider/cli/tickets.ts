/** `union-id tickets`: numbers of the central office for the register kept by ourselves. */
import type { Command } from 'commander';
import { parseTicketNumber } from '../data-rules/ticket-number.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { withStores } from './stores.ts';
import { layOut } from './table.ts';
import { addTicketPrice } from './ticket-price.ts';

const HELP = `
Numbers are taken from the ranges in the order in which they were added, each once; those that somebody has already are
passed over. «union-id doctor» warns when fewer than 100 are left.`;

export function addTickets(program: Command, line: CommandLine): void {
  const tickets = program.command('tickets').description('tickets, where the register is kept by ourselves');
  addTicketPrice(tickets, line);
  const range = tickets.command('range').description('ranges of ticket numbers given by the central office');
  range
    .command('list')
    .description('the ranges, and how many numbers of each are left')
    .action(() => {
      refuseElsewhere(line);
      return withStores(line, async ({ ranges }) => {
        const all = await ranges.all();
        if (all.length === 0) return line.note('There are no ranges.');
        const rows = all.map(({ first, last, free, addedAt }) => [
          ...[first, last, String(free)],
          addedAt.toISOString().slice(0, 10),
        ]);
        for (const row of layOut([['first', 'last', 'left', 'added'], ...rows])) line.print(row);
      });
    });
  range
    .command('add')
    .description('add a range')
    .requiredOption('--first <number>', 'its first number, 16 digits')
    .requiredOption('--last <number>', 'its last number')
    .addHelpText('after', HELP)
    .action((typed: { first: string; last: string }) => {
      refuseElsewhere(line);
      const first = numberOf('--first', typed.first);
      const last = numberOf('--last', typed.last);
      // Of equal length, so in the order of their digits.
      if (last < first) throw new Failure('--last must not be below --first.');
      return withStores(line, async ({ ranges, audit }) => {
        if (!(await ranges.add(first, last, 'operator'))) {
          throw new Failure(
            'Some of these numbers are in a range already. See «union-id tickets range list».',
          );
        }
        const count = String(BigInt(last) - BigInt(first) + 1n);
        await audit.append({
          event: 'ticket_range_added',
          outcome: 'success',
          actor: 'operator',
          detail: { numbers: count },
        });
        line.print(`${count} number(s) added`);
      });
    });
}

function numberOf(option: string, typed: string): string {
  const parsed = parseTicketNumber(typed);
  if (!parsed.ok) throw new Failure(`${option} must have 16 digits.`);
  return parsed.value;
}

function refuseElsewhere(line: CommandLine): void {
  if (line.config().registry.external) {
    throw new Failure('The register is kept at REGISTRY_URL: numbers of tickets are given there.');
  }
}
