/** The log of back-channel logouts: one entry for each relying party that has to be told. Kept for 30 days. */
import type { Queryable } from '../database/database.ts';

export type LogoutTarget = {
  readonly clientId: string;
  readonly accountId: string;
  /** The name of the session at that relying party. */
  readonly sid: string;
};

/** `refused`: the relying party does not take this one; `given_up`: it did not answer well for too long. */
export type DeliveryState = 'waiting' | 'delivered' | 'refused' | 'given_up';

/** What came of one attempt. */
export type DeliveryAttempt = {
  readonly state: DeliveryState;
  readonly status?: number;
  /** A code, never words of the other side. */
  readonly reason?: string;
  /** Of `waiting`. */
  readonly nextTryAt?: Date;
};

export type LogoutDelivery = DeliveryAttempt & {
  readonly id: string;
  readonly clientId: string;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly begunAt: Date;
};

export type DeliveryChoice = {
  /** Absent: of all relying parties. */
  readonly clientId?: string;
  readonly limit: number;
  /** Id of the last one of the page before; one that is gone ends the list. */
  readonly after?: string;
};

export interface LogoutDeliveries {
  /** Committed with the transaction; returns its id. */
  open(target: LogoutTarget, within: Queryable): Promise<string>;
  find(id: string, within?: Queryable): Promise<LogoutDelivery | undefined>;
  /** The latest first. */
  list(choice: DeliveryChoice): Promise<readonly LogoutDelivery[]>;
  /** Counts the attempt. */
  note(id: string, attempt: DeliveryAttempt, within: Queryable): Promise<void>;
  /** To be delivered again from now on. Undefined while it waits, and when nobody is left to be signed out. */
  reopen(id: string, within: Queryable): Promise<LogoutTarget | undefined>;
}
