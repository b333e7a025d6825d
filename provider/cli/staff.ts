/** `union-id staff`: who of the Union's people has a role, and who of them has lost what she proves herself with. */
import type { Command } from 'commander';
import { STAFF_ROLES, type StaffRole } from '../../adapters/staff-store/staff-store.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { type CommandStores, withStores } from './stores.ts';

const HELP = `
Roles:
  union_operator   decides the cases of the Union's side, under /cases
  administrator    decides the requests of developers and blocks applications, at «Для разработчиков»
Whoever has a role needs a passkey or an application with codes and one thing more – a second device or recovery codes –
or a confirmed account of ESIA; the gateway leads her to add them. It counts from the next page she opens. Administrators of «Контингент» are data of the schools and are not granted here.`;

const FORGET_HELP = `
Be sure who asks: afterwards her password and a code by letter are enough to add new ones. Her sessions go on.`;

type Options = { readonly email: string; readonly role: string };

export function addStaff(program: Command, line: CommandLine): void {
  const staff = program.command('staff').description('roles of the Union’s staff at the desk of cases');
  const add = (name: 'grant' | 'revoke', description: string) =>
    staff
      .command(name)
      .description(description)
      .requiredOption('--email <address>', 'confirmed address of the account')
      .requiredOption('--role <role>', STAFF_ROLES.join(', '))
      .addHelpText('after', HELP)
      .action(({ email, role: named }: Options) => {
        const role = roleOf(named);
        return withStores(line, (stores) => change(stores, line, name, email, role));
      });
  add('grant', 'give somebody a role');
  add('revoke', 'take it back');
  staff
    .command('forget-devices')
    .description('of somebody who has lost them all: passkeys, applications with codes, recovery codes')
    .requiredOption('--email <address>', 'confirmed address of the account')
    .addHelpText('after', FORGET_HELP)
    .action(({ email }: Pick<Options, 'email'>) =>
      withStores(line, (stores) => forgetDevices(stores, line, email)),
    );
}

async function change(
  { accounts, staff, audit, database }: CommandStores,
  line: CommandLine,
  act: 'grant' | 'revoke',
  typed: string,
  role: StaffRole,
): Promise<void> {
  const accountId = await ownerOf(accounts, typed);
  const isNews = await database.transaction(async (tx) => {
    const changed =
      act === 'grant'
        ? await staff.grant(accountId, role, 'operator', tx)
        : await staff.revoke(accountId, role, tx);
    if (!changed) return false;
    const event = act === 'grant' ? 'staff_granted' : 'staff_revoked';
    await audit.append({ event, outcome: 'success', actor: 'operator', accountId, detail: { role } }, tx);
    return true;
  });
  if (act === 'grant') line.print(isNews ? `granted: ${role}` : `has it already: ${role}`);
  else line.print(isNews ? `revoked: ${role}` : `did not have it: ${role}`);
}

async function forgetDevices(
  { accounts, protections, audit, database }: CommandStores,
  line: CommandLine,
  typed: string,
): Promise<void> {
  const accountId = await ownerOf(accounts, typed);
  const gone = await database.transaction(async (tx) => {
    const count = await protections.forgetAll(accountId, tx);
    const act = { event: 'factors_forgotten', outcome: 'success', actor: 'operator', accountId } as const;
    await audit.append({ ...act, detail: { count } }, tx);
    return count;
  });
  line.print(`forgotten: ${gone}`);
}

/** Throws Failure. */
async function ownerOf(accounts: CommandStores['accounts'], typed: string): Promise<string> {
  const email = parseEmailAddress(typed);
  const accountId = email.ok ? await accounts.ownerOf('email', email.key) : undefined;
  if (accountId === undefined) throw new Failure('No account has this address.');
  return accountId;
}

function roleOf(named: string): StaffRole {
  const role = STAFF_ROLES.find((known) => known === named);
  if (!role) throw new Failure(`--role must be one of ${STAFF_ROLES.join(', ')}.`);
  return role;
}
