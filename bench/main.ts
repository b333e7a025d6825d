/**
 * `npm run bench`: the gateway under load beside the bare library, in turns, so that ratios hold on a noisy machine.
 * Exit code 1 when any answer was wrong, with --strict also when a goal was missed.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SingleBar } from 'cli-progress';
import { z } from 'zod';
import { freePort } from '../tests/support/services/free-port.ts';
import { makeClients } from './clients.ts';
import { type HashParameters, startGateway } from './gateway.ts';
import { judge, type Round, SERVERS, type ServerName } from './goals.ts';
import { openSite } from './load/site.ts';
import { WORKLOADS } from './load/workloads.ts';
import { type Measurement, measure, type Subject } from './measure.ts';
import type { Primitives } from './primitives.ts';
import { write } from './report.ts';
import { putSection } from './results-file.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { readSettings, type Settings, USAGE } from './settings.ts';

const EXIT_USAGE = 64;
const ERRORS_SHOWN = 10;
/** Until V8 has compiled what is hot: by operations, because the slow ones need the most time for as many. */
const WARM_UP = { operations: 3_000, seconds: 30 } as const;

const program = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const settings = settingsOrExit();
const clients = makeClients();
const folder = mkdtempSync(join(tmpdir(), 'union-id-bench-'));
const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
const bar = new SingleBar({
  format: '{bar} {value}/{total} {step}',
  stream: process.stderr,
  clearOnComplete: true,
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  await run();
} finally {
  bar.stop();
  for (const close of closing.reverse()) await close();
}

async function run(): Promise<void> {
  const { only, rounds: count, concurrency, people, out, strict } = settings;
  bar.start(3 + (1 + count) * (1 + 2 * only.length), 0, { step: 'stores, people, gateway' });
  const gateway = await startGateway({
    clients,
    people,
    nodeArgs: profiling('gateway'),
    logFolder: folder,
  });
  closing.push(() => gateway.stop());
  bar.increment({ step: 'bare library' });
  const library = await startYardstick();
  closing.push(() => library.stop());
  const primitives = startPrimitives();
  closing.push(() => primitives.stop());
  bar.increment({ step: 'clients' });

  const open = async (server: ServerProcess): Promise<Subject> => {
    const site = await openSite({ issuer: server.issuer, clients, people, concurrency });
    closing.push(() => site.connection.close());
    return { server, site };
  };
  const subjects = { gateway: await open(gateway.server), library: await open(library) };
  bar.increment();

  const rounds: Round[] = [];
  for (let round = 0; round <= count; round += 1) {
    bar.increment(1, { step: 'hash and signature' });
    rounds.push(await measureRound(round, subjects, await primitives.measure(gateway.hash)));
  }
  bar.stop();

  const measured = rounds.slice(1);
  const judgements = only.map((workload) => judge(workload, measured));
  const report = write({
    command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
      ' ',
    ),
    date: new Date(),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown processor',
      cores: cpus().length,
      memory: totalmem() / 1e9,
      system: `${type()} ${release()}`,
      load: loadavg()[1] ?? Number.NaN,
    },
    gateway,
    people,
    concurrency,
    rounds: measured,
    judgements,
    memory: { gateway: await gateway.server.memory(), library: await library.memory() },
  });
  putSection(out, report);
  console.log(report);

  const errors = rounds.flatMap(errorsOf);
  for (const [text, times] of tally(errors).slice(0, ERRORS_SHOWN)) console.error(`✗ ${times} × ${text}`);
  if (errors.length > 0 || (strict && judgements.some(({ met }) => !met))) process.exitCode = 1;
}

/** Whoever goes first changes from round to round. */
async function measureRound(
  round: number,
  subjects: Record<ServerName, Subject>,
  primitives: Primitives,
): Promise<Round> {
  const order = round % 2 === 0 ? SERVERS : SERVERS.toReversed();
  const measurements: Round['measurements'] = Object.fromEntries(
    await inTurn(settings.only, async (workload) => {
      const pair = await inTurn(order, async (name): Promise<[ServerName, Measurement]> => {
        const when = round === 0 ? 'warming up' : `round ${round}`;
        bar.increment(1, { step: `${when}: ${WORKLOADS[workload].title}, ${name}` });
        const { concurrency, seconds, operations } = settings;
        const bounds = round === 0 ? WARM_UP : { seconds, operations };
        return [name, await measure(subjects[name], workload, { concurrency, ...bounds })];
      });
      return [workload, Object.fromEntries(pair)];
    }),
  );
  return { primitives, measurements };
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

async function startYardstick(): Promise<ServerProcess> {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const metadata = Object.values(clients).map((client) => client.metadata);
  return startServerProcess({
    issuer,
    args: [...profiling('library'), program('./yardstick.ts')],
    environment: { YARDSTICK: JSON.stringify({ issuer, clients: metadata }) },
    logFile: join(folder, 'library.log'),
  });
}

function startPrimitives() {
  const child = fork(program('./primitives.ts'));
  return {
    async measure(hash: HashParameters): Promise<Primitives> {
      child.send(hash);
      const [measured] = await once(child, 'message');
      return measured as Primitives;
    },
    stop: () => child.kill(),
  };
}

/** Arguments of Node that leave a CPU profile behind when the server ends. */
function profiling(name: string): string[] {
  if (settings.profile === undefined) return [];
  mkdirSync(settings.profile, { recursive: true });
  return ['--cpu-prof', `--cpu-prof-dir=${settings.profile}`, `--cpu-prof-name=${name}.cpuprofile`];
}

function errorsOf({ measurements }: Round): Error[] {
  return Object.values(measurements).flatMap((pair) => SERVERS.flatMap((name) => pair[name].errors));
}

/** The most frequent first. */
function tally(errors: readonly Error[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { message } of errors) counts.set(message, (counts.get(message) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

function settingsOrExit(): Settings {
  try {
    return readSettings(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message);
    console.error(USAGE);
    process.exit(EXIT_USAGE);
  }
}
