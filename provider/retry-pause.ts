/** When somebody who did not answer well is asked again: soon at first, then ever more rarely. */

export type RetryRule = { readonly longestSeconds: number; readonly giveUpSeconds: number };

const FIRST_SECONDS = 2;

/**
 * Seconds until the next attempt after so many that failed; undefined when it has gone on for too long.
 * 2, 4, 8 … `longestSeconds`.
 */
export function retryPause(
  { longestSeconds, giveUpSeconds }: RetryRule,
  failures: number,
  begunAt: Date,
  now: Date,
): number | undefined {
  const pause = Math.min(FIRST_SECONDS * 2 ** Math.max(0, failures - 1), longestSeconds);
  return now.getTime() + pause * 1_000 - begunAt.getTime() > giveUpSeconds * 1_000 ? undefined : pause;
}
