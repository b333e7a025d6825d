/**
 * Accounts that somebody asked for and whose address nobody has confirmed yet, kept apart from accounts. Knows neither
 * links nor letters.
 */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';

/** The id of the account it becomes. */
export type RegistrationId = AccountId;

export type MailAddress = {
  /** Normal form (domain.md §3.5). */
  readonly key: string;
  /** As the person wrote it. */
  readonly original: string;
};

export type NewRegistration = {
  readonly id: RegistrationId;
  readonly email: MailAddress;
  readonly passwordHash: string;
  readonly locale: 'ru' | 'en';
  /** The terms that were ticked, at this moment and from this network. */
  readonly termsVersion: string;
  /** Ids alone (way-back.ts). */
  readonly wayBack?: { readonly interaction: string; readonly clientId: string };
  readonly device: string;
  readonly network: string;
};

export type Registration = Omit<NewRegistration, 'passwordHash'> & {
  /** `void`: disowned, or another one for the address was confirmed. */
  readonly state: 'open' | 'confirmed' | 'void';
  readonly createdAt: Date;
  readonly confirmedAt?: Date;
  /** Mark of the browser that confirmed it. */
  readonly confirmedBy?: string;
};

export interface RegistrationStore {
  add(registration: NewRegistration, within?: Queryable): Promise<void>;
  /** Undefined a week after it was begun. */
  find(id: RegistrationId): Promise<Registration | undefined>;
  /** Another address for the one that was mistyped; false when it is not open any more. */
  readdress(id: RegistrationId, email: MailAddress, within: Queryable): Promise<boolean>;
  /**
   * Closes it, and voids every other one of its address: of any number at once, for one address, one is confirmed. The
   * hash is given out and forgotten. Undefined when it was not open any more.
   */
  confirm(
    id: RegistrationId,
    confirmedBy: string,
    within: Queryable,
  ): Promise<(Registration & { readonly passwordHash: string }) | undefined>;
  /** «Это не я». False when it was not open any more. */
  disown(id: RegistrationId, within: Queryable): Promise<boolean>;
}
