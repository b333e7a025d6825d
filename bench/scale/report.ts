/** The run as a section of RESULTS.md. Pure. */

import type { Measurement } from '../measure.ts';
import { table } from '../report.ts';
import { quantile } from '../statistics.ts';
import type { Timed } from './searches.ts';
import type { ScaledSubject } from './subject.ts';

/** Domain of the goals: a search while somebody waits, a sign-in that does not grow with the Union, a night's import. */
const SEARCH_P95_MS = 300;
const SIGN_IN_RATIO = 1.1;
const IMPORT_SECONDS_OF_ALL = 15 * 60;
const ALL = 3_500_000;
const LEAST_SECONDS = 30;

export type ScaleReport = {
  readonly command: string;
  readonly date: Date;
  readonly machine: string;
  readonly few: Pick<ScaledSubject, 'shape' | 'accounts'>;
  readonly many: Pick<ScaledSubject, 'shape' | 'accounts' | 'imported'>;
  readonly faults: readonly string[];
  readonly timed: readonly Timed[];
  readonly signIns: Readonly<Record<'few' | 'many', readonly Measurement[]>>;
  readonly concurrency: number;
};

export function reportOf(report: ScaleReport): { readonly text: string; readonly met: boolean } {
  const { few, many, timed, signIns, faults } = report;
  const { imported, shape } = many;
  const number = (value: number): string => value.toLocaleString('en').replaceAll(',', ' ');
  const latenciesOf = (name: 'few' | 'many') => signIns[name].flatMap(({ latencies }) => latencies);
  const ratio = quantile(latenciesOf('many'), 0.5) / quantile(latenciesOf('few'), 0.5);
  const slowest = Math.max(...timed.map(({ latencies }) => quantile(latencies, 0.95)));
  // Of a part, its share; a program needs some time to start.
  const importGoal = Math.max(LEAST_SECONDS, (IMPORT_SECONDS_OF_ALL * shape.members) / ALL);
  const goals = [
    {
      goal: `search, p95 ≤ ${SEARCH_P95_MS} ms`,
      measured: `${slowest.toFixed(1)} ms (the slowest kind)`,
      met: slowest <= SEARCH_P95_MS,
    },
    {
      goal: `sign-in, p50 ≤ ${SIGN_IN_RATIO} × that with ${few.shape.members} members`,
      measured: `${ratio.toFixed(2)} ×`,
      met: ratio <= SIGN_IN_RATIO,
    },
    {
      goal: `import of ${number(shape.members)} members ≤ ${importGoal.toFixed(0)} s`,
      measured: `${imported.seconds.toFixed(0)} s, ${imported.peakMegabytes.toFixed(0)} MB at most`,
      met: imported.seconds <= importGoal,
    },
    {
      goal: 'questions that read a table from end to end: none',
      measured: String(faults.length),
      met: faults.length === 0,
    },
  ];
  const text = `# Scale

\`${report.command}\`, ${report.date.toISOString().slice(0, 16).replace('T', ' ')} UTC.

- Machine: ${report.machine}, Node ${process.version}. Stores, gateways and load share it; PostgreSQL flushes nothing.
- ${number(shape.members)} members in ${number(shape.primary)} primary organisations, ${number(many.accounts)} of them with an account;
  beside it a house of ${few.shape.members}.
- Sign-ins: closed loop, ${report.concurrency} virtual clients, in turns, every answer checked. Searches: one after another.

${table(
  ['goal', 'measured', ''],
  goals.map(({ goal, measured, met }) => [goal, measured, met ? '✓' : '✗']),
)}

Latencies in milliseconds.

${table(
  ['what', 'times', 'p50', 'p95', 'p99'],
  [
    ...timed.map(({ title, latencies }) => line(title, latencies)),
    line(`sign-in, ${few.shape.members} members`, latenciesOf('few')),
    line(`sign-in, ${number(shape.members)} members`, latenciesOf('many')),
  ],
)}
`;
  return { text, met: goals.every(({ met }) => met) };
}

function line(title: string, latencies: readonly number[]): string[] {
  return [
    title,
    String(latencies.length),
    ...[0.5, 0.95, 0.99].map((share) => quantile(latencies, share).toFixed(1)),
  ];
}
