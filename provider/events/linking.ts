/** Identities of upstreams and the accounts they come to open. */
import type { Queryable } from '../../adapters/database/database.ts';
import type { Recorder, Where } from './recorder.ts';

export function linkingEvents({ record }: Recorder) {
  return {
    /** `ground`: why it was allowed to. */
    async identityLinked(
      where: Where,
      accountId: string,
      { upstream, ground }: { upstream: string; ground: 'register' | 'proof' | 'new_account' },
      within: Queryable,
    ) {
      await record(
        {
          event: 'identity_linked',
          outcome: 'success',
          actor: accountId,
          accountId,
          detail: { upstream, ground },
          ...where,
        },
        within,
      );
    },
    /** `id`: the account is made in the same transaction. */
    async accountOpened(where: Where, id: string, upstream: string, within: Queryable) {
      await record(
        {
          event: 'account_opened',
          outcome: 'success',
          actor: id,
          accountId: id,
          detail: { upstream },
          ...where,
        },
        within,
      );
    },
    /** The person has been told that the data differ, and the number of the case. */
    async identityMismatched(
      where: Where,
      { upstream, number, kinds }: { upstream: string; number: string; kinds: readonly string[] },
      accountId: string | undefined,
      within: Queryable,
    ) {
      await record(
        {
          event: 'identity_mismatch',
          outcome: 'failure',
          actor: 'unknown',
          reason: kinds.join(' '),
          detail: { upstream, case: number },
          ...(accountId !== undefined && { accountId }),
          ...where,
        },
        within,
      );
    },
  };
}
