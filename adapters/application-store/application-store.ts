/** Applications for membership as their authors see them: what was asked for, and how far it has come. */
import type { AccountId } from '../account-store/account-store.ts';
import type { Queryable } from '../database/database.ts';
import type { RegistryApplication } from '../registry/registry.ts';

/** domain.md §1.9; an application exists from its signature on, its draft lives elsewhere. */
export type ApplicationState = 'signed' | 'delivered' | 'received' | 'accepted' | 'returned' | 'rejected';

export type Application = {
  readonly id: string;
  readonly accountId: AccountId;
  readonly purpose: 'joining' | 'enrolment';
  readonly organisation: string;
  readonly state: ApplicationState;
  /** In the words of the primary organisation, when it was returned or rejected. */
  readonly reason?: string;
  readonly signedAt: Date;
  readonly stateSince: Date;
};

export interface ApplicationStore {
  /** Within the transaction of the signature. Throws ApplicationUnderWay when the account has one that is not decided. */
  create(
    accountId: AccountId,
    application: RegistryApplication,
    organisation: string,
    within: Queryable,
  ): Promise<void>;
  of(accountId: AccountId): Promise<readonly Application[]>;
  /** What the register is to be told, while it has not taken it; undefined afterwards. */
  undelivered(id: string): Promise<RegistryApplication | undefined>;
  /** Erases what the register was to be told. */
  markDelivered(id: string): Promise<void>;
  /** Ids signed longer ago than `seconds` and not delivered, the oldest first; some hundred at most. */
  forgotten(seconds: number): Promise<readonly string[]>;
  /** What the register says of it. Undefined when that changes nothing: told before, or overtaken. */
  advance(
    id: string,
    state: 'received' | 'accepted' | 'returned' | 'rejected',
    reason: string | undefined,
    within: Queryable,
  ): Promise<Application | undefined>;
}

export class ApplicationUnderWay extends Error {
  override name = 'ApplicationUnderWay';
}
