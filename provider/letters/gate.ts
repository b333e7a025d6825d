/**
 * Which letters may leave now. A mail server that takes nothing is left alone but for one letter now and then; a
 * receiving domain gets so many letters a minute, and a rest when it refuses one after the other. Knows no letters.
 */
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { Clock } from '../../adapters/clock.ts';
import type { Limit, Limiter } from '../../adapters/limiter/limiter.ts';
import { DeliveryFailed } from '../../adapters/mailer/mailer.ts';

const SERVER_FAILURES = 5;
const DOMAIN_FAILURES = 5;
const DOMAIN_REST_SECONDS = 60;

/** Short windows: whoever waits for a code waits for the end of one at most. */
const WINDOWS_PER_MINUTE = 10;

export function rateOf(perMinute: number): Limit {
  return { points: Math.ceil(perMinute / WINDOWS_PER_MINUTE), seconds: 60 / WINDOWS_PER_MINUTE };
}

export type GateOptions = {
  /** Letters per domain, all processes together. */
  readonly rate: Limiter;
  readonly clock: Clock;
  /** The server is tried again so long after it refused. */
  readonly probeSeconds: number;
};

export type Gate = {
  /** Undefined while the server takes nothing. */
  turn(): { readonly exceptGroups: readonly string[] } | undefined;
  /** Seconds the domain has to wait; undefined when its letter may leave. */
  wait(group: string): Promise<number | undefined>;
  /** Hands over; throws what `send` throws, and BrokenCircuitError while the server takes nothing. */
  pass<T>(group: string, send: () => Promise<T>): Promise<T>;
  /** False while the server takes nothing. */
  isOpen(): boolean;
};

export function openGate({ rate, clock, probeSeconds }: GateOptions): Gate {
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof DeliveryFailed && error.kind === 'server'),
    { halfOpenAfter: probeSeconds * 1_000, breaker: new ConsecutiveBreaker(SERVER_FAILURES) },
  );
  const resting = new Map<string, number>();
  const failures = new Map<string, number>();
  let probeAt = 0;
  let probing = false;
  breaker.onBreak(() => {
    probeAt = clock.now().getTime() + probeSeconds * 1_000;
  });

  const rest = (group: string, seconds: number): void => {
    resting.set(group, clock.now().getTime() + seconds * 1_000);
  };
  const judge = (group: string, error?: unknown): void => {
    if (error === undefined) failures.delete(group);
    if (!(error instanceof DeliveryFailed) || error.kind !== 'letter' || error.permanent) return;
    const inARow = (failures.get(group) ?? 0) + 1;
    failures.set(group, inARow);
    if (inARow >= DOMAIN_FAILURES) rest(group, DOMAIN_REST_SECONDS);
  };

  return {
    turn() {
      const now = clock.now().getTime();
      if (breaker.state !== CircuitState.Closed && (probing || now < probeAt)) return undefined;
      for (const [group, until] of resting) if (until <= now) resting.delete(group);
      return { exceptGroups: [...resting.keys()] };
    },
    async wait(group) {
      const { allowed, retryAfter } = await rate.take(group);
      if (allowed) return undefined;
      rest(group, retryAfter);
      return retryAfter;
    },
    async pass(group, send) {
      const isProbe = breaker.state !== CircuitState.Closed;
      if (isProbe && probing) throw new BrokenCircuitError();
      probing ||= isProbe;
      try {
        const result = await breaker.execute(send);
        judge(group);
        return result;
      } catch (error) {
        judge(group, error);
        throw error;
      } finally {
        if (isProbe) probing = false;
      }
    },
    isOpen: () => breaker.state === CircuitState.Closed,
  };
}
