/**
 * First come, first served, so many at a time. Whoever would wait too long is sent away at the door, while there is
 * still time to say when to come back. Knows nothing of what it is that people wait for.
 */
import { HasherOverloaded } from './password-hasher.ts';

export type WaitingLineOptions = {
  readonly atOnce: number;
  /** Nobody waits longer than this. */
  readonly deadlineMilliseconds: number;
  readonly longest: number;
  /** A first guess at the length of one turn; measured from then on. */
  readonly turnMilliseconds: number;
};

export type WaitingLine = ReturnType<typeof waitingLine>;

type Waiter = { start(): void };

/** Weight of the newest turn in the running mean. */
const FRESHNESS = 0.1;

export function waitingLine({ atOnce, deadlineMilliseconds, longest, turnMilliseconds }: WaitingLineOptions) {
  const waiting: Waiter[] = [];
  let inFlight = 0;
  let meanTurn = turnMilliseconds;

  const expectedWait = (): number => ((waiting.length + 1) * meanTurn) / atOnce;
  const overloaded = (): HasherOverloaded =>
    new HasherOverloaded(Math.max(1, Math.ceil(expectedWait() / 1_000)));

  function enter(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        start() {
          leave();
          resolve();
        },
      };
      const giveUp = (reason: unknown): void => {
        leave();
        waiting.splice(waiting.indexOf(waiter), 1);
        reject(reason);
      };
      const onAbort = (): void => giveUp(signal?.reason);
      const timer = setTimeout(() => giveUp(overloaded()), deadlineMilliseconds);
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.push(waiter);
    });
  }

  return {
    /** Does the work when its turn comes. Rejects with HasherOverloaded, the signal's reason or the work's own error. */
    async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
      signal?.throwIfAborted();
      if (inFlight < atOnce) {
        inFlight += 1;
      } else {
        if (waiting.length >= longest || expectedWait() > deadlineMilliseconds) throw overloaded();
        // Whoever leaves hands the place over, so that no newcomer slips in between.
        await enter(signal);
      }
      const since = performance.now();
      try {
        return await work();
      } finally {
        meanTurn += FRESHNESS * (performance.now() - since - meanTurn);
        const next = waiting.shift();
        if (next) next.start();
        else inFlight -= 1;
      }
    },
    stats: () => ({ inFlight, queued: waiting.length }),
  };
}
