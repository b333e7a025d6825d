/** Checks of relying parties with wrong answers, kept for a day. Knows nothing of what is played or judged. */
import type { Queryable } from '../database/database.ts';

export type RehearsalState = 'waiting' | 'running' | 'done';

export type RehearsalRecord<Key = unknown, Result = unknown> = {
  readonly id: string;
  readonly clientId: string;
  /** Where the application begins a sign-in. */
  readonly loginUri: string;
  readonly key: Key;
  readonly state: RehearsalState;
  readonly results: readonly Result[];
  readonly expiresAt: Date;
};

export interface RehearsalStore<Key = unknown, Result = unknown> {
  create(
    rehearsal: Pick<RehearsalRecord<Key, Result>, 'id' | 'clientId' | 'loginUri' | 'key' | 'expiresAt'>,
    within?: Queryable,
  ): Promise<void>;
  /** Undefined when unknown or expired. */
  find(id: string, within?: Queryable): Promise<RehearsalRecord<Key, Result> | undefined>;
  /** Atomic: of several at once one begins. False while it is running. */
  begin(id: string, within?: Queryable): Promise<boolean>;
  /** The verdicts so far, or all of them. */
  report(id: string, state: 'running' | 'done', results: readonly Result[]): Promise<void>;
}
