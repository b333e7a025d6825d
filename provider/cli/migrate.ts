/** `union-id migrate`: brings the schema forward, or says what is missing. */
import type { Command } from 'commander';
import type { CommandLine } from './command-line.ts';
import { migrate, openDatabase, pendingMigrations } from './stores.ts';

export function addMigrate(program: Command, line: CommandLine): void {
  program
    .command('migrate')
    .description('bring the database schema up to date; safe beside running gateways')
    .option('--status', 'only say what is missing; exit code 1 when anything is')
    .action(async ({ status }: { status?: boolean }) => {
      const database = await openDatabase(line);
      try {
        if (status) {
          const pending = await pendingMigrations(database);
          for (const { number, name } of pending) line.print(`missing  ${label(number)} ${name}`);
          if (pending.length === 0) line.print('The schema is current.');
          else process.exitCode = 1;
          return;
        }
        const applied = await migrate(database, ({ number, name }) =>
          line.print(`applied  ${label(number)} ${name}`),
        );
        if (applied.length === 0) line.print('The schema is current; there was nothing to do.');
      } finally {
        await database.close();
      }
    });
}

const label = (number: number): string => String(number).padStart(4, '0');
