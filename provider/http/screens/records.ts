/** What a primary organisation keeps of its own: passport, structure, members. */
import type { DecidedApplication } from '../../../adapters/application-desk/application-desk.ts';
import type { MemberCard } from '../../../adapters/member-book/member-book.ts';
import type {
  PassportField,
  PassportTab,
  Unit,
  UnitKind,
} from '../../../adapters/passport-store/passport-store.ts';
import type { RegistryApplication } from '../../../adapters/registry/registry.ts';
import type { MemberField } from '../../records/read-member.ts';
import type { ChairFrame } from '../../staff/officer.ts';
import type { NoticeCode, ProblemCode } from '../texts.ts';
import type { FieldProblem } from './shared.ts';

/** For a list to choose from: in the order of the tree, `depth` from 0. */
export type UnitInTree = Unit & { readonly depth: number };

type UnitForm = { readonly kind: UnitKind; readonly name: string; readonly parent: string };
type Membership = MemberCard['membership'];
type Person = { readonly id: string; readonly name: string; readonly path: string };

export type RecordScreens = {
  readonly 'chair/passport/tab': ChairFrame & {
    readonly tab: PassportTab;
    readonly tabs: readonly { readonly tab: PassportTab; readonly path: string; readonly filled: boolean }[];
    readonly fields: readonly {
      readonly field: PassportField;
      readonly value: string;
      readonly input: 'text' | 'date' | 'number' | 'phone' | 'email' | 'lines';
      readonly required: boolean;
      /** What somebody else has saved meanwhile. */
      readonly saved?: string;
    }[];
    readonly version: number;
    /** All of the passport. */
    readonly filled: boolean;
    readonly problems: readonly FieldProblem<PassportField>[];
    readonly changedAt?: Date;
    readonly notice?: NoticeCode;
  };
  readonly 'chair/structure/units': ChairFrame & {
    readonly units: readonly (UnitInTree & { readonly path: string })[];
    readonly typed: UnitForm;
    readonly problems: readonly FieldProblem<keyof UnitForm>[];
    readonly notice?: NoticeCode;
  };
  readonly 'chair/structure/unit': ChairFrame & {
    readonly unit: Unit;
    /** Where it may stand. */
    readonly above: readonly UnitInTree[];
    readonly typed: UnitForm;
    readonly problems: readonly FieldProblem<keyof UnitForm>[];
    readonly unitPath: string;
  };
  readonly 'chair/members/list': ChairFrame & {
    readonly members: readonly (Person & {
      readonly birthdate: string;
      readonly membership: Membership;
      readonly unit?: string;
      readonly ticket?: string;
    })[];
    readonly counts: readonly { readonly membership: Membership; readonly members: number }[];
    readonly units: readonly UnitInTree[];
    readonly filter: {
      readonly name: string;
      readonly membership: string;
      readonly unit: string;
      readonly only: string;
    };
    /** Not the whole list from its beginning. */
    readonly isPart: boolean;
    readonly morePath?: string;
    readonly notice?: NoticeCode;
    readonly problems: readonly FieldProblem<'name'>[];
  };
  readonly 'chair/members/card': ChairFrame & {
    readonly name: string;
    readonly cardPath: string;
    readonly membership: Membership;
    readonly since?: string;
    readonly reason?: string;
    /** Without a value: known, and not shown again. */
    readonly data: readonly { readonly field: MemberField; readonly value?: string }[];
    readonly tickets: readonly { readonly number: string; readonly state: string }[];
    /** A member with no number, nor one to be replaced. */
    readonly isUnnumbered: boolean;
    /** By which she was put on record here, the latest first. */
    readonly applications: readonly {
      readonly number: string;
      readonly purpose: RegistryApplication['purpose'];
      readonly state: DecidedApplication['state'];
      readonly receivedAt: Date;
      readonly path: string;
    }[];
    /** Of an applicant: what becomes of her is decided there. */
    readonly applicationPath?: string;
    readonly notice?: NoticeCode;
  };
  readonly 'chair/members/form': ChairFrame & {
    /** Of the person whose card is corrected; absent: somebody is put on record. */
    readonly name?: string;
    readonly fields: readonly {
      readonly field: MemberField;
      readonly value: string;
      readonly required: boolean;
    }[];
    readonly units: readonly UnitInTree[];
    readonly hidden: Readonly<Record<string, string | number>>;
    /** Somebody of this name and birth date is on record: here, with her card, or somewhere else in the Union. */
    readonly namesakes?: { readonly here: readonly Person[]; readonly elsewhere: boolean };
    readonly problems: readonly FieldProblem<MemberField>[];
    readonly action: string;
    readonly backPath: string;
  };
  readonly 'chair/members/membership': ChairFrame & {
    readonly name: string;
    readonly cardPath: string;
    readonly membership: Membership;
    /** What may become of it. */
    readonly choices: readonly { readonly membership: Membership }[];
    readonly version: number;
    readonly typed: { readonly membership?: string; readonly reason: string; readonly since: string };
    readonly problems: readonly FieldProblem<'membership' | 'reason' | 'since'>[];
  };
  readonly 'chair/members/upload': ChairFrame & {
    readonly columns: readonly { readonly field: MemberField; readonly required: boolean }[];
    readonly problem?: FieldProblem<'file'>;
  };
  readonly 'chair/members/uploaded': ChairFrame & {
    readonly state: 'checked' | 'confirmed' | 'done';
    readonly listPath: string;
    /** To be put in, and how many of them have been. */
    readonly rows: number;
    readonly done: number;
    readonly counts: {
      readonly add: number;
      readonly change: number;
      readonly same: number;
      readonly faulty: number;
    };
    readonly faults: readonly {
      readonly line: number;
      readonly name: string;
      readonly found: readonly {
        readonly field?: MemberField;
        readonly code: ProblemCode;
        readonly params: Readonly<Record<string, string | number>>;
      }[];
    }[];
    readonly changes: readonly {
      readonly line: number;
      readonly name: string;
      readonly plan: 'add' | 'change';
      readonly fields: readonly { readonly field: MemberField }[];
      readonly elsewhere: boolean;
    }[];
    /** Where each of the two goes on. */
    readonly nextFaults?: string;
    readonly nextChanges?: string;
    /** Not its first page. */
    readonly isPart: boolean;
  };
  readonly 'chair/members/export': ChairFrame & {
    readonly units: readonly UnitInTree[];
    readonly most: number;
    readonly typed: {
      readonly reason: string;
      readonly format: string;
      readonly membership: string;
      readonly unit: string;
    };
    readonly problems: readonly FieldProblem<'reason' | 'format' | 'membership'>[];
  };
};
