/** The provider's own signing keys: `next → current → retired`, one of each per algorithm, all of them published. */

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
  /** Current keys first, then next, then retired. */
  list(): Promise<readonly SigningKey[]>;
  /** Changes whenever a key is added, moved or removed; cheap enough to ask every few seconds. */
  version(): Promise<string>;
  /** Makes what is missing, safely when several processes start at once. */
  ensure(): Promise<void>;
  /**
   * The next key becomes current, the current one is retired, a new next one is published; keys retired longer
   * than any token lives are removed. Throws RotationTooEarly when relying parties cannot know the next key yet.
   */
  rotate(alg: SigningAlg, options?: { readonly force?: boolean }): Promise<void>;
}

export class RotationTooEarly extends Error {
  override name = 'RotationTooEarly';
  readonly readyAt: Date;

  constructor(readyAt: Date) {
    super(`the next key is known to relying parties from ${readyAt.toISOString()}`);
    this.readyAt = readyAt;
  }
}
