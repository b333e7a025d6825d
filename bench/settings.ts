/** What the command line says; the only reader of the arguments. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { WORKLOADS, type WorkloadName } from './load/workloads.ts';

const names = Object.keys(WORKLOADS) as [WorkloadName, ...WorkloadName[]];
const count = z.coerce.number().int().min(1);

const schema = z.object({
  /** Measured; a warm-up goes before them. */
  rounds: count.default(8),
  /** Of one workload on one server in one round. */
  seconds: z.coerce.number().positive().default(2),
  /** A bound on the operations of the same. */
  operations: count.default(20_000),
  /** Virtual clients; each sends its next request when it has the answer to the last. */
  concurrency: count.default(16),
  people: count.default(1_000),
  only: z
    .string()
    .transform((value) => value.split(','))
    .pipe(z.array(z.enum(names)))
    .default(names),
  /** A missed goal fails the run, too. */
  strict: z.boolean().default(false),
  out: z.string().default(new URL('./RESULTS.md', import.meta.url).pathname),
  /** Folder for the CPU profiles of both servers. */
  profile: z.string().optional(),
});

export type Settings = z.output<typeof schema>;

export const USAGE = `npm run bench -- [--rounds 8] [--seconds 2] [--operations 20000] [--concurrency 16] [--people 1000]
                 [--only ${names.join(',')}]
                 [--strict] [--out FILE] [--profile FOLDER]`;

/** Throws ZodError or the TypeError of `parseArgs`. */
export function readSettings(args: readonly string[]): Settings {
  const value = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: value,
      seconds: value,
      operations: value,
      concurrency: value,
      people: value,
      only: value,
      strict: { type: 'boolean' },
      out: value,
      profile: value,
    },
  });
  return schema.parse(values);
}
