/** How far we have read in a register's feed of changes, and which process asks next. Knows nothing of what is in it. */
import type { Queryable } from '../database/database.ts';

export interface FeedPosition {
  /** For one process per `seconds`; undefined for the others. */
  claim(seconds: number): Promise<{ readonly cursor: string | undefined } | undefined>;
  /** With the effects of what was read. False when somebody else has read on from `from` meanwhile. */
  advance(from: string | undefined, to: string | undefined, within: Queryable): Promise<boolean>;
}
