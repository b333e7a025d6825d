/** The desk where cases are settled. On a school's side nothing of the Union, on either nothing that is not masked. */
import type { CaseSide, CaseState, MismatchKind } from '../../../adapters/case-store/case-store.ts';
import type { ComparedRow } from '../../cases/masked.ts';
import type { CorrectionField } from '../../cases/read-correction.ts';
import type { NoticeCode } from '../texts.ts';
import type { FieldProblem } from './shared.ts';

type CaseHead = {
  readonly number: string;
  readonly state: CaseState;
  readonly openedAt: Date;
  readonly kinds: readonly MismatchKind[];
  /** As its reader knows it. */
  readonly upstream: string;
};

/** Whose desk it is: what else there is beside it. */
export type DeskFrame = {
  readonly seat: {
    readonly operator: boolean;
    /** Of «Контингент». */
    readonly administrator: boolean;
  };
};

export type CaseScreens = {
  readonly 'cases/list': DeskFrame & {
    readonly sections: readonly {
      /** Absent: the Union's. */
      readonly school?: string;
      readonly cases: readonly (CaseHead & {
        /** Of the school's own record. */
        readonly person?: string;
        readonly path: string;
      })[];
      readonly morePath?: string;
    }[];
  };
  readonly 'cases/case': DeskFrame &
    CaseHead & {
      readonly side: CaseSide;
      /** The name in the school's own record. */
      readonly person?: string;
      /** Absent when what was told has been destroyed. */
      readonly rows?: readonly ComparedRow[];
      readonly effectiveAt?: Date;
      readonly reason?: string;
      /** There is no record on our side: it is gone, or there never was a single one. */
      readonly recordMissing: boolean;
      readonly correctionPath?: string;
      readonly decision?: {
        readonly kind: 'decide' | 'unlink';
        readonly action: string;
        /** The account has to be named. */
        readonly asksAccount: boolean;
        /** Linking takes another identity's door away. */
        readonly replaces: boolean;
        readonly typed: { readonly decision?: string; readonly reason: string; readonly account: string };
      };
      readonly notice?: NoticeCode;
      readonly problem?: FieldProblem<'decision' | 'reason' | 'account'>;
    };
  readonly 'cases/correction': DeskFrame & {
    readonly number: string;
    readonly rows: readonly ComparedRow[];
    readonly typed: Readonly<Record<CorrectionField, string>>;
    /** Saving takes the record from the account that is recognised as it. */
    readonly releases: boolean;
    /** Saved, and these differ still. */
    readonly kinds?: readonly MismatchKind[];
    readonly problems: readonly FieldProblem<CorrectionField>[];
    readonly action: string;
    readonly casePath: string;
  };
};
