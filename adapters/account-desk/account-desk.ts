/** What the Union's operators may change of an account itself: closed for a while, opened again, parted from a member. */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export interface AccountDesk {
  /** Nobody comes in until it is unlocked. False when it is not open. */
  lock(id: AccountId, within: Queryable): Promise<boolean>;
  /** False when it is not locked. */
  unlock(id: AccountId, within: Queryable): Promise<boolean>;
  /** She is no member any more as far as the account knows: neither her name nor her ticket stay. Undefined: none. */
  releaseMember(id: AccountId, within: Queryable): Promise<string | undefined>;
}
