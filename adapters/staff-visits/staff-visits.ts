/** Why somebody of the staff opened a person's page: given once, good for a while, in that session and for that person. */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

/** An account, or a member who has none. */
export type VisitedPerson =
  | { readonly accountId: AccountId; readonly memberId?: string }
  | { readonly accountId?: never; readonly memberId: string };

export type Visitor = { readonly staffId: AccountId; readonly sessionUid: string };

export type Visit = {
  readonly id: string;
  /** A code. */
  readonly reason: string;
  /** Sealed. */
  readonly note?: string;
};

/** Something done to her in the course of a visit. */
export type VisitAct = Required<Visit> & { readonly act: string };

export interface StaffVisits {
  begin(
    visitor: Visitor,
    person: VisitedPerson,
    visit: Visit,
    minutes: number,
    within: Queryable,
  ): Promise<void>;
  noteAct(visitor: Visitor, person: VisitedPerson, act: VisitAct, within: Queryable): Promise<void>;
  /** The latest that is good still. */
  current(visitor: Visitor, person: VisitedPerson): Promise<Visit | undefined>;
}
