/**
 * An old portal that keeps its hashes to itself and says yes or no to a login and a password (docs/operators). Asked
 * within bounds of time, size and number; while it fails, a circuit breaker answers for it.
 */
import {
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  isBrokenCircuitError,
  isBulkheadRejectedError,
  wrap,
} from 'cockatiel';
import { z } from 'zod';
import type { Outward } from '../outward/outward.ts';
import type { PasswordJudgement } from './password-hasher.ts';

/** The kind of a password that is kept there. */
export const PORTAL = 'portal:0';

const TIMEOUT_MILLISECONDS = 3_000;
const LARGEST_ANSWER = 4_096;
const AT_ONCE = 20;
const FAILURES_IN_A_ROW = 5;
const REST_MILLISECONDS = 10_000;
/** How long one failure speaks for the portal. */
const AWAY_MILLISECONDS = 30_000;
const ANSWERS_REMEMBERED = 64;
const QUICKEST = 250;

const answer = z.object({ right: z.boolean() });

export type OldPortal = {
  judge(login: string, password: string): Promise<PasswordJudgement>;
  /** It did not answer lately: nobody's wrong password can be told from a right one. */
  isAway(): boolean;
  /** What an answer takes at most, as far as is known. */
  usualMilliseconds(): number;
};

export type OldPortalOptions = {
  readonly url: string;
  readonly token: string;
  readonly outward: Outward;
  /** Told what went wrong: a word, never what was asked. */
  readonly onFault: (reason: string) => void;
  readonly timeout?: number;
};

export function oldPortal({
  url,
  token,
  outward,
  onFault,
  timeout = TIMEOUT_MILLISECONDS,
}: OldPortalOptions): OldPortal {
  const guarded = wrap(
    bulkhead(AT_ONCE),
    circuitBreaker(handleAll, {
      halfOpenAfter: REST_MILLISECONDS,
      breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
    }),
  );
  const times: number[] = [];
  let failedAt: number | undefined;

  const ask = async (login: string, password: string): Promise<boolean> => {
    const { status, body } = await outward(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ login, password }),
      timeoutMilliseconds: timeout,
      largestBody: LARGEST_ANSWER,
    });
    if (status !== 200) throw new Error(`status ${status}`);
    return answer.parse(JSON.parse(body.toString('utf8'))).right;
  };

  return {
    async judge(login, password) {
      const since = performance.now();
      try {
        const right = await guarded.execute(() => ask(login, password));
        failedAt = undefined;
        return { matches: right, outdated: right };
      } catch (error) {
        failedAt = performance.now();
        onFault(reasonOf(error));
        return { matches: false, outdated: false, undecided: true };
      } finally {
        times.push(performance.now() - since);
        if (times.length > ANSWERS_REMEMBERED) times.shift();
      }
    },
    isAway: () => failedAt !== undefined && performance.now() - failedAt < AWAY_MILLISECONDS,
    usualMilliseconds: () => Math.min(timeout, Math.max(QUICKEST, ...times)),
  };
}

/** No text of the answer: it may repeat what was asked. */
function reasonOf(error: unknown): string {
  if (isBrokenCircuitError(error)) return 'resting';
  if (isBulkheadRejectedError(error)) return 'too_many_at_once';
  if (error instanceof SyntaxError || error instanceof z.ZodError) return 'not_understood';
  return error instanceof Error && /^[a-z_]+$|^status [0-9]{3}$/.test(error.message)
    ? error.message
    : 'fault';
}
