/** People at the desk of the Union's operators, and what is done to their accounts. */
import type { AccountStatus, MembershipState } from '../../../adapters/account-store/account-store.ts';
import type { ApplicationState } from '../../../adapters/application-store/application-store.ts';
import type { Protection } from '../../../adapters/authenticators/authenticators.ts';
import type { CaseState } from '../../../adapters/case-store/case-store.ts';
import type { DocumentType } from '../../../adapters/document-store/document-store.ts';
import type { Stage } from '../../../adapters/integration-store/integration-store.ts';
import type { OfficeRole, OrganisationKind } from '../../../adapters/office-store/office-store.ts';
import type { StaffRole } from '../../../adapters/staff-store/staff-store.ts';
import type { FactorKind } from '../../events/protection.ts';
import type { ActFault, ActName, Unmaskable } from '../../operators/names.ts';
import type { SearchProblem, TypedSearch } from '../../operators/read-search.ts';
import type { ChosenReason, ReasonProblem } from '../../operators/reason.ts';
import type { catalogues, EventName, NoticeCode } from '../texts.ts';
import type { DocumentState, FieldProblem } from './shared.ts';

/** A row of a trail. */
export type TrailEntry = {
  readonly at: Date;
  /** Absent: none that is written today. */
  readonly event?: EventName;
  readonly code: string;
  readonly outcome: 'success' | 'failure';
  readonly actor: {
    readonly by: keyof (typeof catalogues)['ru']['operator']['people']['trail']['by'];
    readonly name?: string;
  };
  readonly portal?: string;
  readonly why?: string;
  readonly note?: string;
  /** Codes and ids, as they are. */
  readonly more: readonly string[];
};

/** Of somebody: what she has named herself, nothing by which it could be used. */
type ShownDevice = { readonly name: string; readonly addedAt: Date; readonly usedAt?: Date };

export type OperatorScreens = {
  readonly 'operator/people/search': {
    readonly typed: TypedSearch;
    readonly problem?: SearchProblem;
    readonly found?: {
      readonly by: 'clue' | 'name';
      readonly hasMore: boolean;
      readonly people: readonly {
        readonly name?: string;
        readonly birthYear?: string;
        readonly organisation?: string;
        readonly membership?: MembershipState;
        /** Absent: no account. */
        readonly status?: AccountStatus;
        readonly path: string;
      }[];
    };
  };
  readonly 'operator/people/reason': {
    readonly action: string;
    readonly minutes: number;
    readonly typed: { readonly reason?: ChosenReason; readonly note: string };
    readonly problem?: ReasonProblem;
  };
  readonly 'operator/people/person': {
    readonly path: string;
    readonly id: string;
    readonly status: AccountStatus;
    /** Passwords are not judged before, after too many wrong ones. */
    readonly heldUntil?: Date;
    /** Those that can be done as the account is. */
    readonly acts: readonly ActName[];
    /** Nothing is hers to do here, and why. */
    readonly barred?: 'own_account' | 'staff_account';
    readonly name?: string;
    readonly isMember: boolean;
    readonly membership?: MembershipState;
    readonly organisation?: string;
    readonly identifiers: readonly {
      readonly kind: Unmaskable;
      readonly value: string;
      readonly masked: boolean;
    }[];
    readonly passwordSetAt?: Date;
    readonly links: readonly {
      readonly name: string;
      readonly linkedAt: Date;
      readonly usedAt: Date;
      readonly removePath: string;
    }[];
    readonly protection: Pick<Protection, 'recoveryCodes' | 'alwaysAsked' | 'mailCountsAt'> & {
      readonly passkeys: readonly (ShownDevice & { readonly syncable: boolean })[];
      readonly codeApps: readonly ShownDevice[];
      /** Where something can be removed. */
      readonly removePath?: string;
    };
    readonly sessions: readonly {
      readonly device: string;
      readonly network: string;
      readonly signedInAt: Date;
      readonly endPath: string;
    }[];
    readonly portals: readonly { readonly name: string; readonly since: Date }[];
    readonly documents: readonly {
      readonly type: DocumentType;
      /** Absent from what was signed on paper. */
      readonly title?: string;
      readonly version?: string;
      readonly paper?: { readonly by: string };
      readonly state: DocumentState;
      readonly givenAt: Date;
      readonly path: string;
    }[];
    readonly applications: readonly {
      readonly purpose: 'joining' | 'enrolment';
      readonly organisation: string;
      readonly state: ApplicationState;
      readonly signedAt: Date;
    }[];
    readonly cases: readonly {
      readonly number: string;
      readonly state: CaseState;
      readonly openedAt: Date;
    }[];
    readonly held: readonly {
      readonly role: OfficeRole;
      readonly kind: OrganisationKind;
      readonly name: string;
    }[];
    readonly roles: readonly StaffRole[];
    readonly integrations: readonly { readonly clientId: string; readonly stage: Stage }[];
    readonly merges: readonly {
      readonly path: string;
      readonly mergedAt: Date;
      readonly undone: boolean;
      readonly canBeUndone: boolean;
      /** This one was closed by it. */
      readonly isClosed: boolean;
    }[];
    readonly trouble?: { readonly kind: 'refused' | 'bounced'; readonly since: Date };
    readonly notice?: NoticeCode;
  };
  readonly 'operator/people/member': {
    readonly name: string;
    readonly birthdate?: string;
    readonly organisation: string;
    readonly membership?: MembershipState;
  };
  readonly 'operator/people/document': {
    readonly type: DocumentType;
    readonly title?: string;
    readonly paper?: { readonly by: string };
    readonly blocks: readonly object[];
    readonly backPath: string;
  };
  readonly 'operator/people/trail': {
    readonly whose?: string;
    readonly backPath: string;
    readonly entries: readonly TrailEntry[];
    readonly olderPath?: string;
  };
  readonly 'operator/people/act': {
    readonly whose?: string;
    readonly act: ActName | 'end-session' | 'remove-way';
    /** Of the way or the session. */
    readonly what?: string;
    readonly action: string;
    readonly backPath: string;
    /** As the account is now; if not, `fault` says why. */
    readonly isPossible: boolean;
    readonly typed: { readonly note: string };
    readonly problem?: FieldProblem<'note'>;
    readonly fault?: ActFault | 'own_account' | 'staff_account';
  };
  readonly 'operator/people/second-factor': {
    readonly whose?: string;
    readonly action: string;
    readonly backPath: string;
    /** She wants to be asked for one, and will be. */
    readonly alwaysAsked: boolean;
    readonly factors: readonly {
      readonly field: FactorField;
      /** What the tick stands for. */
      readonly value: string;
      readonly kind: FactorKind;
      readonly name?: string;
      /** Of the paper: codes that are not used yet. */
      readonly left?: number;
    }[];
    readonly typed: { readonly note: string; readonly chosen: readonly string[] };
    readonly problems: readonly FieldProblem<'note' | FactorField>[];
    readonly fault?: ActFault | 'own_account' | 'staff_account';
  };
};

export type FactorField = `factor_${number}`;
