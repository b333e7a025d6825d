/** `union-id passwords`: those that come from another system, so that nobody has to set a new one on a certain day. */
import type { Command } from 'commander';
import type { CommandLine } from './command-line.ts';
import { importPasswords } from './import/import-passwords.ts';
import { progressOn } from './import/progress.ts';
import { withStores } from './stores.ts';
import { layOut } from './table.ts';

const IMPORT_HELP = `
FILE is CSV. Its first line names the columns, in any order:
  email, ticket_number  by which of them the account is found; one is enough
  hash                  as the other system keeps it
  scheme                where the hash does not say so itself: bitrix; md5-sp, md5-ps, sha1-sp, sha1-ps, sha256-sp,
                        sha256-ps (s: the salt, p: the password, in the order in which they are hashed); portal: the
                        hash lies at the old portal (LEGACY_LOGIN_URL), and this column holds the login there
  salt                  of md5-… , sha1-… and sha256-…; may be empty
  email_confirmed       yes, when its owner has proved the address to the other system; see --create-accounts
bcrypt ($2a$, $2b$, $2y$), sha512-crypt ($6$), pbkdf2_sha256$… and $pbkdf2-sha256$… say themselves what they are.
A password that somebody has here is never replaced, and importing a file again changes nothing. Delete FILE afterwards.`;

export function addPasswords(program: Command, line: CommandLine): void {
  const passwords = program.command('passwords').description('passwords that come from another system');

  passwords
    .command('import <file>')
    .description('give accounts the passwords they had elsewhere')
    .option('--create-accounts', 'make an account of each confirmed address that has none', false)
    .addHelpText('after', IMPORT_HELP)
    .action((file: string, { createAccounts }: { createAccounts: boolean }) =>
      withStores(line, async (stores) => {
        const rejectsFile = `${file}.rejects.csv`;
        const progress = progressOn(process.stderr);
        const needs = { ...stores, progress, createAccounts };
        const { given, created, kept, rejected } = await importPasswords(needs, file, rejectsFile);
        for (const row of layOut(Object.entries(given).map(([kind, count]) => [kind, String(count)]))) {
          line.print(row);
        }
        line.print(`${created} accounts created, ${kept} had a password already, ${rejected} rows rejected`);
        if (rejected > 0) line.print(`Why, line by line: ${rejectsFile}.`);
      }),
    );

  passwords
    .command('report')
    .description('how many have become ours, and how many are still as they came')
    .action(() =>
      withStores(line, async ({ foreignPasswords }) => {
        const { kinds, weeks } = await foreignPasswords.report();
        if (kinds.length === 0) return line.note('No password has come from another system.');
        const rows = kinds.map(({ kind, imported, left }) =>
          [kind, imported, imported - left, left].map(String),
        );
        for (const row of layOut([['kind', 'imported', 'ours by now', 'left'], ...rows])) line.print(row);
        line.print('');
        const byWeek = weeks.map(({ week, replaced }) => [week, String(replaced)]);
        for (const row of layOut([['week of', 'became ours'], ...byWeek])) line.print(row);
      }),
    );
}
