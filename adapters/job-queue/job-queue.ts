/**
 * Work that must happen although the request that caused it is over: letters, back-channel logout. Durable, retried
 * with growing pauses, delivered to one worker at a time. Knows nothing of what the work is.
 */
import type { Queryable } from '../database/database.ts';

/** Every kind of work and its JSON data; ids rather than personal data. */
export type Jobs = {
  readonly 'backchannel-logout': {
    readonly clientId: string;
    readonly accountId: string;
    readonly sid: string;
  };
  readonly letter: {
    readonly accountId: string;
    readonly template: 'password-changed' | 'new-device';
    readonly details: Readonly<Record<string, string>>;
  };
  readonly sweep: Record<string, never>;
};

export type JobName = keyof Jobs;

export interface JobQueue {
  /** Resolves when the job is committed; inside a transaction it is committed with it. */
  add<Name extends JobName>(name: Name, data: Jobs[Name], within?: Queryable): Promise<void>;
}

export interface JobWorker {
  /** A handler that throws is called again later, with growing pauses; the last failure keeps the job as «failed». */
  work<Name extends JobName>(name: Name, handle: (data: Jobs[Name]) => Promise<void>): Promise<void>;
  /** Adds the job again and again; `cron` in five fields, UTC. One process of all does it. */
  repeat<Name extends JobName>(name: Name, cron: string, data: Jobs[Name]): Promise<void>;
  /** Lets running handlers finish, for at most `seconds`. */
  stop(seconds: number): Promise<void>;
}
