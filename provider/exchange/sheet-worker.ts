/** The thread that reads one file. Says what it has read, or why it could not, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { readCsv } from './read-csv.ts';
import { readXlsx } from './read-xlsx.ts';
import type { SheetLimits } from './sheet.ts';

export type Task = {
  readonly kind: 'csv' | 'xlsx';
  readonly bytes: Uint8Array;
  readonly limits: SheetLimits;
};

const { kind, bytes, limits } = workerData as Task;
parentPort?.postMessage(await (kind === 'csv' ? readCsv(bytes, limits) : readXlsx(bytes, limits)));
