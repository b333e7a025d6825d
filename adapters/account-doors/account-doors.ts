/**
 * By which doors an account can be entered, read under a lock: so that of two ways removed at once one stays. Knows
 * neither whose word opens a door nor which upstreams there are at the moment.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export type Doors = {
  readonly hasPassword: boolean;
  /** What a password is typed beside. */
  readonly identifiers: readonly ('email' | 'ticket')[];
  /** Ids of the upstreams it is linked to. */
  readonly upstreams: readonly string[];
  /** Each a whole way in. */
  readonly passkeys: number;
};

/** A link that is no more: to what it led, and from when until when. */
export type FormerLink = {
  readonly issuer: string;
  readonly subject: string;
  readonly upstream: string;
  readonly linkedAt: Date;
  readonly unlinkedAt: Date;
};

export interface AccountDoors {
  /** Until the transaction ends nobody else who asks here, links or signs the account out changes them. */
  lock(id: AccountId, within: Queryable): Promise<Doors>;
  /** The latest first. */
  formerLinksOf(id: AccountId): Promise<readonly FormerLink[]>;
}
