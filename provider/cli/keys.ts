/** `union-id keys`: the signing keys of the gateway, listed and rotated. Running gateways follow within seconds. */
import { type Command, Option } from 'commander';
import {
  ReplacedLately,
  RotationTooEarly,
  SIGNING_ALGS,
  type SigningAlg,
  type SigningKeys,
} from '../../adapters/signing-keys/signing-keys.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { withStores } from './stores.ts';
import { layOut } from './table.ts';

type RotateOptions = { alg?: SigningAlg; leaked?: boolean; again?: boolean };

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
      '--leaked',
      'a key has leaked: every key goes from the JWKS at once, and new ones sign; sessions and refresh tokens go on, relying parties refuse new tokens until they read the JWKS again',
    )
    .option('--again', 'with --leaked, although the current key is less than an hour old')
    .action(async ({ alg, leaked = false, again = false }: RotateOptions) => {
      const algs = alg ? [alg] : SIGNING_ALGS;
      if (again && !leaked) throw new Failure('--again goes with --leaked.');
      await withStores(line, async ({ keys, audit }) => {
        const rotated = async (each: SigningAlg, told: string): Promise<void> => {
          const detail = { alg: each, leaked };
          await audit.append({ event: 'key_rotate', outcome: 'success', actor: 'operator', detail });
          line.print(`${each}: ${told} Running gateways follow within seconds.`);
        };
        if (leaked) {
          await replaceLeaked(keys, algs, again);
          for (const each of algs) await rotated(each, 'all keys are new, the former ones are gone.');
          return;
        }
        await keys.ensure();
        for (const each of algs) {
          await rotate(keys, each);
          await rotated(each, 'the next key signs now.');
        }
      });
    });
}

async function rotate(keys: SigningKeys, alg: SigningAlg): Promise<void> {
  try {
    await keys.rotate(alg);
  } catch (error) {
    if (!(error instanceof RotationTooEarly)) throw error;
    throw new Failure(
      `${alg}: too early. Relying parties keep the JWKS for a while and know the next key for certain from ` +
        `${error.readyAt.toISOString()}. Run the command again then; with --leaked only if a key has leaked.`,
    );
  }
}

async function replaceLeaked(keys: SigningKeys, algs: readonly SigningAlg[], again: boolean): Promise<void> {
  try {
    await keys.replaceLeaked(algs, { again });
  } catch (error) {
    if (!(error instanceof ReplacedLately)) throw error;
    throw new Failure(
      `The current key is ${error.minutes} minute(s) old: nothing was changed. ` +
        'If this one has leaked as well, run the command with --again.',
    );
  }
}
