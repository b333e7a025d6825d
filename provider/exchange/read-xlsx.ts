/**
 * Reads the first sheet of an XLSX workbook in a thread of its own: a file made to be costly ends with the thread, and
 * never holds up the process.
 */
import { Worker } from 'node:worker_threads';
import type { Sheet, SheetLimits } from './sheet.ts';

const WORKER = new URL('xlsx-worker.ts', import.meta.url);
const HEAP_MEGABYTES = 384;

export function readXlsx(bytes: Uint8Array, limits: SheetLimits): Promise<Sheet> {
  const { promise, resolve, reject } = Promise.withResolvers<Sheet>();
  const worker = new Worker(WORKER, {
    workerData: { bytes, limits },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    // Nothing of the process is the thread's business.
    env: {},
    stdout: true,
    stderr: true,
  });
  const timer = setTimeout(() => resolve({ ok: false, fault: 'sheet_too_large' }), limits.milliseconds);
  worker.once('message', resolve);
  worker.once('error', (error) => {
    const isTooMuch = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (isTooMuch) resolve({ ok: false, fault: 'sheet_too_large' });
    else reject(error);
  });
  return promise.finally(async () => {
    clearTimeout(timer);
    await worker.terminate();
  });
}
