/** `union-id register-clients`: machines (1С, another gateway) that ask the register we keep (docs/operators/registry.yaml). */
import type { Command } from 'commander';
import { type CommandLine, Failure } from './command-line.ts';
import { withStores } from './stores.ts';
import { layOut } from './table.ts';

const ALLOW_HELP = `
CLIENT is a relying party with the grant type client_credentials («union-id clients add»). It gets its token with
resource=ISSUER/registry and scope=registry:read (and registry:write with --write), and then sees what lies below the
organisation, and nothing else. It counts from the next request on.`;

export function addRegisterClients(program: Command, line: CommandLine): void {
  const clients = program
    .command('register-clients')
    .description('machines that ask the register, where we keep it');

  clients
    .command('list')
    .description('who may, and what of it')
    .action(() =>
      withStores(line, async ({ registerClients }) => {
        const rows = (await registerClients.list()).map(({ clientId, organisationId, mayWrite }) => [
          ...[clientId, organisationId ?? '(all)', mayWrite ? 'read, write' : 'read'],
        ]);
        if (rows.length === 0) return line.note('No machine may ask the register.');
        for (const row of layOut([['client', 'organisation', 'may'], ...rows])) line.print(row);
      }),
    );

  clients
    .command('allow <client>')
    .description('let a client ask, anew or in place of what it may now')
    .option('--organisation <id>', 'all that lies below it')
    .option('--all', 'all organisations', false)
    .option('--write', 'also send applications', false)
    .addHelpText('after', ALLOW_HELP)
    .action(
      (client: string, options: { organisation?: string; all: boolean; write: boolean }): Promise<void> =>
        withStores(line, async (stores) => {
          const { organisation, all, write } = options;
          if ((organisation !== undefined) === all) {
            throw new Failure('Say either --organisation with its id, or --all.');
          }
          if (!(await stores.clients.find(client))) throw new Failure(`There is no client «${client}».`);
          await stores.database.transaction(async (tx) => {
            const allowed = await stores.registerClients.allow(
              {
                ...{ clientId: client, mayWrite: write },
                ...(organisation !== undefined && { organisationId: organisation }),
              },
              tx,
            );
            if (!allowed) throw new Failure(`There is no organisation «${organisation}» in the register.`);
            await stores.audit.append(
              {
                ...{ event: 'register_client_allowed', outcome: 'success', actor: 'operator' },
                ...{ clientId: client, detail: { organisation: organisation ?? 'all', write } },
              },
              tx,
            );
          });
          line.print(`${client} may ${write ? 'read and write' : 'read'} ${organisation ?? 'all of it'}`);
        }),
    );

  clients
    .command('forbid <client>')
    .description('take it away')
    .action((client: string) =>
      withStores(line, async ({ database, registerClients, audit }) => {
        await database.transaction(async (tx) => {
          if (!(await registerClients.forbid(client, tx))) throw new Failure(`«${client}» may not anyway.`);
          const event = 'register_client_forbidden';
          await audit.append({ event, outcome: 'success', actor: 'operator', clientId: client }, tx);
        });
        line.print(`${client} may no longer`);
      }),
    );
}
