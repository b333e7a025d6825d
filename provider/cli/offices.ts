/** `union-id offices`: the first chairs, whom nobody above can issue credentials. */
import type { Command } from 'commander';
import { systemClock } from '../../adapters/clock.ts';
import { OFFICE_ROLES, type OfficeRole } from '../../adapters/office-store/office-store.ts';
import { parseEmailAddress } from '../data-rules/email-address.ts';
import { onboardingEvents } from '../events/onboarding.ts';
import { endOffice } from '../onboarding/end-office.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { type CommandStores, postAt, withLaterJobs, withStores } from './stores.ts';
import { layOut } from './table.ts';

const HELP = `
A regional or territorial chair is seated here; she issues credentials to those below her at her workplace (/staff).
Whoever has an office signs the undertaking there, or the one above records it as paper. «revoke» ends her pages with the
next request, and her sessions, grants and tokens of portals that want an office with them; she is told by letter. Beside
an embedded database the letter leaves when the gateway is started.`;

const BY_COMMAND = { requestId: 'union-id', network: '' };

type Options = { readonly email: string; readonly organisation: string; readonly role: string };

export function addOffices(program: Command, line: CommandLine): void {
  const offices = program.command('offices').description('who acts for which organisation');
  offices
    .command('list')
    .description('who acts for an organisation')
    .requiredOption('--organisation <id>', 'number of the organisation')
    .action(({ organisation }: Pick<Options, 'organisation'>) =>
      withStores(line, (stores) => list(stores, line, organisation)),
    );
  const change = (name: 'grant' | 'revoke', description: string) =>
    offices
      .command(name)
      .description(description)
      .requiredOption('--email <address>', 'confirmed address of the account')
      .requiredOption('--organisation <id>', 'number of the organisation')
      .addHelpText('after', HELP);
  change('grant', 'seat somebody')
    .requiredOption('--role <role>', OFFICE_ROLES.join(', '), OFFICE_ROLES[0])
    .action((options: Options) => withStores(line, (stores) => grant(stores, line, options)));
  change('revoke', 'end her office').action((options: Options) =>
    withStores(line, (stores) => revoke(stores, line, options)),
  );
}

async function list({ offices }: CommandStores, line: CommandLine, organisation: string): Promise<void> {
  await placed({ offices }, organisation);
  const held = await offices.at(organisation);
  if (held.length === 0) return line.print('nobody acts for it');
  const rows = held.map(({ id, accountId, role, grantedAt, undertaken }) => [
    ...[id, accountId, role, grantedAt.toISOString()],
    undertaken ? `undertaking ${undertaken.how} ${undertaken.at.toISOString()}` : 'no undertaking',
  ]);
  for (const row of layOut(rows)) line.print(row);
}

async function grant(stores: CommandStores, line: CommandLine, options: Options): Promise<void> {
  const role = roleOf(options.role);
  const { organisation } = options;
  await placed(stores, organisation);
  const accountId = await ownerOf(stores, options.email);
  const isNews = await stores.database.transaction(async (tx) => {
    const grant = { accountId, organisationId: organisation, role, by: 'operator' } as const;
    if ((await stores.offices.grant(grant, tx)) === undefined) return false;
    const entry = { event: 'office_granted', outcome: 'success', actor: 'operator', accountId } as const;
    await stores.audit.append({ ...entry, detail: { organisation, role } }, tx);
    return true;
  });
  line.print(isNews ? `seated: ${role} of ${organisation}` : `acts for ${organisation} already`);
}

async function revoke(stores: CommandStores, line: CommandLine, options: Options): Promise<void> {
  const { organisation } = options;
  await placed(stores, organisation);
  const accountId = await ownerOf(stores, options.email);
  const office = (await stores.offices.at(organisation)).find((one) => one.accountId === accountId);
  if (!office) return line.print(`does not act for ${organisation}`);
  const events = onboardingEvents({ record: (entry, within) => stores.audit.append(entry, within) });
  const isEnded = await withLaterJobs(line, stores.database, (jobs) => {
    const needs = { ...stores, events, jobs, post: postAt(line.config(), stores, jobs), clock: systemClock };
    return endOffice(needs, BY_COMMAND, office, 'operator');
  });
  line.print(isEnded ? `ended: ${office.role} of ${organisation}` : `does not act for ${organisation}`);
}

async function placed({ offices }: Pick<CommandStores, 'offices'>, organisation: string): Promise<void> {
  if (!(await offices.organisation(organisation))) throw new Failure('No organisation has this number.');
}

async function ownerOf({ accounts }: CommandStores, typed: string): Promise<string> {
  const email = parseEmailAddress(typed);
  const accountId = email.ok ? await accounts.ownerOf('email', email.key) : undefined;
  if (accountId === undefined) throw new Failure('No account has this address.');
  return accountId;
}

function roleOf(named: string): OfficeRole {
  const role = OFFICE_ROLES.find((known) => known === named);
  if (!role) throw new Failure(`--role must be one of ${OFFICE_ROLES.join(', ')}.`);
  return role;
}
