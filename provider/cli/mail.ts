/** `union-id mail bounced`: the mail relay hands over what came back. */
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import { letterThatFailed } from '../letters/delivery-report.ts';
import type { CommandLine } from './command-line.ts';
import { withStores } from './stores.ts';

const HELP = `
Reads one letter from standard input: what arrives for the sender of our letters (MAIL_FROM). A report that a letter of
ours will never arrive is remembered for its address, and the person sees it; anything else is passed over. The address
recovers by itself when a letter to it is taken again.`;

export function addMail(program: Command, line: CommandLine): void {
  program
    .command('mail')
    .description('letters that came back')
    .command('bounced')
    .description('record the delivery status notification (RFC 3464) on standard input')
    .addHelpText('after', HELP)
    .action(async () => {
      const letterId = await letterThatFailed(await buffer(process.stdin));
      if (letterId === undefined) {
        line.note('No report of a letter that failed: nothing to record.');
        return;
      }
      await withStores(line, async ({ letters, audit }) => {
        if (!(await letters.bounced(letterId))) {
          line.note('The report is about no letter of the last 30 days: nothing to record.');
          return;
        }
        await audit.append({
          event: 'letter_bounced',
          outcome: 'failure',
          actor: 'system',
          detail: { letterId },
        });
        line.print(`${letterId}: came back; its address is marked.`);
      });
    });
}
