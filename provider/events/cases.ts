/** Reconciliation cases: by whom each was looked at, and what was decided. Numbers and kinds, never what differs. */
import type { CaseSide } from '../../adapters/case-store/case-store.ts';
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

/** `staff`: the account of whoever sits at the desk. */
type AtDesk = { readonly staff: string; readonly number: string; readonly accountId?: string | undefined };

export function caseEvents({ record }: Recorder) {
  const decided = async (
    event: string,
    where: Where,
    { staff, number, accountId }: AtDesk,
    detail: Readonly<Record<string, string>>,
    within: Queryable,
  ) => {
    await record(
      {
        ...{ event, outcome: 'success', actor: staff },
        ...(accountId !== undefined && { accountId }),
        detail: { case: number, ...detail },
        ...where,
      },
      within,
    );
  };

  return {
    /** The person has been told that the data differ, the number of the case, and whom to ask. */
    async schoolMismatched(
      where: Where,
      accountId: string,
      facts: {
        readonly upstream: string;
        readonly number: string;
        readonly kinds: readonly string[];
        readonly schoolId: string;
      },
      within: Queryable,
    ) {
      const { upstream, number, kinds, schoolId } = facts;
      await record(
        {
          ...{ event: 'school_mismatch', outcome: 'failure', actor: accountId, accountId },
          reason: kinds.join(' '),
          detail: { upstream, case: number, schoolId },
          ...where,
        },
        within,
      );
    },
    /** She has signed in again: the data agree, or they still differ after the correction. */
    async caseTried(
      where: Where,
      accountId: string,
      { number, outcome }: { readonly number: string; readonly outcome: 'retry_ok' | 'reopened' },
      within: Queryable,
    ) {
      await record(
        {
          ...{ event: 'case_tried', actor: accountId, accountId },
          outcome: outcome === 'retry_ok' ? 'success' : 'failure',
          detail: { case: number, state: outcome },
          ...where,
        },
        within,
      );
    },
    /** Whose data were looked at stands in the case. */
    async caseSeen(where: Where, { staff, number, accountId }: AtDesk, side: CaseSide) {
      await record({
        ...{ event: 'case_seen', outcome: 'success', actor: staff },
        ...(accountId !== undefined && { accountId }),
        detail: { case: number, side },
        ...where,
      });
    },
    /** Of «Контингент». `state`: `changed` when it agrees now, else `with_admin`. */
    async schoolRecordCorrected(
      where: Where,
      at: AtDesk,
      { schoolPersonId, state }: { readonly schoolPersonId: string; readonly state: string },
      within: Queryable,
    ) {
      await decided('school_record_corrected', where, at, { schoolPersonId, state }, within);
    },
    /** `replaced`: another identity of the same issuer has lost the account. */
    async caseLinked(where: Where, at: AtDesk, replaced: boolean, within: Queryable) {
      await decided('case_linked', where, at, { replaced: String(replaced) }, within);
    },
    async caseUnlinked(where: Where, at: AtDesk, within: Queryable) {
      await decided('case_unlinked', where, at, {}, within);
    },
    async caseRefused(where: Where, at: AtDesk, within: Queryable) {
      await decided('case_refused', where, at, {}, within);
    },
  };
}
