/**
 * Changes of an account's address, from the wish to the day when it can be undone no more. Knows the steps and the
 * addresses; the codes and links that prove each step are kept elsewhere.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

/** Normal form, and as the person wrote it. */
export type EmailAddress = { readonly key: string; readonly original: string };

export type EmailChange = {
  readonly id: string;
  readonly accountId: AccountId;
  readonly address: EmailAddress;
  /** The code sent to the former address was given, or there is no such address. */
  readonly proved: boolean;
  readonly expiresAt: Date;
};

export type CompletedEmailChange = {
  readonly id: string;
  readonly accountId: AccountId;
  readonly former: EmailAddress;
};

export interface EmailChanges {
  /** Replaces what was under way. */
  begin(
    accountId: AccountId,
    change: { readonly id: string; readonly address: EmailAddress; readonly seconds: number },
    within: Queryable,
  ): Promise<void>;
  /** Under way and not too old. */
  pending(accountId: AccountId, within?: Queryable): Promise<EmailChange | undefined>;
  find(id: string): Promise<EmailChange | undefined>;
  /** False when it is not under way any more. */
  prove(id: string, within: Queryable): Promise<boolean>;
  /** False when nothing was under way. */
  cancel(accountId: AccountId, within: Queryable): Promise<boolean>;
  /**
   * The account has the new address from now on, and this row for `undoSeconds` more. Undefined when the change is not
   * under way and proved, or the address is another account's by now; then nothing is changed.
   */
  complete(id: string, undoSeconds: number, within: Queryable): Promise<CompletedEmailChange | undefined>;
  /**
   * An account without an address has this one from now on; there is nothing to undo, and the row is gone. Undefined
   * when it is not under way and proved, the account has an address by now, or this one is another account's.
   */
  add(id: string, within: Queryable): Promise<AccountId | undefined>;
  /** The completed change while it can be undone. */
  undoable(id: string): Promise<CompletedEmailChange | undefined>;
  /**
   * The account has its former address again; later changes are forgotten with this one, and their ids returned.
   * Undefined when it cannot be undone any more, or the former address leads to another account.
   */
  undo(id: string, within: Queryable): Promise<readonly string[] | undefined>;
}
