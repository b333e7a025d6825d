/**
 * What recipients of personal data have to be told about consents: an outbox, in order. Knows neither accounts nor how
 * an event travels.
 */
import type { Queryable } from '../database/database.ts';

export type ConsentEvent = {
  readonly id: string;
  readonly type: 'granted' | 'withdrawn';
  /** The name the recipient knows the person by, and nobody else. */
  readonly subject: string;
  readonly at: Date;
  /** Of the document; a consent on paper has none. */
  readonly version?: string;
};

export interface ConsentEvents {
  /**
   * Committed with the transaction. Says nothing, and returns false, when the recipient knows already, when the event
   * is not later than the last one, or when a person withdraws whom the recipient was never told of.
   */
  append(recipient: string, event: Omit<ConsentEvent, 'id'>, within: Queryable): Promise<boolean>;
  /** The oldest first, without those of `except`. */
  undelivered(recipient: string, except: readonly string[], limit: number): Promise<readonly ConsentEvent[]>;
  markDelivered(id: string): Promise<void>;
}
