/**
 * Ranges of ticket numbers that the central office has given to the register kept by ourselves. Numbers are opaque: 16
 * digits, kept as text; here alone they are counted.
 */
import type { Queryable } from '../database/database.ts';

export type TicketRange = {
  /** 16 digits. */
  readonly first: string;
  readonly last: string;
  /** Numbers nobody has yet. */
  readonly free: number;
  readonly addedAt: Date;
};

export interface TicketRanges {
  /** In the order in which they are used up. */
  all(): Promise<readonly TicketRange[]>;
  /** Whether it is worth while to offer a number; `take` has the last word. */
  isOpen(): Promise<boolean>;
  /** False when it overlaps one that was added before. `by`: an account, or `operator`. */
  add(first: string, last: string, by: string): Promise<boolean>;
  /**
   * A number no ticket has ever had, and nobody else's: others who take one wait for the end of the transaction, and a
   * number is free again when that fails. Undefined when none is left.
   */
  take(within: Queryable): Promise<string | undefined>;
}
