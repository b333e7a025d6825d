/**
 * Which letters are settled, and which addresses letters do not reach. Knows addresses only as keyed hashes, and
 * nothing of what letters say.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export type Trouble = { readonly since: Date; readonly kind: 'refused' | 'bounced' };

/** `address` in normal form. */
type Settled = { readonly letterId: string; readonly address: string };

export interface LetterRecord {
  /** Handed over or refused before: by another worker, or by one that was killed before it could say so. */
  isSettled(letterId: string): Promise<boolean>;
  /** The next server took it over; ends the trouble with the address. */
  accepted(letter: Settled): Promise<void>;
  /** The address takes no letters; begins the trouble with it, or leaves the earlier one. */
  refused(letter: Settled): Promise<void>;
  /** A letter that had been taken over came back. False for an id that no letter of the last weeks has. */
  bounced(letterId: string): Promise<boolean>;
  troubleWith(address: string): Promise<Trouble | undefined>;
  /** Behind the «@» of the address letters to this account go to. */
  domainOf(id: AccountId, within?: Queryable): Promise<string | undefined>;
}
