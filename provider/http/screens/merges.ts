/** Two accounts of one person at the operators' desk: chosen, previewed, merged, undone. */
import type { MergeSide } from '../../../adapters/account-merges/account-merges.ts';
import type { ConsentType } from '../../../adapters/document-store/document-store.ts';
import type { IdentityDifference, MergeConflict, MergePreview } from '../../operators/merge-preview.ts';
import type { NoticeCode } from '../texts.ts';
import type { FieldProblem } from './shared.ts';

type MergedSide = Pick<
  MergeSide,
  'id' | 'status' | 'createdAt' | 'documents' | 'applications' | 'integrations' | 'protection'
> & {
  readonly name?: string;
  /** Masked, and the ticket, too. */
  readonly email?: string;
  readonly birthdate?: string;
  readonly furtherEmails: number;
  readonly ticket?: string;
  readonly isMember: boolean;
  readonly hasPassword: boolean;
  readonly ways: readonly string[];
  readonly portals: readonly string[];
  readonly path: string;
};

export type MergeScreens = {
  readonly 'operator/merge/choose': {
    /** Absent: neither a name nor an address is known; on the other pages, too. */
    readonly whose?: string;
    readonly action: string;
    readonly backPath: string;
    readonly typed: { readonly other: string };
    readonly problem?: FieldProblem<'other'>;
  };
  readonly 'operator/merge/preview': {
    readonly action: string;
    readonly survivorAction: string;
    /** The one whose page she may open. */
    readonly backPath: string;
    readonly survivor: MergedSide;
    readonly closed: MergedSide;
    readonly conflicts: readonly MergeConflict[];
    /** By what they seem to be two people. */
    readonly differences: readonly IdentityDifference[];
    readonly moves: {
      readonly emailAs?: 'main' | 'further';
      readonly member: boolean;
      readonly password: boolean;
      readonly ways: readonly string[];
      readonly devices: boolean;
      readonly asksAlways: boolean;
    };
    /** Whether what opens the closed one opens the other afterwards. */
    readonly waysGoOver: boolean;
    readonly secondFactor: MergePreview['secondFactor'];
    readonly ending: readonly string[];
    readonly consents: readonly ({ readonly type: ConsentType } & MergePreview['consents'][ConsentType])[];
    readonly strangers: readonly string[];
    readonly digest: string;
    readonly days: number;
    readonly changed: boolean;
    readonly typed: { readonly note: string; readonly samePerson: boolean };
    readonly problem?: FieldProblem<'note' | 'same_person'>;
  };
  readonly 'operator/merge/merge': {
    readonly id: string;
    readonly survivor: { readonly path: string; readonly whose?: string };
    readonly closed: { readonly path: string; readonly whose?: string };
    readonly mergedAt: Date;
    readonly undone?: Date;
    /** While it can be undone. */
    readonly undo?: {
      readonly action: string;
      readonly until: Date;
      readonly typed: { readonly note: string };
    };
    readonly problem?: FieldProblem<'note'>;
    readonly notice?: NoticeCode;
  };
};
