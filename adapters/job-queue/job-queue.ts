/**
 * Work that must happen although the request that caused it is over: letters, back-channel logout. Durable, retried
 * with growing pauses, delivered to one worker at a time. Knows nothing of what the work is.
 */
import type { Queryable } from '../database/database.ts';

/** Every kind of work and its JSON data; ids rather than personal data. */
export type Jobs = {
  readonly 'backchannel-logout': {
    readonly deliveryId: string;
    readonly clientId: string;
    readonly accountId: string;
    readonly sid: string;
  };
  readonly letter: {
    readonly template: string;
    readonly accountId?: string;
    /** Addresses, names, codes and links: nobody reads them in the table. */
    readonly sealed: string;
    /** ISO 8601; a letter with a code is worth nothing afterwards. */
    readonly expiresAt?: string;
  };
  /** An address and a way back, sealed. */
  readonly 'password-reset': { readonly sealed: string };
  /** `until`: ISO 8601. */
  readonly 'end-sessions': { readonly accountId: string; readonly until: string };
  /** Each of a batch gets a one-time password. */
  readonly 'issue-credentials': { readonly batchId: string };
  /** `until`: ISO 8601; whoever acts for an organisation no more leaves the portals that want an office. */
  readonly 'office-ended': { readonly accountId: string; readonly until: string };
  /** After everybody was signed out: their sessions end one after another. `after`: the last account that is done. */
  'everybody-out': { readonly until: string; readonly after: string };
  /** Passwords that are to be thought out anew. */
  'forced-reset': { readonly resetId: string };
  /** To be brought to the register. */
  readonly application: { readonly applicationId: string };
  readonly 'waiting-applications': Record<string, never>;
  /** `until`: ISO 8601; grants that were made later stay. */
  readonly 'consent-ended': { readonly accountId: string; readonly type: string; readonly until: string };
  /** Whoever lost a role leaves the relying parties of ЭПОС. */
  readonly 'school-exits': Record<string, never>;
  /** What a receiver of events has to be told. */
  readonly 'event-stream': { readonly clientId: string };
  readonly 'consent-events': Record<string, never>;
  readonly news: Record<string, never>;
  readonly message: { readonly issueId: string; readonly accountId: string };
  readonly 'audit-seal': Record<string, never>;
  /** Counts what there is of everything that grows with people. */
  readonly census: Record<string, never>;
  /** Carries out what is due. */
  readonly deletions: Record<string, never>;
  /** Puts a confirmed list of members into the register. */
  readonly 'member-list': { readonly listId: string };
  /** Plays wrong answers to an application. */
  readonly rehearsal: { readonly rehearsalId: string };
  /** Applications that nobody has decided for days. */
  readonly 'overdue-applications': Record<string, never>;
  readonly sweep: Record<string, never>;
};

export type JobName = keyof Jobs;

export type JobOptions = {
  /** More urgent ones have the larger number; equals go by age. */
  readonly priority?: number;
  /** Of which only a few are handled at a time. */
  readonly group?: string;
  /** Not before. */
  readonly afterSeconds?: number;
};

export interface JobQueue {
  /** Resolves when the job is committed; inside a transaction it is committed with it. */
  add<Name extends JobName>(
    name: Name,
    data: Jobs[Name],
    within?: Queryable,
    options?: JobOptions,
  ): Promise<void>;
}

export interface JobWorker {
  /** A handler that throws is called again later, with growing pauses; the last failure keeps the job as «failed». */
  work<Name extends JobName>(name: Name, handle: (data: Jobs[Name]) => Promise<void>): Promise<void>;
  /** Adds the job again and again; `cron` in five fields, UTC. One process of all does it. */
  repeat<Name extends JobName>(name: Name, cron: string, data: Jobs[Name]): Promise<void>;
  /** Lets running handlers finish, for at most `seconds`. */
  stop(seconds: number): Promise<void>;
}

export type Claim<Name extends JobName> = {
  /** Stays the same however often the job is tried. */
  readonly id: string;
  readonly data: Jobs[Name];
  readonly addedAt: Date;
  readonly group: string;
};

/** Not now. The job keeps its age, and so its place among its equals; giving it up one day is the handler's. */
export type Postponement = { readonly againAfterSeconds: number };

export type DispatchRules = {
  /** Jobs in the hands of this process. */
  readonly atOnce: number;
  /** Jobs of one group in the hands of all processes. */
  readonly perGroup: number;
  /** Asked before each job is taken. Undefined: none now. */
  turn(): { readonly exceptGroups: readonly string[] } | undefined;
};

/** Jobs of one priority that are not done yet. */
export type WaitingJobs = {
  readonly priority: number;
  readonly jobs: number;
  /** Of these, tried before and waiting for another try. */
  readonly postponed: number;
  readonly oldestAt: Date;
};

/** For work whose order matters: the most urgent first, then the oldest, and no group in the way of the others. */
export interface JobDispatcher {
  /** A handler that throws is called again later, with growing pauses. */
  dispatch<Name extends JobName>(
    name: Name,
    rules: DispatchRules,
    handle: (claim: Claim<Name>) => Promise<Postponement | undefined>,
  ): Promise<void>;
  /** Jobs that are not done yet, by priority. */
  waiting(name: JobName): Promise<readonly WaitingJobs[]>;
  /** Jobs that wait for another try wait no longer; how many. */
  hurry(name: JobName): Promise<number>;
}
