/** What the Union's operators do to accounts. Why, in somebody's words, is kept sealed with the visit that is named. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

export type DeskAct =
  | 'guesses_forgotten'
  | 'account_locked'
  | 'account_unlocked'
  | 'session_ended'
  | 'signed_out'
  | 'reset_begun'
  | 'way_removed'
  | 'member_released'
  | 'factors_removed'
  | 'accounts_merged'
  | 'accounts_parted';

type ActedOn = {
  readonly staff: string;
  readonly accountId: string;
  readonly act: DeskAct;
  readonly reason: string;
  /** Id of what was written down about why. */
  readonly note: string;
  readonly detail?: Readonly<Record<string, string>>;
};

export function operatorEvents({ record }: Recorder) {
  const incident = async (
    event: string,
    where: Where,
    staff: string,
    detail: Readonly<Record<string, string | number | boolean>>,
    within?: Queryable,
  ) => {
    await record({ event, outcome: 'success', actor: staff, detail, ...where }, within);
  };

  return {
    async deskActed(
      where: Where,
      { staff, accountId, act, reason, note, detail }: ActedOn,
      within: Queryable,
    ) {
      await record(
        {
          ...{ event: `staff_${act}`, outcome: 'success', actor: staff, accountId, reason },
          detail: { note, ...detail },
          ...where,
        },
        within,
      );
    },
    async deskActRefused(
      where: Where,
      { staff, accountId, act, fault }: { staff: string; accountId: string; act: DeskAct; fault: string },
    ) {
      await record({
        ...{ event: `staff_${act}`, outcome: 'failure', actor: staff, accountId, reason: fault },
        ...where,
      });
    },
    async everybodySignedOut(where: Where, staff: string, within: Queryable) {
      await incident('everybody_signed_out', where, staff, {}, within);
    },
    async keyRotated(where: Where, staff: string, alg: string, leaked: boolean) {
      await incident('key_rotate', where, staff, { alg, leaked });
    },
    async resetsForced(
      where: Where,
      staff: string,
      detail: { readonly reset: string; readonly accounts: number; readonly note: string },
      within: Queryable,
    ) {
      await incident('resets_forced', where, staff, detail, within);
    },
    /** Of one account, by the job that an operator has begun. */
    async resetForced(accountId: string, reset: string, within: Queryable) {
      await record(
        { event: 'reset_forced', outcome: 'success', actor: 'system', accountId, detail: { reset } },
        within,
      );
    },
    async affectedExported(
      where: Where,
      staff: string,
      detail: { readonly count: number; readonly note: string },
      within: Queryable,
    ) {
      await incident('affected_exported', where, staff, detail, within);
    },
  };
}
