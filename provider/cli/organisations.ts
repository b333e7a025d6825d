/** `union-id organisations import`: the organisations of the register from a CSV file. */
import type { Command } from 'commander';
import type { CommandLine } from './command-line.ts';
import { addExport } from './export/export-command.ts';
import { organisationsExport } from './export/export-plan.ts';
import { importFile } from './import/import-command.ts';
import { ORGANISATION_KINDS, organisationsPlan } from './import/plan-organisations.ts';

const IMPORT_HELP = `
FILE is CSV (UTF-8 or Windows-1251, separated by commas, semicolons or tabs) or XLSX, whose first sheet is read. Its first line names the columns,
in any order:
  id          up to 64 letters, digits and . _ : -
  kind        ${ORGANISATION_KINDS.join(', ')};
              only the last two become each other: a primary organisation was founded or closed
  parent_id   empty for a regional one; else a regional one or, below a territorial one, that, in the register or in FILE
  name, short_name, region
  town, inn, email, phone   may be empty or absent
  units       structural units separated by «|»; may be empty or absent
Rows that are not taken go to FILE.rejects.csv with the reason; the others are stored. Importing a file again changes
nothing; a run that was cut off is simply started again.`;

export function addOrganisations(program: Command, line: CommandLine): void {
  const organisations = program.command('organisations').description('the organisations of the register');
  addExport(organisations, line, organisationsExport);
  organisations
    .command('import <file>')
    .description('add and update organisations from a CSV or XLSX file')
    .addHelpText('after', IMPORT_HELP)
    .action((file: string) => importFile(line, file, () => organisationsPlan));
}
