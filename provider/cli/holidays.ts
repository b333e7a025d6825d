/** `union-id holidays`: the days on which nobody corrects anything, beside Saturdays and Sundays. */
import type { Command } from 'commander';
import { parseCalendarDate } from '../data-rules/calendar-date.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { withStores } from './stores.ts';
import { layOut } from './table.ts';

const LONGEST_NAME = 100;
const HELP = `
DAY is дд.мм.гггг or yyyy-mm-dd. Add those of the coming year when the government has decreed its days off: a correction
in «Контингент» is good for a sign-in on the next working day, 14:00 in Perm. A Saturday that is worked on needs no entry.`;

export function addHolidays(program: Command, line: CommandLine): void {
  const holidays = program.command('holidays').description('non-working days beside Saturdays and Sundays');
  holidays
    .command('list')
    .description('those that are known')
    .option('--from <day>', 'from this day on', '2000-01-01')
    .action(({ from }: { from: string }) => {
      const first = dayOf(from);
      return withStores(line, async ({ calendar }) => {
        const days = await calendar.nonWorkingDays(first);
        for (const row of layOut(days.map(({ day, name }) => [day, name]))) line.print(row);
      });
    });
  holidays
    .command('add <day>')
    .description('add one')
    .requiredOption('--name <name>', 'what day it is')
    .addHelpText('after', HELP)
    .action((typed: string, { name: named }: { name: string }) => {
      const day = dayOf(typed);
      const name = named.trim();
      if (name === '' || name.length > LONGEST_NAME) {
        throw new Failure(`--name must have 1 to ${LONGEST_NAME} characters.`);
      }
      return withStores(line, async ({ calendar, audit, database }) => {
        const isNew = await database.transaction(async (tx) => {
          if (!(await calendar.add({ day, name }, tx))) return false;
          await audit.append(
            { event: 'holiday_added', outcome: 'success', actor: 'operator', detail: { day } },
            tx,
          );
          return true;
        });
        line.print(isNew ? `${day} is a non-working day` : `${day} is one already`);
      });
    });
}

function dayOf(typed: string): string {
  const parsed = parseCalendarDate(typed);
  if (!parsed.ok) throw new Failure(`«${typed}» is no day of the calendar.`);
  return parsed.value;
}
