/**
 * Reconciliation cases: somebody's data differ between two systems, and a person must look (D-16, SYS-14). A case keeps
 * what the upstream told sealed; who may see which part of it is decided elsewhere.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';
import type { IdentityKey } from '../identity.ts';

/** Whose record differs: the union's own, or the one «Контингент» keeps for a school. */
export type CaseSide = 'union' | 'school';

/** What differs; the person is told these and nothing more. */
export type MismatchKind =
  | 'family_name'
  | 'given_name'
  | 'middle_name'
  | 'birthdate'
  | 'email'
  | 'snils'
  /** The record is linked to another account of the same upstream: one created anew there. */
  | 'identity'
  /** More than one record fits. */
  | 'ambiguous';

/** domain.md §1.9; `closed`: done with, and no sign-in follows from it. `retry_ok` and `closed` are settled. */
export type CaseState = 'open' | 'with_admin' | 'changed' | 'retry_ok' | 'reopened' | 'closed';

export type NewCase = {
  readonly side: CaseSide;
  readonly key: IdentityKey;
  readonly upstream: string;
  /** The record it differs from. */
  readonly accountId?: AccountId;
  readonly memberId?: string;
  readonly schoolPersonId?: string;
  /** Whose administrator opens it; absent on the union's side. */
  readonly schoolId?: string;
  readonly kinds: readonly MismatchKind[];
  /** Sealed: what the upstream told, as JSON of ToldPerson. */
  readonly told: string;
  /** Where the person wanted to go. */
  readonly clientId: string;
};

export type Case = Omit<NewCase, 'key' | 'told'> & {
  /** What people name it by: `2026-000123`. */
  readonly number: string;
  readonly state: CaseState;
  readonly openedAt: Date;
  readonly changedAt?: Date;
  /** From when on a sign-in works again. */
  readonly effectiveAt?: Date;
  /** These three say something of the person: absent once that has been destroyed. */
  readonly key?: IdentityKey;
  readonly told?: string;
  /** Sealed: why it was decided so. */
  readonly reason?: string;
};

/** What is remembered with a step. */
export type StepFacts = {
  /** Goes with `changed`. */
  readonly effectiveAt?: Date;
  /** Sealed. */
  readonly reason?: string;
  /** Whose account it turned out to be about. */
  readonly accountId?: AccountId;
};

export interface CaseStore {
  /**
   * The unsettled case of the same side, identity and record, with what was told and differs this time, or a new one:
   * asking twice makes no second.
   */
  open(fresh: NewCase, within?: Queryable): Promise<Case>;
  find(number: string): Promise<Case | undefined>;
  /** Unsettled ones first, then the latest. `schoolId` must be given on the school's side. */
  list(
    of: { readonly side: 'union' } | { readonly side: 'school'; readonly schoolId: string },
    page: { readonly limit: number; readonly before?: string },
  ): Promise<readonly Case[]>;
  /** The latest of this identity on that side that is not settled, for whoever signs in again. */
  latestOf(side: CaseSide, key: IdentityKey): Promise<Case | undefined>;
  /** All of this identity, on either side, the earliest first: what is kept about whoever it is. */
  ofIdentity(key: IdentityKey): Promise<readonly Case[]>;
  /** False when it is no longer in one of the states `from`. */
  move(
    number: string,
    from: readonly CaseState[],
    to: CaseState,
    within: Queryable,
    facts?: StepFacts,
  ): Promise<boolean>;
  /** It is worked on, and these are the kinds that differ still. */
  narrow(number: string, kinds: readonly MismatchKind[], within: Queryable): Promise<void>;
}
