/** How far a step of many rows is. */
import { SingleBar } from 'cli-progress';
import type { Told } from './fill.ts';

export function barOn(stream: NodeJS.WriteStream): { readonly tell: Told; stop(): void } {
  const bar = new SingleBar({
    format: '{bar} {percentage}% {step}',
    stream,
    clearOnComplete: true,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
  });
  let isRunning = false;
  return {
    tell(step, done, total) {
      if (!isRunning) bar.start(total, done, { step });
      isRunning = true;
      bar.setTotal(Math.max(1, total));
      bar.update(done, { step });
    },
    stop() {
      if (isRunning) bar.stop();
    },
  };
}
