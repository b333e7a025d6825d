/**
 * The desk at which applications are decided where the register is kept by ourselves: a chair's, which sees those of one
 * organisation, or the operator's. Knows no account: whoever follows the register's changes learns of every decision.
 */
import type { Queryable } from '../database/database.ts';
import type { TicketRefusal, TicketWanted } from '../member-tickets/member-tickets.ts';
import type { RegistryApplication } from '../registry/registry.ts';

type DeskApplication = {
  readonly id: string;
  readonly purpose: RegistryApplication['purpose'];
  readonly organisationId: string;
  /** Short name. */
  readonly organisation: string;
  readonly receivedAt: Date;
  readonly remindedAt?: Date;
  /** Since then the organisations above may decide it, too. */
  readonly escalatedAt?: Date;
};

export type WaitingApplication = DeskApplication & { readonly application: RegistryApplication };

/** What the applicant wrote is erased by then; of an accepted one there is the member, of a returned one a name. */
export type DecidedApplication = DeskApplication & {
  readonly state: 'accepted' | 'returned' | 'rejected';
  readonly reason?: string;
  readonly decidedAt: Date;
  /** Family name and initials, as long as she may correct what was returned. */
  readonly applicant?: string;
  /** An account, or `operator`; absent for decisions of an older version. */
  readonly decidedBy?: string;
  readonly member?: {
    readonly id: string;
    readonly family: string;
    readonly given: string;
    readonly middle?: string;
    /** That signs in. */
    readonly ticket?: string;
  };
};

/** Whose applications: of all, of one organisation, or those escalated from below a path (its own included). */
export type DeskScope =
  | 'all'
  | { readonly organisationId: string; readonly escalated?: true }
  | { readonly escalatedBelow: string };

/** A card that may be the applicant's own: the same name and birth date. */
export type Namesake = {
  readonly memberId: string;
  readonly membership: string;
  readonly family: string;
  readonly given: string;
  readonly middle?: string;
  readonly hasTicket: boolean;
  /** On record elsewhere, and so not to be taken from there. */
  readonly elsewhere: boolean;
};

export type Acceptance = {
  /** Absent: it comes later (MemberTickets.assign). */
  readonly ticket?: TicketWanted;
  /** Who is on record already, such as with a paper ticket. */
  readonly memberId?: string;
  /** An account, or `operator`. */
  readonly by: string;
};

export type Verdict =
  | { readonly kind: 'accepted'; readonly memberId: string; readonly ticket?: string }
  /** No such application in this scope, or it was decided before. */
  | { readonly kind: 'not-waiting' }
  | { readonly kind: 'no-such-member' }
  | TicketRefusal;

export type DeskPage = { readonly after?: string; readonly limit: number };

export interface ApplicationDesk {
  /** The eldest first; `after`: the id the page begins behind. */
  waiting(scope: DeskScope, page?: DeskPage): Promise<readonly WaitingApplication[]>;
  /** The latest first. */
  decided(organisationId: string, page: DeskPage): Promise<readonly DecidedApplication[]>;
  /** Those of that organisation by which she was put on record, the latest first. */
  ofMember(organisationId: string, memberId: string, limit: number): Promise<readonly DecidedApplication[]>;
  find(organisationId: string, id: string): Promise<WaitingApplication | DecidedApplication | undefined>;
  namesakes(application: RegistryApplication): Promise<readonly Namesake[]>;
  /** Of several decisions at once the first counts. */
  accept(id: string, scope: DeskScope, on: Acceptance, within?: Queryable): Promise<Verdict>;
  /** False when it was not waiting. */
  decline(
    id: string,
    scope: DeskScope,
    decision: { readonly state: 'returned' | 'rejected'; readonly reason: string; readonly by: string },
    within?: Queryable,
  ): Promise<boolean>;
}

/** What waits too long is told: to the organisation first, to those above later. */
export type OverdueStep = 'reminded' | 'escalated';

export interface OverdueApplications {
  /**
   * Organisations with applications received before this moment for which the step was not taken, by their id: the first
   * `limit` behind `after`.
   */
  overdue(
    step: OverdueStep,
    before: Date,
    page: { readonly limit: number; readonly after?: string },
  ): Promise<readonly string[]>;
  /** Takes the step for all of them at once, for each application one time in its life; for how many. */
  take(step: OverdueStep, organisationId: string, before: Date, within: Queryable): Promise<number>;
}
