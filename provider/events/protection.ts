/** What people protect their accounts with, and how they come by without it. Kinds and ids, never codes or keys. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

/** Of what a person adds, removes or proves herself with. */
/** What a person can name and remove one by one. */
export type DeviceKind = 'code_app' | 'passkey';
export type FactorKind = DeviceKind | 'recovery_codes';

export function protectionEvents({ record }: Recorder) {
  const done =
    (event: string) =>
    async (
      where: Where,
      accountId: string,
      detail: Readonly<Record<string, string | number>>,
      within: Queryable,
    ) => {
      await record({ event, outcome: 'success', actor: accountId, accountId, detail, ...where }, within);
    };
  const added = done('factor_added');
  const removed = done('factor_removed');
  const used = done('recovery_code_used');
  const asked = done('second_proof_always');

  return {
    async factorAdded(where: Where, accountId: string, kind: FactorKind, within: Queryable) {
      await added(where, accountId, { kind }, within);
    },
    async factorRemoved(where: Where, accountId: string, kind: FactorKind, within: Queryable) {
      await removed(where, accountId, { kind }, within);
    },
    /** `left`: how many are not used yet. */
    async recoveryCodeUsed(where: Where, accountId: string, left: number, within: Queryable) {
      await used(where, accountId, { left }, within);
    },
    async secondProofDemanded(where: Where, accountId: string, wanted: boolean, within: Queryable) {
      await asked(where, accountId, { wanted: wanted ? 'yes' : 'no' }, within);
    },
    /** She says that she has nothing left but her mailbox. */
    async factorsLost(where: Where, accountId: string, within: Queryable) {
      await record(
        { event: 'factors_lost', outcome: 'success', actor: accountId, accountId, ...where },
        within,
      );
    },
    /** Asked to prove herself once more, by a way of hers, before something is changed. */
    async factorProofRefused(where: Where, accountId: string, method: string, reason: string) {
      await record({
        ...{ event: 'factor_proof', outcome: 'failure', actor: accountId, accountId, reason },
        detail: { method },
        ...where,
      });
    },
  };
}
