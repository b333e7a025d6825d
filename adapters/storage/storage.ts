/**
 * Expiring protocol artefacts, in the shape of node-oidc-provider's adapter: interactions, sessions, grants, codes,
 * tokens, login attempts. Knows nothing of accounts and of what the payloads mean.
 */

/** What is stored: JSON, with the few fields the store itself looks at. */
export type Payload = {
  readonly [field: string]: unknown;
  readonly jti?: string;
  readonly uid?: string;
  readonly userCode?: string;
  readonly grantId?: string;
  /** Seconds since the epoch, set by `consume` alone. */
  readonly consumed?: number;
};

/**
 * An artefact found by its uid or user code comes with a reference for `jti`, as only the digest of its id is
 * stored. `upsert`, `consume` and `destroy` take it for the id; to `find` it is an id like any other, and unknown.
 */
export interface Artefacts {
  /**
   * Writes or replaces whole, a `consumed` mark included: writing without one opens the artefact again, which is
   * how a login attempt is handed back after it was taken. `expiresIn` is in seconds; a span that is already over
   * removes the artefact.
   * Throws GrantRevoked when the payload's `grantId` has been revoked: a token never outlives its grant,
   * not even when both are written at once.
   */
  upsert(id: string, payload: Payload, expiresIn: number): Promise<void>;
  /** Undefined when unknown or expired. The payload's `jti` is the id asked for. */
  find(id: string): Promise<Payload | undefined>;
  findByUid(uid: string): Promise<Payload | undefined>;
  findByUserCode(userCode: string): Promise<Payload | undefined>;
  /** By the reference that `findByUid` or `findByUserCode` gave. Never for what came from outside. */
  findReferenced(reference: string): Promise<Payload | undefined>;
  /**
   * Atomic: of any number of parallel calls exactly one returns, the others throw AlreadyConsumed (RFC 6749 4.1.2).
   * An unknown id throws it too, as it may have been consumed and have expired since.
   */
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  /** Removes every artefact of the grant, of whatever model, and refuses later ones. May be repeated. */
  revokeByGrantId(grantId: string): Promise<void>;
}

/** One view per model name: `storage('Session')`. Ids of different models never meet. */
export type Storage = (model: string) => Artefacts;

/** For stores that do not forget by themselves: what has expired is unreadable at once, and swept out later. */
export interface Sweeper {
  /** Removes expired rows, some thousands at a time so that no lock is long; returns how many. */
  sweep(): Promise<number>;
}

export class AlreadyConsumed extends Error {
  override name = 'AlreadyConsumed';
}

export class GrantRevoked extends Error {
  override name = 'GrantRevoked';
}
