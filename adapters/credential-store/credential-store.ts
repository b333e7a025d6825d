/**
 * Credentials that chairs issue to the chairs below: whom for, until when, and the one-time password that opens them. Knows
 * neither the accounts they lead to nor how a password travels.
 */
import type { Queryable } from '../database/database.ts';
import type { OfficeRole } from '../office-store/office-store.ts';

/** A printed sheet, or a letter to the address. */
export const ISSUE_WAYS = ['sheet', 'letter'] as const;
export type IssueWay = (typeof ISSUE_WAYS)[number];

export type IssuedName = { readonly family: string; readonly given: string; readonly middle?: string };

export type NewCredential = {
  readonly id: string;
  readonly organisationId: string;
  readonly role: OfficeRole;
  readonly email: { readonly key: string; readonly original: string };
  readonly name: IssuedName;
};

export type Credential = NewCredential & {
  readonly batchId: string;
  readonly organisationName: string;
  readonly way: IssueWay;
  /** The account of whoever issued it. */
  readonly issuedBy: string;
  readonly issuedAt?: Date;
  readonly expiresAt?: Date;
};

export type NewBatch = {
  readonly id: string;
  /** At whose desk it is made. */
  readonly organisationId: string;
  readonly by: string;
  readonly way: IssueWay;
};

export type Batch = NewBatch & {
  readonly total: number;
  readonly issued: number;
  /** Whose one-time passwords can still be shown. */
  readonly sealed: number;
  readonly createdAt: Date;
  readonly startedAt?: Date;
};

/** At the desk of whoever issues. */
export interface CredentialDesk {
  draft(batch: NewBatch, credentials: readonly NewCredential[], within: Queryable): Promise<void>;
  batch(organisationId: string, id: string): Promise<Batch | undefined>;
  /** In the order of the list, `limit` at most. */
  listed(batchId: string, limit: number): Promise<readonly Credential[]>;
  /** False when it was started before. */
  start(organisationId: string, batchId: string, within: Queryable): Promise<boolean>;
  /** Once: each with its one-time password, as long as it was not shown and is not an hour old. */
  takeSheets(
    organisationId: string,
    batchId: string,
    within: Queryable,
  ): Promise<readonly (Credential & { readonly password: string })[]>;
  /** Of one organisation: those that wait for their persons, whether expired or not. */
  standing(organisationId: string): Promise<readonly Credential[]>;
  /** False when there is none such, it was used or is void. */
  void(organisationId: string, id: string, by: string, within: Queryable): Promise<boolean>;
}

/** For the job that issues a batch. */
export interface CredentialPress {
  /** Of started batches: what is not issued yet, in the order of the list. */
  due(batchId: string, limit: number): Promise<readonly Credential[]>;
  /**
   * The one-time password counts from now on, and the one that stood for the address at the organisation does not. False
   * when it is issued already.
   */
  issue(credential: Credential, password: string, days: number, within: Queryable): Promise<boolean>;
}

export type OpenedCredential = {
  readonly id: string;
  /** `void`: another one was issued, or it was taken back. */
  readonly state: 'good' | 'expired' | 'void';
};

/** Where whoever holds it comes in. */
export interface CredentialDoor {
  /** What address and one-time password open: good, or not any more. */
  openedBy(emailKey: string, password: string): Promise<OpenedCredential | undefined>;
  /** While it is good. */
  find(id: string, within?: Queryable): Promise<Credential | undefined>;
  /** The good ones for an address. */
  waitingFor(emailKey: string): Promise<readonly Credential[]>;
  /** False when it is good no more; of parallel calls one is true. The person's data are forgotten. */
  use(id: string, within: Queryable): Promise<boolean>;
}
