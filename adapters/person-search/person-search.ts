/**
 * People among millions, as the Union's operators look for them: members, their accounts, and accounts without a member.
 * Every question is one look into an index; knows neither who asks nor why.
 */
import type { AccountId, AccountStatus, MembershipState } from '../account-store/account-store.ts';

/** What somebody can be found by exactly; values in normal form (domain.md §3). */
export type ExactClue =
  | { readonly kind: 'ticket' | 'email' | 'phone' | 'account'; readonly value: string }
  /** Keyed digest. */
  | { readonly kind: 'snils'; readonly value: Buffer };

/** Beginnings, as they were typed; `birthdate` (yyyy-mm-dd) and organisations are exact. */
export type NameClue = {
  readonly family?: string;
  readonly given?: string;
  readonly middle?: string;
  readonly birthdate?: string;
  /** Ids; absent: anywhere. */
  readonly organisations?: readonly string[];
};

export type FoundPerson = {
  readonly accountId?: AccountId;
  readonly status?: AccountStatus;
  readonly memberId?: string;
  readonly name?: { readonly family: string; readonly given: string; readonly middle?: string };
  /** yyyy-mm-dd. */
  readonly birthdate?: string;
  readonly organisation?: string;
  readonly membership?: MembershipState;
};

export interface PersonSearch {
  /** Each once, members first. */
  byClue(clue: ExactClue): Promise<readonly FoundPerson[]>;
  /** By name, `limit` at most: without a family name and without a birth date there is nobody. */
  byName(clue: NameClue, limit: number): Promise<readonly FoundPerson[]>;
  /** A member, with her account if she has one. */
  ofMember(id: string): Promise<FoundPerson | undefined>;
}
