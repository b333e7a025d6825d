/**
 * What is thought of one upstream, from four signs: whether it answers a probe, whether sign-ins there go through, how
 * many of those who leave come back, how long ago it was last seen well. Asks nobody anything itself.
 */
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import type { Clock } from '../../adapters/clock.ts';
import type { UpstreamFault } from '../../adapters/upstream/upstream.ts';
import { returns } from './returns.ts';

/** One may be a person's bad luck. */
const FAULTS_IN_A_ROW = 3;
/** After so long somebody may try again. */
const RETRY_MS = 10_000;
/** Who was seen well so lately need not be probed. */
const SEEN_WELL_MS = 5_000;

export type Health = {
  state(): 'up' | 'degraded';
  /** It fails everybody, and the next try is not due yet: nobody is sent there. */
  isBarred(): boolean;
  isSeenWell(): boolean;
  /** A sign-in went through. */
  proved(): Promise<void>;
  /** It failed somebody, in a call of ours. */
  failed(fault: UpstreamFault): Promise<void>;
  /** It answers a probe. */
  answered(): Promise<void>;
  silent(): void;
  /** False when this one does not count, and then her return must not either. */
  departed(source: string): boolean;
  returned(departedAt: number): void;
};

export function health(clock: Clock): Health {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: RETRY_MS,
    breaker: new ConsecutiveBreaker(FAULTS_IN_A_ROW),
  });
  const comings = returns();
  const now = () => clock.now().getTime();
  let isSilent = false;
  let lastFault: UpstreamFault | undefined;
  let openedAt = 0;
  let wellAt = Number.NEGATIVE_INFINITY;
  breaker.onBreak(() => {
    openedAt = now();
  });

  return {
    state() {
      const isDegraded = isSilent || breaker.state !== CircuitState.Closed || comings.areFew(now());
      return isDegraded ? 'degraded' : 'up';
    },
    isBarred: () => breaker.state === CircuitState.Open && now() - openedAt < RETRY_MS,
    isSeenWell: () => now() - wellAt < SEEN_WELL_MS,
    async proved() {
      seenWell();
      await weigh();
    },
    async failed(fault) {
      wellAt = Number.NEGATIVE_INFINITY;
      lastFault = fault;
      await weigh(fault);
    },
    async answered() {
      seenWell();
      // That it answers says nothing of what it answers: keys and permissions are proved by a person alone.
      if (lastFault?.kind === 'outage') await weigh();
    },
    silent() {
      isSilent = true;
      wellAt = Number.NEGATIVE_INFINITY;
    },
    departed: (source) => comings.departed(now(), source),
    returned: (departedAt) => comings.returned(departedAt),
  };

  function seenWell(): void {
    isSilent = false;
    wellAt = now();
  }

  /** Tells the breaker what has already happened; its answer is its state. */
  async function weigh(fault?: UpstreamFault): Promise<void> {
    const verdict = async () => {
      if (fault) throw fault;
    };
    await breaker.execute(verdict).catch(() => {});
  }
}
