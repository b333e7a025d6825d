/**
 * What became of letters: which the next server took over, which addresses refuse them. Knows addresses only as keyed
 * hashes, and nothing of what the letters say.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

export type Trouble = { readonly since: Date; readonly kind: 'refused' | 'bounced' };

export type LetterOutcome = {
  readonly letterId: string;
  readonly template: string;
  readonly at: Date;
  readonly outcome: 'accepted' | 'refused' | 'bounced';
  /** What the next server answered; proves that it took the letter over. */
  readonly receipt: string;
};

type Delivery = {
  readonly letterId: string;
  readonly template: string;
  readonly accountId: AccountId | undefined;
  /** In normal form. */
  readonly address: string;
};

export interface LetterRecord {
  /** Handed over or refused before: by another worker, or by this one before it was killed. */
  isSettled(letterId: string): Promise<boolean>;
  /** Ends the trouble with the address. */
  accepted(delivery: Delivery & { readonly receipt: string }): Promise<void>;
  /** Begins the trouble with the address, or leaves the earlier one. */
  refused(delivery: Delivery): Promise<void>;
  /** A letter that had been taken over came back. `letterId` when the report names it. */
  bounced(address: string, letterId?: string): Promise<void>;
  /** `address` in normal form. */
  troubleWith(address: string): Promise<Trouble | undefined>;
  /** The oldest first. */
  lettersTo(id: AccountId): Promise<readonly LetterOutcome[]>;
  /** Behind the «@» of the address letters to this account go to. */
  domainOf(id: AccountId, within?: Queryable): Promise<string | undefined>;
}
