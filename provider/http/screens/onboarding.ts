/** «Начало», the chairs below, their credentials, and the undertaking. */
import type { IssueWay } from '../../../adapters/credential-store/credential-store.ts';
import type { OfficeRole } from '../../../adapters/office-store/office-store.ts';
import type { ChecklistItem, RecordsSoFar } from '../../../adapters/onboarding/onboarding.ts';
import type { Block } from '../../documents/paragraphs.ts';
import type { StepState } from '../../onboarding/steps.ts';
import type { ChairFrame } from '../../staff/officer.ts';
import type { NoticeCode, ProblemCode } from '../texts.ts';
import type { FieldProblem } from './shared.ts';

type Progress = { readonly all: number; readonly finished: number };
type ChecklistLine = {
  readonly item: ChecklistItem;
  readonly done: boolean;
  readonly read: boolean;
  readonly at?: Date;
};
type Undertaken = { readonly at: Date; readonly how: 'signed' | 'paper' };

export type OnboardingScreens = {
  readonly 'chair/home': ChairFrame & {
    /** Of a primary organisation. */
    readonly steps: readonly (StepState & { readonly path?: string })[];
    readonly records?: RecordsSoFar;
    /** The list of members who have no number. */
    readonly unnumberedPath?: string;
    /** Of those below. */
    readonly progress?: Progress;
    readonly canIssue: boolean;
    readonly checklist?: readonly ChecklistLine[];
    readonly checklistAction?: string;
    readonly officersPath?: string;
    readonly notice?: NoticeCode;
  };
  readonly 'chair/chairs/list': ChairFrame & {
    readonly unfinished: boolean;
    readonly paths: { readonly all: string; readonly unfinished: string };
    readonly progress: Progress;
    readonly organisations: readonly {
      readonly id: string;
      readonly name: string;
      readonly inn?: string;
      readonly path?: string;
      readonly waiting: number;
      readonly passport?: boolean;
      readonly people: readonly {
        readonly role: OfficeRole;
        readonly name?: string;
        readonly undertaken: boolean;
        readonly items: readonly { readonly item: ChecklistItem; readonly done: boolean }[];
      }[];
    }[];
    readonly issuePath?: string;
    readonly morePath?: string;
  };
  readonly 'chair/chairs/officers': ChairFrame & {
    readonly people: readonly {
      readonly id: string;
      readonly role: OfficeRole;
      readonly name?: string;
      readonly email?: string;
      readonly grantedAt: Date;
      readonly undertaken?: Undertaken;
      readonly checklist: readonly ChecklistLine[];
      readonly path: string;
    }[];
    readonly waiting: readonly {
      readonly id: string;
      readonly name: string;
      readonly email: string;
      readonly role: OfficeRole;
      readonly way: IssueWay;
      readonly issuedAt: Date;
      readonly expiresAt: Date;
      readonly expired: boolean;
      readonly path: string;
    }[];
    readonly action: string;
    readonly backPath: string;
    readonly typed: {
      readonly family: string;
      readonly given: string;
      readonly middle: string;
      readonly email: string;
      readonly role: OfficeRole;
      readonly way: IssueWay;
    };
    /** Of the form, or `date-` and the office, or `waiting-` and the credentials. */
    readonly problems: readonly {
      readonly field: string;
      readonly code: ProblemCode;
      readonly params?: Readonly<Record<string, number>>;
    }[];
    /** Whose date was typed. */
    readonly paperOf?: { readonly id: string; readonly date: string };
    readonly notice?: NoticeCode;
  };
  readonly 'chair/chairs/issue': ChairFrame & {
    readonly action: string;
    readonly days: number;
    /** Where the numbers of the organisations stand. */
    readonly chairsPath: string;
    readonly typed: { readonly list: string; readonly way: IssueWay; readonly second: boolean };
    /** Some of the organisations have a chair: whether a second one is meant. */
    readonly asksSecond: boolean;
    readonly faults: readonly {
      readonly line: number;
      readonly code: ProblemCode;
      readonly params?: Readonly<Record<string, number>>;
    }[];
    /** Some of them may not be shown. */
    readonly faultCount: number;
    readonly problem?: FieldProblem<'list'>;
  };
  readonly 'chair/chairs/batch': ChairFrame & {
    readonly way: IssueWay;
    readonly total: number;
    readonly issued: number;
    /** Whose sheets can still be shown. */
    readonly sealed: number;
    readonly days: number;
    readonly running: boolean;
    readonly startAction?: string;
    readonly sheetsAction?: string;
    readonly listed: readonly {
      readonly name: string;
      readonly email: string;
      readonly organisation: string;
    }[];
    /** Why it was not started, and because of which addresses. */
    readonly problem?: {
      readonly code: ProblemCode;
      readonly params: Readonly<Record<string, number>>;
      readonly emails: readonly string[];
    };
    readonly chairsPath: string;
  };
  readonly 'chair/chairs/sheets': ChairFrame & {
    readonly address: string;
    /** Signs of a password of staff. */
    readonly shortest: number;
    readonly guides: readonly { readonly title: string; readonly address: string }[];
    readonly sheets: readonly {
      readonly name: string;
      readonly email: string;
      readonly organisation: string;
      readonly password: string;
      readonly role: OfficeRole;
      readonly expiresAt?: Date;
    }[];
    readonly chairsPath: string;
  };
  readonly 'chair/undertaking': ChairFrame & {
    readonly given?: Undertaken;
    readonly document?: {
      readonly title: string;
      readonly blocks: readonly Block[];
      readonly sha256: string;
    };
    readonly action: string;
    readonly termsVersion: string;
    /** To be accepted before the signature. */
    readonly terms?: string;
    readonly problem?: FieldProblem<'terms'>;
  };
  readonly 'chair/undertaking-code': ChairFrame & {
    readonly title: string;
    readonly sent: boolean;
    readonly address: string;
    readonly action: string;
    readonly againAction: string;
    readonly textPath: string;
    readonly problem?: FieldProblem<'code'>;
  };
};
