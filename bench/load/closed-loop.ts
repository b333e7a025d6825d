/** The load: so many virtual clients, each sending its next operation when the last has been answered and checked. */
import type { Operation } from './workloads.ts';

export type LoopOptions = {
  readonly clients: readonly Operation[];
  readonly seconds: number;
  /** Of all clients together. */
  readonly operationsAtMost: number;
};

export type LoopResult = {
  /** Milliseconds of each operation that was answered rightly. */
  readonly latencies: readonly number[];
  readonly errors: readonly Error[];
  readonly seconds: number;
};

export async function closedLoop({ clients, seconds, operationsAtMost }: LoopOptions): Promise<LoopResult> {
  const latencies: number[] = [];
  const errors: Error[] = [];
  const start = performance.now();
  const end = start + seconds * 1_000;
  let begun = 0;

  const repeat = async (operation: Operation): Promise<void> => {
    for (let now = start; now < end && begun < operationsAtMost; ) {
      begun += 1;
      const before = performance.now();
      try {
        await operation();
        now = performance.now();
        latencies.push(now - before);
      } catch (error) {
        now = performance.now();
        errors.push(error as Error);
      }
    }
  };
  await Promise.all(clients.map(repeat));
  return { latencies, errors, seconds: (performance.now() - start) / 1_000 };
}
