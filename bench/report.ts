/** The run as Markdown, for the terminal and for RESULTS.md. Pure. */
import type { LoadedGateway } from './gateway.ts';
import { type Judgement, type Round, SERVERS, type ServerName } from './goals.ts';
import { WORKLOADS, type WorkloadName } from './load/workloads.ts';
import { quantile, sum } from './statistics.ts';

export type Report = {
  readonly command: string;
  readonly date: Date;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memory: number;
    readonly system: string;
    /** Average number of processes that wanted a core. */
    readonly load: number;
  };
  readonly gateway: Pick<LoadedGateway, 'hash' | 'hashesAtOnce' | 'stores'>;
  readonly people: number;
  readonly concurrency: number;
  readonly rounds: readonly Round[];
  readonly judgements: readonly Judgement[];
  readonly memory: Readonly<Record<ServerName, { resident: number; peak: number }>>;
};

const TITLES: Readonly<Record<ServerName, string>> = { gateway: 'Union ID', library: 'bare oidc-provider' };

export function write(report: Report): string {
  const { gateway, machine, memory, rounds } = report;
  const { memoryCost, timeCost, parallelism } = gateway.hash;
  const primitive = (name: 'hash' | 'signature') =>
    Math.min(...rounds.map((round) => round.primitives[name]));
  return `# Bench

\`${report.command}\`, ${report.date.toISOString().slice(0, 16).replace('T', ' ')} UTC, ${rounds.length} measured rounds after a warm-up.

- Machine: ${machine.processor}, ${machine.cores} cores, ${machine.memory.toFixed(0)} GB, ${machine.system}, Node ${process.version}.
  Both servers, the stores and the load share it with whatever else runs there (load average ${machine.load.toFixed(1)}).
- Union ID: one process, log level \`info\`, ${gateway.stores.postgres} and ${gateway.stores.redis} behind it, ${report.people} people.
  Bare oidc-provider: one process, its own in-memory store, one account.
- Password hash: argon2id m=${memoryCost} KiB, t=${timeCost}, p=${parallelism}, ${gateway.hashesAtOnce} at once;
  measured beside the load: ${primitive('hash').toFixed(2)} ms CPU for one hash, ${primitive('signature').toFixed(3)} ms for one ES256 signature.
- Load: closed loop, ${report.concurrency} virtual clients, every answer checked (status, redirects, state, iss, signature and claims
  of id_tokens, claims of userinfo).
- Resident memory at the end: ${SERVERS.map((name) => `${TITLES[name]} ${memory[name].resident.toFixed(0)} MB (peak ${memory[name].peak.toFixed(0)} MB)`).join(', ')}.

## Goals

CPU of the server process for one operation, in milliseconds, in the best round of each: a neighbour can only add to it.
The ratios of the single rounds show how quiet the machine was.

${table(
  ['operation', 'Union ID', 'yardstick', '', 'ratio', 'single rounds', 'goal', ''],
  report.judgements.map((one) => [
    WORKLOADS[one.workload].title,
    one.gateway.toFixed(2),
    one.measure.toFixed(2),
    one.yardstick,
    one.ratio.toFixed(2),
    `${Math.min(...one.ratios).toFixed(2)}…${Math.max(...one.ratios).toFixed(2)}`,
    one.atMost === undefined ? '' : `≤ ${one.atMost}`,
    one.atMost === undefined ? '' : one.met ? '✓' : '✗',
  ]),
)}

## Measurements

All rounds together. Latencies in milliseconds, CPU in seconds for 1 000 operations.

${table(
  ['operation', 'server', 'operations', 'errors', 'per second', 'p50', 'p95', 'p99', 'CPU'],
  report.judgements.flatMap(({ workload }) => SERVERS.map((server) => line(rounds, workload, server))),
)}
`;
}

function line(rounds: readonly Round[], workload: WorkloadName, server: ServerName): string[] {
  const all = rounds.flatMap(({ measurements }) => measurements[workload]?.[server] ?? []);
  const latencies = all.flatMap((one) => one.latencies);
  const errors = sum(all.map((one) => one.errors.length));
  const operations = latencies.length + errors;
  return [
    WORKLOADS[workload].title,
    TITLES[server],
    String(operations),
    String(errors),
    (latencies.length / sum(all.map((one) => one.seconds))).toFixed(0),
    ...[0.5, 0.95, 0.99].map((share) => quantile(latencies, share).toFixed(1)),
    ((sum(all.map((one) => one.cpuSeconds)) * 1_000) / operations).toFixed(2),
  ];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = [head, widths.map((width) => '-'.repeat(width)), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    .join('\n');
}
