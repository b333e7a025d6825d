/**
 * Numbers over time, added up over all processes: sign-ins, letters, waiting lines, and what each process says of itself.
 * Nobody is in them: a way, a portal, a reason and a count.
 */

export type CountKind = 'sign_in' | 'letter';

/** `way`: of a sign-in, or the name of a letter. `portal`: the client, or the mail service. `reason` empty: it went well. */
export type Labels = {
  readonly kind: CountKind;
  readonly way: string;
  readonly portal: string;
  readonly reason: string;
};

export type Count = Labels & { readonly minute: Date; readonly count: number };

export type Batch = {
  readonly counts: readonly Count[];
  /** How many waited for their hash at the worst moment of a minute. */
  readonly lines: readonly { readonly minute: Date; readonly longest: number }[];
};

export type UpstreamStates = Readonly<Record<string, 'up' | 'degraded' | 'off'>>;

export type RunningProcess = {
  readonly id: string;
  readonly inFlight: number;
  readonly queued: number;
  readonly upstreams: UpstreamStates;
};

/** Columns of equal width, the first of which begins at `from`. */
export type Grid = { readonly from: Date; readonly stepSeconds: number; readonly columns: number };

/** `at`: where its column begins. */
export type Point = { readonly at: Date; readonly name: string; readonly count: number };

export interface Statistics {
  /** Adds to what others have counted; the whole batch, or nothing of it. */
  add(batch: Batch): Promise<void>;
  /** Steps shorter than an hour are known for a week, others for 400 days. Columns without anything are left out. */
  counts(
    question: {
      readonly kind: CountKind;
      readonly by: 'way' | 'portal' | 'reason';
      readonly outcome: 'success' | 'failure';
    },
    grid: Grid,
  ): Promise<readonly Point[]>;
  /** Known for a week. */
  longestLines(grid: Grid): Promise<readonly Omit<Point, 'name'>[]>;
  report(process: RunningProcess): Promise<void>;
  /** Those that have reported within the last twenty seconds. */
  running(): Promise<readonly RunningProcess[]>;
  /** It has ended, and nobody must wait for it to be missed. */
  leave(processId: string): Promise<void>;
}
