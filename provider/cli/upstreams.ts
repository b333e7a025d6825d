/** `union-id upstreams`: identity providers offered or not, by an operator's word. Running gateways follow within five seconds. */
import type { Command } from 'commander';
import { systemClock } from '../../adapters/clock.ts';
import { SignerMisconfigured } from '../../adapters/signer/signer.ts';
import type { Switch } from '../../adapters/upstream-switch/upstream-switch.ts';
import type { ConfiguredUpstream } from '../upstream-settings.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { openUpstream, withStores } from './stores.ts';
import { layOut } from './table.ts';

const TURNED_BY = 'operator';

type Row = {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly switch: 'on' | 'off';
  readonly since: string | undefined;
  /** What a probe from here has found; undefined when none was asked for. */
  readonly answers: string | undefined;
};

export function addUpstreams(program: Command, line: CommandLine): void {
  const upstreams = program
    .command('upstreams')
    .description('identity providers (ЕСИА, РСАА): what people may use');

  upstreams
    .command('list')
    .description('who is configured, switched off, and whether it answers from here')
    .option('--offline', 'ask none of them')
    .option('--json', 'print them as JSON')
    .action(async ({ offline, json }: { offline?: boolean; json?: boolean }) => {
      const turned = await withStores(line, ({ switches }) => switches.list());
      const rows = await Promise.all(
        line.config().upstreams.map((settings) => describe(settings, turned, offline !== true)),
      );
      for (const row of json ? [JSON.stringify(rows, null, 2)] : layOut(inCells(rows))) line.print(row);
    });

  const turn = (name: 'on' | 'off', description: string, done: string) =>
    upstreams
      .command(`${name} <id>`)
      .description(description)
      .action(async (id: string) => {
        const configured = line.config().upstreams.map((each) => each.id);
        if (!configured.includes(id)) {
          throw new Failure(
            `UPSTREAMS names no «${id}»${configured.length > 0 ? `, but ${configured.join(', ')}` : ''}.`,
          );
        }
        await withStores(line, ({ database, switches, audit }) =>
          database.transaction(async (tx) => {
            await switches.turn(id, { on: name === 'on', by: TURNED_BY }, tx);
            const detail = { upstream: id, on: name === 'on' };
            await audit.append(
              { event: 'upstream_switch', outcome: 'success', actor: 'operator', detail },
              tx,
            );
          }),
        );
        line.print(`${id}: ${done}`);
      });
  turn('off', 'offer it no more', 'offered no more within five seconds; who is on the way may still come in');
  turn('on', 'offer it again', 'offered again within five seconds, as its health allows');
}

async function describe(
  settings: ConfiguredUpstream,
  turned: readonly Switch[],
  asked: boolean,
): Promise<Row> {
  const { id, kind, name } = settings;
  const word = turned.find(({ upstream }) => upstream === id);
  return {
    ...{ id, kind, name: name.ru, switch: word?.on === false ? 'off' : 'on' },
    since: word?.since.toISOString(),
    answers: asked ? await answersOf(settings) : undefined,
  };
}

async function answersOf(settings: ConfiguredUpstream): Promise<string> {
  const signerEvents = { signed: () => {}, pairRefused: () => {}, pairExpiring: () => {} };
  try {
    await openUpstream(settings, { clock: systemClock, signerEvents }).probe();
    return 'yes';
  } catch (error) {
    if (error instanceof SignerMisconfigured) return 'unknown: its signer is misconfigured';
    return `no: ${(error as Error).message}`;
  }
}

function inCells(rows: readonly Row[]): string[][] {
  const cells = rows.map((row) => [
    row.id,
    row.kind,
    row.name,
    row.switch,
    row.since ?? '',
    row.answers ?? 'not asked',
  ]);
  return [['id', 'kind', 'name', 'switch', 'since', 'answers'], ...cells];
}
