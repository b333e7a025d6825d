/** `union-id deliveries`: what became of telling relying parties that somebody has signed out. */
import type { Command } from 'commander';
import type { LogoutDelivery } from '../../adapters/logout-deliveries/logout-deliveries.ts';
import { replayLogout } from '../oidc/backchannel-logout.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { withJobs, withStores } from './stores.ts';
import { layOut } from './table.ts';

const LISTED = 100;

export function addDeliveries(program: Command, line: CommandLine): void {
  const deliveries = program.command('deliveries').description('back-channel logouts of the last 30 days');

  deliveries
    .command('list')
    .description('the latest first')
    .option('--client <id>', 'of one relying party')
    .option('--limit <count>', 'so many', String(LISTED))
    .action(async ({ client, limit }: { client?: string; limit: string }) => {
      const found = await withStores(line, ({ logoutDeliveries }) =>
        logoutDeliveries.list({
          limit: Number(limit) || LISTED,
          ...(client !== undefined && { clientId: client }),
        }),
      );
      const head = ['id', 'client', 'created', 'state', 'attempts', 'last answer', 'next try'];
      for (const row of layOut([head, ...found.map(toRow)])) line.print(row);
    });

  deliveries
    .command('replay <id>')
    .description('tell it once more, with a fresh logout token; a running gateway does it')
    .action(async (id: string) => {
      await withStores(line, ({ database, logoutDeliveries, audit }) =>
        withJobs(line, async (jobs) => {
          const replay = replayLogout({ deliveries: logoutDeliveries, jobs });
          const found = await logoutDeliveries.find(id);
          if (!found)
            throw new Failure(`There is no delivery «${id}». «union-id deliveries list» shows them.`);
          if (!(await database.transaction((tx) => replay(id, tx)))) {
            throw new Failure(`${id}: is waiting already, or its account is gone.`);
          }
          const { clientId } = found;
          await audit.append({ event: 'logout_replay', outcome: 'success', actor: 'operator', clientId });
          line.print(`${id}: waiting again.`);
        }),
      );
    });
}

function toRow({ id, clientId, createdAt, state, attempts, status, reason, nextTryAt }: LogoutDelivery) {
  return [
    ...[id, clientId, createdAt.toISOString(), state, String(attempts)],
    ...[reason ?? String(status ?? ''), nextTryAt?.toISOString() ?? ''],
  ];
}
