/** `union-id members import`: the member register from a CSV file. */
import type { Command } from 'commander';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import type { CommandLine } from './command-line.ts';
import { addExport } from './export/export-command.ts';
import { membersExport } from './export/export-plan.ts';
import { importFile } from './import/import-command.ts';
import { MEMBERSHIPS, membersPlan, TICKET_STATES } from './import/plan-members.ts';
import { snilsSealer } from './import/sealed-snils.ts';

const IMPORT_HELP = `
FILE is CSV (UTF-8 or Windows-1251, separated by commas, semicolons or tabs) or XLSX, whose first sheet is read. Its first line names the columns,
in any order:
  member_id         up to 64 letters, digits and . _ : -
  organisation_id   must be in the register: «union-id organisations import» comes first
  family_name, given_name, middle_name (may be empty)
  birthdate         дд.мм.гггг or yyyy-mm-dd
  membership        ${MEMBERSHIPS.join(', ')}
  ticket_number     16 digits; may be empty
  ticket_state      ${TICKET_STATES.slice(0, 4).join(', ')},
                    ${TICKET_STATES.slice(4).join(', ')}
  snils             may be empty or absent; what is known then stays. Kept encrypted.
A member with several tickets has a row for each. Rows that are not taken go to FILE.rejects.csv with the reason; the
others are stored. Importing a file again changes nothing; a run that was cut off is simply started again.`;

export function addMembers(program: Command, line: CommandLine): void {
  const members = program.command('members').description('the member register');
  addExport(members, line, membersExport);
  members
    .command('import <file>')
    .description('add and update members and their tickets from a CSV or XLSX file')
    .addHelpText('after', IMPORT_HELP)
    .action((file: string) =>
      importFile(line, file, ({ cipher }) =>
        membersPlan({
          today: dayInMoscow(new Date()),
          seal: snilsSealer(cipher, line.config().secrets.pairwiseSalt),
        }),
      ),
    );
}
