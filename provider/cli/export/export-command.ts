/** The `export FILE` of every kind. */
import type { Command } from 'commander';
import { type CommandLine, Failure } from '../command-line.ts';
import { progressOn } from '../import/progress.ts';
import { withStores } from '../stores.ts';
import type { ExportPlan } from './export-plan.ts';
import { runExport } from './run-export.ts';

const HELP = `
FILE ends in .csv (UTF-8 with its mark, semicolons) or .xlsx (100 000 rows at most). Its columns are those of the import;
cells that a spreadsheet would take for a formula begin with an apostrophe, which the import takes away again.`;

export function addExport(command: Command, line: CommandLine, plan: ExportPlan): void {
  command
    .command('export <file>')
    .description(`write the ${plan.noun} of the register to a CSV or XLSX file`)
    .requiredOption('--reason <text>', 'why; it stays in the audit trail')
    .option('--organisation <id>', 'only what lies below it')
    .addHelpText('after', HELP)
    .action(async (file: string, { reason, organisation }: { reason: string; organisation?: string }) => {
      if (!/\.(?:csv|xlsx)$/i.test(file)) throw new Failure('FILE must end in .csv or .xlsx.');
      const order = { file, reason, ...(organisation !== undefined && { organisation }) };
      await withStores(line, async (stores) => {
        const count = await runExport(plan, { ...stores, progress: progressOn(process.stderr) }, order);
        line.print(`${count} rows written to ${file}`);
      });
    });
}
