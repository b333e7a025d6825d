/** `union-id tickets price`: what one ticket costs, and from which day on (E-15, Q-34). */
import type { Command } from 'commander';
import { parseCalendarDate } from '../data-rules/calendar-date.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { withStores } from './stores.ts';
import { layOut } from './table.ts';

const HELP = `
DAY is дд.мм.гггг or yyyy-mm-dd, in Moscow; ROUBLES may have kopecks: 17 or 17.50. An order takes the price of the day on
which it is submitted and keeps it.`;

export function addTicketPrice(tickets: Command, line: CommandLine): void {
  const price = tickets.command('price').description('what one ticket costs');
  price
    .command('list')
    .description('the prices, and since when')
    .action(() =>
      withStores(line, async ({ ticketPrices }) => {
        const rows = (await ticketPrices.list()).map(({ validFrom, kopecks }) => [
          ...[validFrom, (kopecks / 100).toFixed(2)],
        ]);
        for (const row of layOut([['from', 'roubles'], ...rows])) line.print(row);
      }),
    );
  price
    .command('set')
    .description('set the price from a day on')
    .requiredOption('--roubles <sum>', 'of one ticket')
    .requiredOption('--from <day>', 'the first day of it')
    .addHelpText('after', HELP)
    .action((typed: { roubles: string; from: string }) => {
      const kopecks = kopecksOf(typed.roubles);
      const from = parseCalendarDate(typed.from);
      if (!from.ok) throw new Failure(`«${typed.from}» is no day of the calendar.`);
      return withStores(line, async ({ ticketPrices, audit, database }) => {
        await database.transaction(async (tx) => {
          await ticketPrices.set({ validFrom: from.value, kopecks }, 'operator', tx);
          await audit.append(
            {
              ...{ event: 'ticket_price_set', outcome: 'success', actor: 'operator' },
              detail: { from: from.value, kopecks },
            },
            tx,
          );
        });
        line.print(`From ${from.value} a ticket costs ${(kopecks / 100).toFixed(2)} roubles`);
      });
    });
}

function kopecksOf(typed: string): number {
  const { roubles, kopecks = '' } =
    /^(?<roubles>\d{1,5})(?:[.,](?<kopecks>\d{2}))?$/.exec(typed)?.groups ?? {};
  const sum = roubles === undefined ? 0 : Number(`${roubles}${kopecks.padEnd(2, '0')}`);
  if (sum === 0) throw new Failure('--roubles must be a sum such as 17 or 17.50.');
  return sum;
}
