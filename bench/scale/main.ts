/**
 * `npm run bench:scale`: as many members as the Union has, imported as an operator would, then searched and signed in to,
 * beside a house of a hundred. One command: population, import, plans, searches, sign-ins, and a section of RESULTS.md.
 * Exit code 1 when a question would read a table from end to end, or a sign-in was answered wrongly; with --strict also
 * when a goal was missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openPg } from '../../adapters/database/pg.ts';
import { startServices } from '../../tests/support/services/services.ts';
import { makeClients } from '../clients.ts';
import { openSite } from '../load/site.ts';
import { type Measurement, measure } from '../measure.ts';
import { WHOLE } from '../population/population.ts';
import { barOn } from '../population/progress.ts';
import { putSection } from '../results-file.ts';
import { bigTables, faultsOf } from './plans.ts';
import { questions } from './questions.ts';
import { reportOf } from './report.ts';
import { timeSearches } from './searches.ts';
import { openSubject, type ScaledSubject } from './subject.ts';
import { watched } from './watched.ts';

/** What a house is compared with. */
const FEW = 100;
const BIG_TABLE = 50_000;
const CONCURRENCY = 2;

const count = z.coerce.number().int().min(1);
const { values } = parseArgs({
  options: {
    members: { type: 'string' },
    accounts: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    searches: { type: 'string' },
    out: { type: 'string' },
    strict: { type: 'boolean' },
  },
});
const settings = z
  .object({
    members: count.default(WHOLE.members),
    accounts: count.optional(),
    rounds: count.default(8),
    seconds: z.coerce.number().positive().default(5),
    searches: count.default(300),
    out: z.string().default(new URL('../RESULTS.md', import.meta.url).pathname),
    strict: z.boolean().default(false),
  })
  .parse(values);

const folder = mkdtempSync(join(tmpdir(), 'union-id-scale-'));
const bar = barOn(process.stderr);
const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

try {
  await run();
} finally {
  bar.stop();
  for (const close of closing.reverse()) await close();
}

async function run(): Promise<void> {
  const { members, rounds, seconds, searches, out, strict } = settings;
  // As many as sign in among all of them.
  const accounts = Math.min(settings.accounts ?? Math.round(members * 0.34), members);
  const services = await startServices({ postgres: true, redis: true });
  closing.push(() => services.stop());
  const { postgres = '', redis = '' } = services.addresses;
  const clients = makeClients();
  const { tell } = bar;
  const open = async (many: number, withAccounts: number, number: number): Promise<ScaledSubject> => {
    const own = new URL(redis);
    own.pathname = String(number);
    const common = { postgres, redis: own.href, clients, folder, tell };
    const subject = await openSubject({ ...common, members: many, accounts: withAccounts });
    closing.push(() => subject.server.stop());
    return subject;
  };
  const few = await open(FEW, FEW, 1);
  const many = await open(members, accounts, 2);

  tell('plans', 0, 1);
  const faults = await scanFaults(many);
  tell('searches', 0, 1);
  const timed = await timeSearches(many.url, many.shape, accounts, searches);

  const signIns: Record<'few' | 'many', Measurement[]> = { few: [], many: [] };
  const subjects = { few, many } as const;
  const sites = { few: await siteOf(few), many: await siteOf(many) };
  for (let round = 0; round <= rounds; round += 1) {
    // Whoever goes first changes from round to round; the first round warms up.
    for (const name of round % 2 === 0 ? (['few', 'many'] as const) : (['many', 'few'] as const)) {
      tell(`sign-ins, round ${round}`, round, rounds);
      const subject = { server: subjects[name].server, site: sites[name] };
      const measured = await measure(subject, 'sign-in', {
        concurrency: CONCURRENCY,
        seconds,
        operations: 100_000,
      });
      if (round > 0) signIns[name].push(measured);
    }
  }
  bar.stop();
  const { text, met } = reportOf({
    command: [
      'npm run bench:scale',
      ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
    ].join(' '),
    date: new Date(),
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${(totalmem() / 1e9).toFixed(0)} GB, load average ${(loadavg()[1] ?? 0).toFixed(1)}`,
    ...{ few, many, faults, timed, signIns, concurrency: CONCURRENCY },
  });
  putSection(out, text);
  console.log(text);
  const errors = Object.values(signIns).flatMap((each) => each.flatMap((one) => one.errors));
  for (const error of errors.slice(0, 10)) console.error(`✗ ${error.message}`);
  for (const fault of faults) console.error(`✗ ${fault}`);
  if (errors.length > 0 || faults.length > 0 || (strict && !met)) process.exitCode = 1;

  async function siteOf({ server, accounts: people }: ScaledSubject) {
    // The register says how its members are called.
    const isCalled = (givenName: unknown) => typeof givenName === 'string' && givenName !== '';
    const { issuer } = server;
    const site = await openSite({ issuer, clients, people, concurrency: CONCURRENCY, isCalled });
    closing.push(() => site.connection.close());
    return site;
  }
}

/** The plans of all questions, now that the tables are as large as they get. */
async function scanFaults({ url, shape }: ScaledSubject): Promise<string[]> {
  const real = openPg({ url, poolSize: 2 });
  const database = watched(real);
  const big = await bigTables(real, Math.min(BIG_TABLE, shape.members));
  const faults: string[] = [];
  for (const { name, ask } of questions(database, shape)) {
    await ask();
    for (const asked of database.taken()) {
      for (const fault of await faultsOf(real, asked, big)) faults.push(`${name}: ${fault}`);
    }
  }
  await real.close();
  return faults;
}
