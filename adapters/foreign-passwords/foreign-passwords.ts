/** Which passwords came from other systems, and how many of them are still as they came. Knows no hashing. */
import type { AccountId, IdentifierKind } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export type Holder = {
  readonly kind: IdentifierKind;
  readonly value: string;
  readonly accountId: AccountId;
  /** Or had one that was taken away: what was leaked stays dropped. */
  readonly hasPassword: boolean;
};

export type KindReport = {
  /** «bcrypt:10»: the scheme and its cost. */
  readonly kind: string;
  readonly imported: number;
  /** Still as they came. */
  readonly left: number;
};

export type WeekReport = {
  /** yyyy-mm-dd of its Monday. */
  readonly week: string;
  /** Replaced by a hash of ours: at a sign-in, by a change, or by a reset. */
  readonly replaced: number;
};

export interface ForeignPasswords {
  kindsLeft(): Promise<readonly string[]>;
  /** Who has which of these confirmed identifiers (normal forms). */
  holdersOf(
    identifiers: readonly { readonly kind: IdentifierKind; readonly value: string }[],
  ): Promise<readonly Holder[]>;
  /** Gives each account its hash unless it has a password or had one; the accounts that got theirs. */
  give(
    passwords: readonly { readonly accountId: AccountId; readonly hash: string; readonly kind: string }[],
    within: Queryable,
  ): Promise<ReadonlySet<AccountId>>;
  /** That this account, made a moment ago, has come with such a password. */
  note(accountId: AccountId, kind: string, within: Queryable): Promise<void>;
  report(): Promise<{ readonly kinds: readonly KindReport[]; readonly weeks: readonly WeekReport[] }>;
}
