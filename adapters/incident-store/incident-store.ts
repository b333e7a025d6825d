/**
 * What is done in an incident: everybody signed out by one moment, accounts picked from the trail of sign-ins, new
 * passwords for them one after another. Knows neither letters nor sessions.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

/** Sign-ins that succeeded; every condition that is given must hold. */
export type AffectedBy = {
  readonly from: Date;
  readonly until: Date;
  /** As the trail has it: 203.0.113.0/24. */
  readonly network?: string;
  readonly clientId?: string;
};

export type AffectedAccount = {
  readonly accountId: AccountId;
  readonly memberId?: string;
  readonly signIns: number;
  readonly first: Date;
  readonly last: Date;
  readonly hasEmail: boolean;
  readonly hasPhone: boolean;
  readonly documents: number;
};

export type ForcedReset = {
  readonly id: string;
  readonly begunAt: Date;
  readonly begunBy: AccountId;
  readonly accounts: number;
  readonly done: number;
  /** Without an address no letter leaves. */
  readonly unreachable: number;
  readonly endedAt?: Date;
};

export interface IncidentStore {
  /** `note`: sealed. */
  keepNote(
    note: { readonly id: string; readonly by: AccountId; readonly what: string; readonly note: string },
    within: Queryable,
  ): Promise<void>;
  /** From the commit on whatever began before counts for nothing, for anybody. */
  signOutEverybody(by: AccountId, within: Queryable): Promise<Date>;
  lastSignOut(): Promise<{ readonly at: Date; readonly by: AccountId } | undefined>;
  /** Accounts with a session or a grant of before `until`, in the order of their ids after `after`. */
  signedIn(until: Date, after: AccountId, limit: number): Promise<readonly AccountId[]>;
  /** Counts no further than `most`. */
  countAffected(by: AffectedBy, most: number): Promise<number>;
  /** Whether she is one of them. */
  affects(by: AffectedBy, accountId: AccountId): Promise<boolean>;
  affected(by: AffectedBy, most: number): Promise<readonly AffectedAccount[]>;
  /** Fixes whom it is about: everybody but `by`, who has to see it through. Returns how many. */
  beginReset(
    reset: { readonly id: string; readonly by: AccountId },
    affected: AffectedBy,
    most: number,
    within: Queryable,
  ): Promise<number>;
  resets(limit: number): Promise<readonly ForcedReset[]>;
  waitingInReset(id: string, limit: number): Promise<readonly AccountId[]>;
  /** False when it was done before. */
  markReset(id: string, accountId: AccountId, written: boolean, within: Queryable): Promise<boolean>;
  endReset(id: string): Promise<void>;
}
