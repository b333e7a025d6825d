/**
 * Deletions of accounts: asked for, waiting, carried out step by step. Knows which tables hold something personal of an
 * account, and empties them; knows neither sessions nor letters.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export type Deletion = { readonly requestedAt: Date; readonly due: Date };

/** What an account left behind when it was closed: enough to quarantine it and to write one last letter. */
export type Remains = {
  readonly identifiers: readonly { readonly kind: 'email' | 'ticket'; readonly value: string }[];
  readonly locale: 'ru' | 'en';
  readonly address?: string;
  readonly givenName?: string;
};

/** Rows destroyed, by table: what the record of destruction names. */
export type Destroyed = Readonly<Record<string, number>>;

export interface Deletions {
  /** False when one is under way already. */
  request(id: AccountId, days: number, within: Queryable): Promise<boolean>;
  /** Under way, and still to be cancelled. */
  of(id: AccountId): Promise<Deletion | undefined>;
  /** False when there is none, or it has begun. */
  cancel(id: AccountId, within: Queryable): Promise<boolean>;
  /** Accounts whose deletion is due or was cut short, some hundred at most. */
  due(): Promise<readonly AccountId[]>;
  /**
   * Nobody comes in any more: closes the account, takes its doors and its password. Undefined when it is not due, or
   * was closed before.
   */
  close(id: AccountId, within: Queryable): Promise<Remains | undefined>;
  /**
   * Destroys everything personal but the evidence of signatures, which stays under restriction for `evidenceYears`.
   * Undefined when the account is not closed, or this was done before.
   */
  erase(id: AccountId, evidenceYears: number, within: Queryable): Promise<Destroyed | undefined>;
  /** Accounts whose evidence has served its term. */
  evidenceDue(): Promise<readonly AccountId[]>;
  eraseEvidence(id: AccountId, within: Queryable): Promise<Destroyed | undefined>;
}
