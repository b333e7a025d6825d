/**
 * One export from the register to a file, CSV of any size or XLSX of what a workbook holds, in the columns of the import.
 * The file appears when it is whole: one that was cut off leaves nothing to be taken for it.
 */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AuditLog } from '../../../adapters/audit-log/audit-log.ts';
import type { Database } from '../../../adapters/database/database.ts';
import { type Cells, CSV_BEGIN, csvLine, writeSheet } from '../../exchange/write-sheet.ts';
import { Failure } from '../command-line.ts';
import type { Progress } from '../import/progress.ts';
import type { ExportPlan } from './export-plan.ts';

/** A workbook is made in memory. */
const MOST_IN_WORKBOOK = 100_000;

export type ExportNeeds = {
  readonly database: Database;
  readonly audit: AuditLog;
  readonly progress: Progress;
};

export type ExportOrder = {
  readonly file: string;
  /** Why, for the audit trail. */
  readonly reason: string;
  /** All that lies below it; without one, all. */
  readonly organisation?: string;
};

/** How many rows. Throws Failure. */
export async function runExport(
  plan: ExportPlan,
  { database, audit, progress }: ExportNeeds,
  { file, reason, organisation }: ExportOrder,
): Promise<number> {
  const path = organisation === undefined ? '' : await pathOf(database, organisation);
  const [total] = await database.query<{ count: number }>(plan.count, [path]);
  const isWorkbook = file.toLowerCase().endsWith('.xlsx');
  if (isWorkbook && (total?.count ?? 0) > MOST_IN_WORKBOOK) {
    throw new Failure(`More than ${MOST_IN_WORKBOOK} rows are too many for a workbook: export them as CSV.`);
  }
  progress.begin('writing', total?.count ?? 0);
  let count = 0;
  async function* rows(): AsyncGenerator<Cells> {
    for (let last = ''; ; ) {
      const page = await database.query<{ id: string; cells: (string | null)[] }>(plan.page, [path, last]);
      for (const { cells } of page) yield cells.map((cell) => cell ?? undefined);
      count += page.length;
      progress.at(count);
      if (page.length === 0) return;
      last = page.at(-1)?.id ?? last;
    }
  }
  const unfinished = `${file}.part`;
  try {
    await rm(unfinished, { force: true });
    const content = isWorkbook ? workbook(plan, rows()) : csv(plan, rows());
    await pipeline(Readable.from(content), createWriteStream(unfinished, { mode: 0o600 }));
    await audit.append({
      ...{ event: `${plan.noun}_export`, outcome: 'success', actor: 'operator' },
      detail: { rows: count, organisation: organisation ?? 'all', why: reason },
    });
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  progress.end();
  return count;
}

async function pathOf(database: Database, id: string): Promise<string> {
  const [row] = await database.query<{ path: string }>('select path from organisation where id = $1', [id]);
  if (!row) throw new Failure(`There is no organisation «${id}» in the register.`);
  return row.path;
}

async function* csv({ columns }: ExportPlan, rows: AsyncIterable<Cells>): AsyncGenerator<string> {
  yield CSV_BEGIN + csvLine(columns);
  for await (const row of rows) yield csvLine(row);
}

async function* workbook({ noun, columns }: ExportPlan, rows: AsyncIterable<Cells>): AsyncGenerator<Buffer> {
  yield await writeSheet('xlsx', { sheet: noun, header: columns, rows: await Array.fromAsync(rows) });
}
