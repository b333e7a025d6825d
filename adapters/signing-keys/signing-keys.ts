/**
 * The provider's own signing keys: `next → current → retired`, all of them published. One that has leaked is none of
 * these any more: it is gone.
 */

export type SigningAlg = 'RS256' | 'ES256';
export const SIGNING_ALGS: readonly SigningAlg[] = ['ES256', 'RS256'];

export type PrivateJwk = { readonly kty: string; readonly kid: string; readonly [member: string]: unknown };

export type SigningKey = {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly state: 'next' | 'current' | 'retired';
  readonly stateSince: Date;
  readonly jwk: PrivateJwk;
};

export interface SigningKeys {
  /** What is published: current keys first, then next, then those retired for no longer than a hint comes back. */
  list(): Promise<readonly SigningKey[]>;
  /** Changes whenever a key is added, moved or removed; cheap enough to ask every few seconds. */
  version(): Promise<string>;
  /** Makes what is missing, safely when several processes start at once. */
  ensure(): Promise<void>;
  /**
   * The next key becomes current, the current one is retired and stays published until nobody brings back what it
   * signed. Throws RotationTooEarly when relying parties cannot know the next key yet.
   */
  rotate(alg: SigningAlg): Promise<void>;
  /**
   * After a leak: every key of these algorithms goes, the next and the retired ones too, since they lay beside the one
   * that leaked; new ones sign at once. Throws ReplacedLately when the current ones are new, unless `again`.
   */
  replaceLeaked(algs: readonly SigningAlg[], options?: { readonly again?: boolean }): Promise<void>;
}

export class RotationTooEarly extends Error {
  override name = 'RotationTooEarly';
  readonly readyAt: Date;

  constructor(readyAt: Date) {
    super(`the next key is known to relying parties from ${readyAt.toISOString()}`);
    this.readyAt = readyAt;
  }
}

export class ReplacedLately extends Error {
  override name = 'ReplacedLately';
  /** How old the current key is. */
  readonly minutes: number;

  constructor(minutes: number) {
    super(`the current key is ${minutes} minute(s) old`);
    this.minutes = minutes;
  }
}
