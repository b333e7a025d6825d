/** `union-id keys`: the signing keys of the gateway, listed and rotated. Running gateways follow within seconds. */
import { type Command, Option } from 'commander';
import { RotationTooEarly, SIGNING_ALGS, type SigningAlg } from '../../adapters/signing-keys/signing-keys.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { withStores } from './stores.ts';
import { layOut } from './table.ts';

export function addKeys(program: Command, line: CommandLine): void {
  const keys = program.command('keys').description('signing keys: next → current → retired');

  keys
    .command('list')
    .description('what is published in the JWKS')
    .action(async () => {
      const found = await withStores(line, ({ keys }) => keys.list());
      if (found.length === 0) {
        line.print('No keys yet: the gateway makes them when it first starts.');
        return;
      }
      const rows = found.map(({ kid, alg, state, stateSince }) => [
        alg,
        state,
        stateSince.toISOString(),
        kid,
      ]);
      for (const row of layOut([['alg', 'state', 'since', 'kid'], ...rows])) line.print(row);
    });

  keys
    .command('rotate')
    .description('let the next key sign, retire the current one, publish a new next one')
    .addOption(new Option('--alg <alg>', 'only this algorithm').choices([...SIGNING_ALGS]))
    .option(
      '--force',
      'also when relying parties cannot know the next key yet: only after a key has leaked, since some will refuse new tokens until they read the JWKS again',
    )
    .action(async ({ alg, force }: { alg?: SigningAlg; force?: boolean }) => {
      await withStores(line, async ({ keys, audit }) => {
        await keys.ensure();
        for (const each of alg ? [alg] : SIGNING_ALGS) {
          await rotate(() => keys.rotate(each, { force: force === true }), each);
          await audit.append({
            event: 'key_rotate',
            outcome: 'success',
            actor: 'operator',
            detail: { alg: each, forced: force === true },
          });
          line.print(`${each}: the next key signs now. Running gateways follow within seconds.`);
        }
      });
    });
}

async function rotate(act: () => Promise<void>, alg: SigningAlg): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof RotationTooEarly)) throw error;
    throw new Failure(
      `${alg}: too early. Relying parties keep the JWKS for a while and know the next key for certain from ` +
        `${error.readyAt.toISOString()}. Run the command again then; with --force only if the current key has leaked.`,
    );
  }
}
