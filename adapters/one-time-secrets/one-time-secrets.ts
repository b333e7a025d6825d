/**
 * Codes and links that work once: kept as keyed hashes, judged and used up in one step. Knows neither how they travel
 * nor what they allow.
 */
import type { Queryable } from '../database/database.ts';

/** One flat name per kind of act, so that a code for one never serves another (security.md class 25). */
export type Purpose =
  | 'confirm-email'
  | 'reset-password'
  | 'sign'
  | 'change-email-code'
  | 'change-email-link'
  | 'undo-email-change'
  | 'delete-account'
  | 'link-identity'
  | 'step-up'
  | 'first-password'
  | 'protection'
  | 'lost-factor';

/** What a secret is for: who may use it, and the one thing it is bound to. */
export type Errand = {
  readonly purpose: Purpose;
  /** Id of the account, registration or signing it belongs to. */
  readonly subject: string;
  /** Such as the hash of the documents to be signed; empty when there is nothing but the subject. */
  readonly binding?: string;
};

export type NewSecret = Errand & {
  /** Code points as they will be typed or followed; the store keeps a hash. */
  readonly secret: string;
  readonly seconds: number;
  /** Wrong guesses after which it is worth nothing. A link has one: it cannot be guessed. */
  readonly tries: number;
};

export type Judgement =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly triesLeft: number }
  /** None stands: never made, used, voided by a newer one, expired, or guessed at too often. */
  | { readonly kind: 'none' };

export interface OneTimeSecrets {
  /** Voids what stood for the same purpose and subject. */
  issue(secret: NewSecret, within?: Queryable): Promise<void>;
  /** Takes a try and, when the secret and its binding are right, uses it up: of parallel calls one is right. */
  redeem(errand: Errand & { readonly secret: string }, within?: Queryable): Promise<Judgement>;
  /** Whose standing link this is; changes nothing, so that whatever opens links in advance does no harm. */
  subjectOf(purpose: Purpose, secret: string): Promise<string | undefined>;
  /** When the standing one was made; undefined when none stands. */
  issuedAt(purpose: Purpose, subject: string): Promise<Date | undefined>;
  /** Voids what stands for the subject. */
  revoke(purpose: Purpose, subject: string, within?: Queryable): Promise<void>;
}
