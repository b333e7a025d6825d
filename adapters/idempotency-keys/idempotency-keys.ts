/** Which calls have happened already: the answer is kept with its key, in the transaction of what the call has done. */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export type KeyedCall = {
  readonly accountId: AccountId;
  /** Of the caller's choice. */
  readonly key: string;
  /** Of everything that the answer depends on. */
  readonly digest: string;
};

export type Claim =
  /** The caller's to do. */
  | { readonly kind: 'new' }
  | { readonly kind: 'done'; readonly answer: string }
  /** The key was used for something else. */
  | { readonly kind: 'other' };

export interface IdempotencyKeys {
  /** Of parallel claims one is new; the others wait until its transaction has ended, and see what has become of it. */
  claim(call: KeyedCall, within: Queryable): Promise<Claim>;
  /** After a claim that was new, in its transaction. The answer may hold a secret: it is sealed. */
  settle(call: KeyedCall, answer: string, within: Queryable): Promise<void>;
}
