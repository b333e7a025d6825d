/** Slow hashes of passwords, computed beside the event loop and never more at once than the machine can carry. */

export type HashOptions = {
  /** Aborted when nobody waits for the answer any more: a hash that still queues is dropped, with the signal's reason. */
  readonly signal?: AbortSignal;
};

export interface PasswordHasher {
  /** Parameters, salt and the pepper's id live in the hash. Throws HasherOverloaded. */
  hash(password: string, options?: HashOptions): Promise<string>;
  /**
   * Undefined stands for «nobody has this identifier»: costs as much as a wrong password, and never matches.
   * `outdated`: made with other parameters or an older pepper than `hash` uses; meaningful when it matches.
   * Throws HasherOverloaded; throws an Error when the pepper of the hash is missing or the hash is none.
   */
  verify(
    hash: string | undefined,
    password: string,
    options?: HashOptions,
  ): Promise<{ readonly matches: boolean; readonly outdated: boolean }>;
  stats(): { readonly inFlight: number; readonly queued: number };
}

/** More work than can be done in time; nothing was computed. `retryAfter` in whole seconds, at least 1. */
export class HasherOverloaded extends Error {
  override name = 'HasherOverloaded';
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('too many passwords wait to be hashed');
    this.retryAfter = retryAfter;
  }
}
