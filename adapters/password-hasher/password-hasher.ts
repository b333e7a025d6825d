/** Slow hashes of passwords, computed beside the event loop and never more at once than the machine can carry. */

export type HashOptions = {
  /** Aborted when nobody waits for the answer any more: a hash that still queues is dropped, with the signal's reason. */
  readonly signal?: AbortSignal;
};

export type PasswordJudgement = {
  readonly matches: boolean;
  readonly outdated: boolean;
  readonly undecided?: true;
};

export interface PasswordHasher {
  /** Parameters, salt and the pepper's id live in the hash. Throws HasherOverloaded. */
  hash(password: string, options?: HashOptions): Promise<string>;
  /**
   * Undefined stands for «nobody has this identifier»: costs as much as a wrong password, and never matches.
   * `outdated`: made with other parameters or an older pepper than `hash` uses; meaningful when it matches.
   * `undecided`: whoever could tell is away, and so it would be said of anybody now; never together with a match.
   * Throws HasherOverloaded; throws an Error when the pepper of the hash is missing or the hash is none.
   */
  verify(hash: string | undefined, password: string, options?: HashOptions): Promise<PasswordJudgement>;
  stats(): { readonly inFlight: number; readonly queued: number };
}

export type ForeignHashFault =
  | 'hash_unknown'
  /** More work for each sign-in than a sign-in is worth. */
  | 'hash_too_costly'
  | 'salt_misplaced'
  | 'login_missing';

/** A hash of another system. `as`: what it is, where it does not say so itself; `portal`: `hash` is a login there. */
export type OfferedHash = { readonly hash: string; readonly as?: string; readonly salt?: string };

export interface ForeignHashes {
  /** A hash of ours over the foreign one, so that no fast one is ever kept. `kind`: the scheme and its cost. */
  adopt(
    offered: OfferedHash,
  ): Promise<
    | { readonly ok: true; readonly hash: string; readonly kind: string }
    | { readonly ok: false; readonly fault: ForeignHashFault }
  >;
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
