/**
 * How often something may be tried: sign-ins per identifier, codes per address, requests per network. Counts keys it
 * does not understand; they come hashed, and one spelling per thing is the caller's duty.
 */

export type Limit = {
  /** How many takes are allowed … */
  readonly points: number;
  /** … within so many seconds, counted from the first one. */
  readonly seconds: number;
  /** Once exceeded, refuse for this long instead of until the end of the window. */
  readonly blockSeconds?: number;
};

export type Verdict = {
  readonly allowed: boolean;
  /** Takes counted in this window, this one and refused ones included. */
  readonly used: number;
  /** Seconds until it is worth trying again; 0 when allowed. */
  readonly retryAfter: number;
};

export interface Limiter {
  /**
   * Counts and judges in one step: of parallel calls exactly the allowed number passes. Never rejects because of the
   * store: while that is away, a stricter limit within this process holds. Several at once (`count`) pass together or
   * are not counted at all.
   */
  take(key: string, count?: number): Promise<Verdict>;
  /** Seconds for which the next one would be refused, 0 when it would pass. Counts nothing. */
  heldFor(key: string): Promise<number>;
  /** Of what was taken, so many came to nothing: they are not counted any more. */
  giveBack(key: string, count: number): Promise<void>;
  /** Forgets the key, as after a success. */
  reset(key: string): Promise<void>;
}

/** One limiter per name; equal keys of different limiters never meet. */
export type Limiters = (name: string, limit: Limit) => Limiter;

/** Counts nothing: where limits are lifted. */
export const unlimited: Limiter = {
  take: async () => ({ allowed: true, used: 0, retryAfter: 0 }),
  heldFor: async () => 0,
  giveBack: async () => {},
  reset: async () => {},
};
