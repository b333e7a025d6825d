/**
 * Who acts for which organisation of the Union, and whether the undertaking not to disclose personal data is given
 * (E-03, E-04). Knows nothing of what an office allows.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export type OrganisationKind = 'regional' | 'territorial' | 'primary' | 'without_primary';

/** An organisation in its place: `path` is the ids from the top down to its own, each followed by «/». */
export type PlacedOrganisation = {
  readonly id: string;
  readonly kind: OrganisationKind;
  readonly path: string;
  readonly shortName: string;
  readonly closed: boolean;
};

/** `responsible`: for the work with the register, on behalf of the chair. */
export const OFFICE_ROLES = ['chair', 'responsible'] as const;
export type OfficeRole = (typeof OFFICE_ROLES)[number];

export type Office = {
  readonly id: string;
  readonly accountId: AccountId;
  readonly role: OfficeRole;
  readonly organisation: PlacedOrganisation;
  readonly grantedAt: Date;
  readonly undertaken?: { readonly at: Date; readonly how: 'signed' | 'paper' };
};

export type NewOffice = {
  readonly accountId: AccountId;
  readonly organisationId: string;
  readonly role: OfficeRole;
  /** The account of whoever gives it, or `operator`. */
  readonly by: string;
};

export interface OfficeStore {
  organisation(id: string): Promise<PlacedOrganisation | undefined>;
  /** The standing ones, the highest organisation first. */
  of(accountId: AccountId, within?: Queryable): Promise<readonly Office[]>;
  /** Whether she holds an office, or a role of the Union: whether there is a workplace for her. */
  isSeated(accountId: AccountId): Promise<boolean>;
  /** Of one organisation, the standing ones. */
  at(organisationId: string, within?: Queryable): Promise<readonly Office[]>;
  /** The id of the office; undefined when she holds one there already. */
  grant(office: NewOffice, within?: Queryable): Promise<string | undefined>;
  /** False when it was given before or the office is over. `by`: the account of whoever signs or records it. */
  undertake(
    id: string,
    given: { readonly how: 'signed' | 'paper'; readonly at: Date; readonly by: string },
    within?: Queryable,
  ): Promise<boolean>;
  /** With it end credentials that were issued to her for it once more. False when it is over already. */
  revoke(id: string, by: string, within?: Queryable): Promise<boolean>;
}

/** Keeps the time for sessions at a workplace. */
export interface WorkplaceVisits {
  /**
   * Whether the session, begun at `since`, was seen here within `idleSeconds` or is that young; if so, it is seen now.
   */
  keepAwake(sessionUid: string, since: Date, idleSeconds: number): Promise<boolean>;
}
