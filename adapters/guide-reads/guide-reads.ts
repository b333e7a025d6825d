/** Which guides somebody has marked as read. Knows neither what guides there are nor for whom they are. */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export interface GuideReads {
  /** Whoever has read none has no entry. */
  readBy(
    accountIds: readonly AccountId[],
    within?: Queryable,
  ): Promise<ReadonlyMap<AccountId, ReadonlySet<string>>>;
  /** False when it was marked before. */
  mark(accountId: AccountId, guide: string, within?: Queryable): Promise<boolean>;
}
