/**
 * What a person has typed in the wizard and where she was on the way to: found again on any device, forgotten when it
 * is finished or too old; what she applied with, when that is decided. Knows neither forms nor documents.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

/** With an electronic ticket («ДА»), or by an application («НЕТ»). */
export const VARIANTS = ['ticket', 'application'] as const;
export type Variant = (typeof VARIANTS)[number];

export type Draft = {
  /** Undefined until the person has answered which it is. */
  readonly variant?: Variant;
  /** Ids alone (way-back.ts). */
  readonly wayBack?: { readonly interaction: string; readonly clientId: string };
  /** JSON of the forms as it was saved; whoever saved it knows its shape. */
  readonly forms: { readonly [V in Variant]?: unknown };
  readonly revision: number;
  /** The documents made of this very revision. */
  readonly signingId?: string;
  readonly finishedAt?: Date;
};

export interface DraftStore {
  /** Inside a transaction the draft stands still until its end. */
  find(accountId: AccountId, within?: Queryable): Promise<Draft | undefined>;
  /** The latest portal counts; what was typed stays. */
  rememberWayBack(accountId: AccountId, wayBack: NonNullable<Draft['wayBack']>): Promise<void>;
  choose(accountId: AccountId, variant: Variant): Promise<void>;
  /** Replaces the form of this variant as a whole, chooses the variant, and parts from documents made before. */
  save(accountId: AccountId, variant: Variant, form: unknown): Promise<void>;
  /** False when the draft is not of this revision any more. */
  attachSigning(accountId: AccountId, revision: number, signingId: string): Promise<boolean>;
  /** Forgets what was typed, but the form of `kept`; the way back stays for the page that says so. */
  finish(accountId: AccountId, within: Queryable, kept?: 'application'): Promise<void>;
  /** The kept form is to be corrected: unfinished again, unless she has begun something else. */
  reopen(accountId: AccountId, within: Queryable): Promise<void>;
  /** The kept form is needed no more. */
  forgetApplication(accountId: AccountId, within: Queryable): Promise<void>;
}
