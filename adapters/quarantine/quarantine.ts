/**
 * Addresses and tickets that open no other account for a while: what an account has just given up. Kept as keyed
 * hashes, so that it names nobody (security.md #129).
 */
import type { AccountId, IdentifierKind } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export interface Quarantine {
  /** `owner`: the account that may still have it back. A longer stay is not shortened. */
  put(
    identifier: { readonly kind: IdentifierKind; readonly value: string },
    stay: { readonly days: number; readonly owner?: AccountId },
    within: Queryable,
  ): Promise<void>;
  /** True when it may not become this account's now. */
  holds(kind: IdentifierKind, value: string, forAccount: AccountId, within?: Queryable): Promise<boolean>;
  release(kind: IdentifierKind, value: string, within: Queryable): Promise<void>;
}
