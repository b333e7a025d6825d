/** `union-id applications`: what a primary organisation decides, where the register is kept by ourselves. */
import type { Command } from 'commander';
import { parseTicketNumber } from '../data-rules/ticket-number.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { type CommandStores, withStores } from './stores.ts';
import { layOut } from './table.ts';

const LONGEST_REASON = 1_000;

const ACCEPT_HELP = `
Puts the applicant on record and lets the gateway tell her by letter, with the number. «--ticket next» takes the next
number of the ranges («union-id tickets range list»). Without --ticket she is a member whose number comes later, assigned
on her card by the chair. With --member the card is one that exists, such as that of somebody with a paper ticket.`;
const DECLINE_HELP = `
The applicant reads the reason in a letter and among her documents: write it in her language, for her.`;

export function addApplications(program: Command, line: CommandLine): void {
  const applications = program
    .command('applications')
    .description('applications for membership, where the register is kept by ourselves');

  applications
    .command('list')
    .description('the applications that wait for a decision, the eldest first')
    .action(() =>
      atDesk(line, async ({ desk }) => {
        const waiting = await desk.waiting('all');
        if (waiting.length === 0) return line.note('No application waits for a decision.');
        const rows = waiting.map(({ application, organisation, receivedAt }) => [
          application.id,
          receivedAt.toISOString().slice(0, 16).replace('T', ' '),
          application.purpose,
          organisation,
          [application.family, application.given, application.middle].filter(Boolean).join(' '),
          application.birthdate,
        ]);
        const head = ['id', 'received (UTC)', 'purpose', 'organisation', 'applicant', 'born'];
        for (const row of layOut([head, ...rows])) line.print(row);
      }),
    );

  applications
    .command('accept <id>')
    .description('put the applicant on record')
    .option('--ticket <number>', 'number of the electronic ticket, 16 digits, or «next»')
    .option('--member <id>', 'the member this applicant is on record as already')
    .addHelpText('after', ACCEPT_HELP)
    .action((id: string, { ticket, member }: { ticket?: string; member?: string }) =>
      atDesk(line, async ({ desk, audit }) => {
        const number = ticket === undefined ? undefined : ticketOf(ticket);
        const verdict = await desk.accept(id, 'all', {
          by: 'operator',
          ...(number !== undefined && {
            ticket: number === 'next' ? { kind: 'next' } : { kind: 'typed', number },
          }),
          ...(member !== undefined && { memberId: member }),
        });
        if (verdict.kind !== 'accepted') throw new Failure(WHY_NOT[verdict.kind]);
        await audit.append({
          event: 'application_decide',
          outcome: 'success',
          actor: 'operator',
          detail: { applicationId: id, state: 'accepted' },
        });
        const told = verdict.ticket === undefined ? '' : `, ticket ${verdict.ticket}`;
        line.print(`${id} is accepted: member ${verdict.memberId}${told}`);
      }),
    );

  const decline = (name: 'return' | 'reject', state: 'returned' | 'rejected', description: string) =>
    applications
      .command(`${name} <id>`)
      .description(description)
      .requiredOption('--reason <text>', 'why, for the applicant')
      .addHelpText('after', DECLINE_HELP)
      .action((id: string, { reason }: { reason: string }) =>
        atDesk(line, async ({ desk, audit }) => {
          const told = reason.trim();
          if (told === '' || told.length > LONGEST_REASON)
            throw new Failure(`The reason must have 1 to ${LONGEST_REASON} characters.`);
          if (!(await desk.decline(id, 'all', { state, reason: told, by: 'operator' })))
            throw new Failure(WHY_NOT['not-waiting']);
          await audit.append({
            event: 'application_decide',
            outcome: 'success',
            actor: 'operator',
            detail: { applicationId: id, state },
          });
          line.print(`${id} is ${state}`);
        }),
      );
  decline('return', 'returned', 'give it back to be corrected and signed again');
  decline('reject', 'rejected', 'decline it');
}

const WHY_NOT = {
  'not-waiting': 'No such application waits for a decision. See «union-id applications list».',
  'no-such-member': 'There is no such member in the register. See --member.',
  'ticket-taken':
    'This number is, or was, another ticket, or she has one already. Numbers are never given twice.',
  'no-number-left': 'No number is left. Ask the central office for a range: «union-id tickets range add».',
} as const;

function ticketOf(typed: string): string {
  if (typed === 'next') return typed;
  const parsed = parseTicketNumber(typed);
  if (!parsed.ok) throw new Failure('--ticket must have 16 digits, or be «next».');
  return parsed.value;
}

async function atDesk(line: CommandLine, work: (stores: CommandStores) => Promise<void>): Promise<void> {
  if (line.config().registry.external) {
    throw new Failure('The register is kept at REGISTRY_URL: applications are decided there.');
  }
  await withStores(line, work);
}
