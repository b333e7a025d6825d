/** Accounts, the identifiers that lead to them, and what the member register knows of their owners. */
import type { Queryable } from '../database/database.ts';

export type AccountId = string;
export type IdentifierKind = 'email' | 'ticket';
export type AccountStatus = 'new' | 'confirmed' | 'locked' | 'closed';
export type MembershipState = 'applicant' | 'under_review' | 'member' | 'suspended' | 'ended';

export type Organisation = {
  readonly id: string;
  readonly shortName: string;
  readonly region: string;
  readonly email?: string;
  readonly phone?: string;
};

export type Account = {
  readonly id: AccountId;
  readonly status: AccountStatus;
  readonly locale: 'ru' | 'en';
  readonly updatedAt: Date;
  /** Whatever began before this moment – sign-ins, grants, tokens – counts for nothing. */
  readonly signedOutAt?: Date;
  /** Set while the consent to the processing of personal data is withdrawn: only the cabinet is open. */
  readonly servicesEndedAt?: Date;
  readonly name?: { readonly family: string; readonly given: string; readonly middle?: string };
  readonly verifiedEmail?: string;
  readonly phone?: string;
  /** Her password alone does not sign in; `mailCounts`: a mailed code is enough beside it, as all else is lost. */
  readonly alwaysAsked?: { readonly mailCounts: boolean };
  /** An application for membership is signed and not decided yet. */
  readonly applying?: true;
  readonly member?: {
    readonly id: string;
    readonly membership: MembershipState;
    readonly organisation: Organisation;
    /** The ticket that signs in: assigned and not blocked or replaced. */
    readonly ticket?: string;
  };
};

/** What a password sign-in needs, and nothing more. */
export type Credential = {
  readonly accountId: AccountId;
  readonly status: AccountStatus;
  readonly confirmed: boolean;
  readonly hash: string;
};

/** Whose password opens something behind an identifier. */
export type Credentials = {
  readonly account?: Credential;
  /** Whoever asked last for an account with this address, whether somebody has it or not. */
  readonly registration?: { readonly id: string; readonly hash: string };
};

export interface AccountStore {
  find(id: AccountId): Promise<Account | undefined>;
}

export interface CredentialStore {
  /** `value` in normal form (domain.md §3). */
  credentialsOf(kind: IdentifierKind, value: string): Promise<Credentials>;
  passwordOf(id: AccountId): Promise<string | undefined>;
  passwordSetAt(id: AccountId): Promise<Date | undefined>;
  /** Replaces the hash only while it is still `expected`; false when somebody was faster. */
  replacePassword(id: AccountId, expected: string, hash: string): Promise<boolean>;
}

export type NewAccount = {
  readonly id: AccountId;
  readonly locale: 'ru' | 'en';
  /** Confirmed by its owner at this moment. */
  readonly email: { readonly key: string; readonly original: string };
  readonly passwordHash: string;
};

/** An account that no password opens: its first door is another's to make. */
export type PasswordlessAccount = {
  readonly id: AccountId;
  readonly locale: 'ru' | 'en';
  readonly name?: { readonly family: string; readonly given: string; readonly middle?: string };
  /** Confirmed by somebody whose word is good for it. */
  readonly email?: { readonly key: string; readonly original: string };
};

/** A door that leads to somebody else already. */
export class IdentifierTaken extends Error {
  override name = 'IdentifierTaken';
}

/** Whoever had it has left: nothing is known of her any more, and nothing is to be known again. */
export class AccountGone extends Error {
  override name = 'AccountGone';
}

/** An account as the register's changes see it. */
export type MemberAccount = Pick<Account, 'id' | 'name'> & {
  /** The ticket that opens it. */
  readonly ticket?: string;
};

export interface AccountRegister {
  /** Throws IdentifierTaken. */
  create(account: NewAccount, within?: Queryable): Promise<void>;
  /** The address becomes hers only while it is nobody's; otherwise the account has none. */
  createPasswordless(account: PasswordlessAccount, within: Queryable): Promise<void>;
  ownerOf(kind: IdentifierKind, value: string, within?: Queryable): Promise<AccountId | undefined>;
  accountOfMember(memberId: string, within: Queryable): Promise<MemberAccount | undefined>;
  /**
   * The account belongs to this member from now on, and is named as she is; her active ticket opens it.
   * Throws IdentifierTaken when the member or the ticket is another account's, AccountGone when this one is closed.
   */
  bindMember(
    id: AccountId,
    member: { readonly id: string; readonly ticket?: string },
    name: { readonly family: string; readonly given: string; readonly middle?: string },
    within?: Queryable,
  ): Promise<void>;
  /** Sets name and phone as the person gave them, for an account that belongs to no member and is not closed. */
  describe(
    id: AccountId,
    name: { readonly family: string; readonly given: string; readonly middle?: string },
    phone: string | undefined,
    within?: Queryable,
  ): Promise<void>;
  setPassword(id: AccountId, hash: string, within?: Queryable): Promise<void>;
  /** Nobody comes in by a password until another is set. */
  dropPassword(id: AccountId, within: Queryable): Promise<void>;
}

export interface ServiceRegister {
  /** Both may be repeated; false when nothing was to be done. */
  endServices(id: AccountId, within: Queryable): Promise<boolean>;
  reopenServices(id: AccountId, within: Queryable): Promise<boolean>;
}

export interface SignOutRegister {
  /** From the commit on everything that began before counts for nothing; the moment, by the clock of the store. */
  signOutEverywhere(id: AccountId, within: Queryable): Promise<Date>;
}
