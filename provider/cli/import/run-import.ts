/**
 * One import from file to register: judge each row, stage all of them by COPY, refuse what does not match, merge the rest
 * in small transactions. Memory stays bounded whatever the size; a run that was cut off is simply started again.
 */
import { stat } from 'node:fs/promises';
import type { AuditLog } from '../../../adapters/audit-log/audit-log.ts';
import type { BulkLoader, Database } from '../../../adapters/database/database.ts';
import { Failure } from '../command-line.ts';
import { copyLine } from './copy-line.ts';
import type { ImportPlan } from './import-plan.ts';
import type { Progress } from './progress.ts';
import { readTable } from './read-table.ts';
import { type Reject, writeRejects } from './rejects.ts';

const ROWS_PER_MERGE = 5_000;
const REJECTS_PER_READ = 1_000;
/** At the server, while rows are compared with each other. */
const SORTING_MEMORY = '128MB';
const LONGEST_ID_SHOWN = 64;
/** Any number nobody else uses as an advisory lock: «imp» in hexadecimal. */
const LOCK = 0x696d70;

export type ImportResult = {
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly rejected: number;
};

export type ImportNeeds = {
  /** Must keep to one connection: the staging table is a temporary one. */
  readonly database: Database & BulkLoader;
  readonly audit: AuditLog;
  readonly progress: Progress;
  /** Everything is done, and undone: nothing is stored, and nothing happened. */
  readonly rehearsal?: boolean;
};

/** Rejects go to `rejectsFile`, if there are any. Throws Failure when the file as a whole is unusable. */
export async function runImport(
  plan: ImportPlan,
  file: string,
  rejectsFile: string,
  { database, audit, progress, rehearsal = false }: ImportNeeds,
): Promise<ImportResult> {
  await claim(database);
  await database.script(stagingTable(plan));
  const rows = await stage(plan, file, database, progress);
  const mergeOn = (on: Pick<Database, 'transaction'>) => merge(plan, rows, on, progress);
  const { added, changed } = rehearsal ? await rehearse(database, mergeOn) : await mergeOn(database);
  const rejected = await writeRejects(rejectsFile, plan.idColumn, rejects(database));
  if (rehearsal) return { rows, added, changed, rejected };
  await audit.append({
    event: `${plan.noun}_import`,
    outcome: 'success',
    actor: 'operator',
    detail: { rows, added, changed, rejected },
  });
  return { rows, added, changed, rejected };
}

class Rehearsed extends Error {
  override name = 'Rehearsed';
}

/** One transaction that ends in nothing; the faults that were found are written again, for the list of rejects. */
async function rehearse<T>(
  database: Database,
  work: (on: Pick<Database, 'transaction'>) => Promise<T>,
): Promise<T> {
  let result: { readonly value: T; readonly faults: readonly { place: number; fault: string }[] } | undefined;
  try {
    await database.transaction(async (tx) => {
      const value = await work({ transaction: (inner) => inner(tx) });
      const faults = await tx.query<{ place: number; fault: string }>(
        'select place, fault from import_line where fault is not null',
      );
      result = { value, faults };
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
  if (!result) throw new Rehearsed('nothing was done');
  await database.query(
    `update import_line l set fault = f.fault from unnest($1::int[], $2::text[]) as f (place, fault)
      where l.place = f.place and l.fault is null`,
    [result.faults.map(({ place }) => place), result.faults.map(({ fault }) => fault)],
  );
  return result.value;
}

/** Held until the connection closes. */
async function claim(database: Database): Promise<void> {
  const [row] = await database.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [LOCK]);
  if (!row?.mine) throw new Failure('Another import is running. Start this one when it has ended.');
}

function stagingTable({ staged }: ImportPlan): string {
  const columns = staged.map(([name, type]) => `${name} ${type}`);
  return `create temporary table import_line (
    place integer primary key, line integer not null, id text not null, fault text, ${columns.join(', ')})`;
}

async function stage(
  plan: ImportPlan,
  file: string,
  database: BulkLoader,
  progress: Progress,
): Promise<number> {
  let place = 0;
  async function* lines(): AsyncGenerator<string> {
    for await (const row of readTable(file, plan.columns, progress.at)) {
      place += 1;
      const id = 'cells' in row ? (row.cells[plan.idColumn] ?? '').slice(0, LONGEST_ID_SHOWN) : '';
      const judged = 'cells' in row ? plan.judge(row.cells) : ({ ok: false, reasons: [row.fault] } as const);
      yield judged.ok
        ? copyLine([place, row.line, id, undefined, ...judged.values])
        : copyLine([place, row.line, id, judged.reasons.join('; '), ...plan.staged.map(() => undefined)]);
    }
  }
  progress.begin('reading', await sizeOf(file));
  await database.copy(
    'import_line',
    ['place', 'line', 'id', 'fault', ...plan.staged.map(([name]) => name)],
    lines(),
  );
  progress.end();
  return place;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    throw new Failure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

async function merge(
  plan: ImportPlan,
  rows: number,
  database: Pick<Database, 'transaction'>,
  progress: Progress,
) {
  const total = { added: 0, changed: 0 };
  progress.begin('writing', rows * plan.stages.length);
  for (const [at, { refusals, merges }] of plan.stages.entries()) {
    await refuse(refusals, database);
    for (let from = 0; from < rows; from += ROWS_PER_MERGE) {
      const range = [from, from + ROWS_PER_MERGE];
      await database.transaction(async (tx) => {
        // A busy server may take longer for a batch than a page would wait.
        await tx.script("set local statement_timeout = '60s'");
        const [first, ...others] = merges;
        const [counts] = await tx.query<{ added: number; changed: number }>(first, range);
        for (const statement of others) await tx.query(statement, range);
        total.added += counts?.added ?? 0;
        total.changed += counts?.changed ?? 0;
      });
      progress.at(at * rows + Math.min(from + ROWS_PER_MERGE, rows));
    }
  }
  progress.end();
  return total;
}

async function refuse(refusals: readonly string[], database: Pick<Database, 'transaction'>): Promise<void> {
  await database.transaction(async (tx) => {
    // Over the whole file: millions of rows take longer than a page may.
    await tx.script(
      `set local statement_timeout = 0; set local work_mem = '${SORTING_MEMORY}'; analyze import_line`,
    );
    for (const statement of refusals) await tx.query(statement);
  });
}

async function* rejects(database: Database): AsyncGenerator<readonly Reject[]> {
  for (let last = 0; ; ) {
    const found = await database.query<Reject & { place: number }>(
      `select place, line, id, fault as reason from import_line
        where fault is not null and place > $1 order by place limit ${REJECTS_PER_READ}`,
      [last],
    );
    if (found.length === 0) return;
    yield found;
    last = found.at(-1)?.place ?? last;
  }
}
