/**
 * Reads a file in a thread of its own: one made to be costly ends with the thread, and never holds up the process. A few
 * at a time, for each may take as much memory as a process does.
 */
import { Worker } from 'node:worker_threads';
import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import type { Sheet, SheetLimits } from './sheet.ts';
import type { Task } from './sheet-worker.ts';

const WORKER = new URL('sheet-worker.ts', import.meta.url);
const HEAP_MEGABYTES = 384;
const AT_ONCE = 2;
const WAITING = 8;

const threads = bulkhead(AT_ONCE, WAITING);

export async function readInThread(
  kind: Task['kind'],
  bytes: Uint8Array,
  limits: SheetLimits,
): Promise<Sheet> {
  try {
    return await threads.execute(() => readNow({ kind, bytes, limits }));
  } catch (error) {
    if (isBulkheadRejectedError(error)) return { ok: false, fault: 'sheet_busy' };
    throw error;
  }
}

function readNow(task: Task): Promise<Sheet> {
  const { promise, resolve, reject } = Promise.withResolvers<Sheet>();
  const worker = new Worker(WORKER, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
    // Nothing of the process is the thread's business.
    env: {},
    stdout: true,
    stderr: true,
  });
  const tooLarge: Sheet = { ok: false, fault: 'sheet_too_large' };
  const timer = setTimeout(() => resolve(tooLarge), task.limits.milliseconds);
  worker.once('message', resolve);
  worker.once('error', (error) => {
    const isTooMuch = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (isTooMuch) resolve(tooLarge);
    else reject(error);
  });
  return promise.finally(async () => {
    clearTimeout(timer);
    await worker.terminate();
  });
}
