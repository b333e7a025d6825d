/**
 * Streams of events to receivers outside, and the log of what each has to be told and was told. Knows neither how an
 * event is written down nor how it travels.
 */
import type { ClientMetadata } from '../client-store/client-store.ts';
import type { Queryable } from '../database/database.ts';

export type StreamDelivery =
  | { readonly method: 'poll' }
  | {
      readonly method: 'push';
      readonly endpoint: string;
      /** The value of `Authorization` that the receiver wants to see. Sealed at rest. */
      readonly authorization?: string;
    };

/** `paused`: events are kept; `disabled`: there are none. */
export type StreamStatus = 'enabled' | 'paused' | 'disabled';

export type EventStream = {
  readonly id: string;
  readonly clientId: string;
  readonly delivery: StreamDelivery;
  /** Types the receiver asked for. */
  readonly events: readonly string[];
  readonly status: StreamStatus;
  readonly reason?: string;
  readonly failingSince?: Date;
  readonly updatedAt: Date;
};

export type StreamSettings = Pick<EventStream, 'clientId' | 'delivery' | 'events'>;

/** A relying party that wants events and knows the person. */
export type Receiver = {
  readonly metadata: ClientMetadata;
  readonly events: readonly string[];
  readonly method: StreamDelivery['method'];
  /** All scopes of hers that it was granted. */
  readonly scopes: readonly string[];
};

export interface EventStreams {
  find(clientId: string, within?: Queryable): Promise<EventStream | undefined>;
  /** Makes one, or changes the one there is; it is `enabled` afterwards. */
  save(settings: StreamSettings, within: Queryable): Promise<void>;
  /** False when there is none. */
  setStatus(
    clientId: string,
    status: StreamStatus,
    reason: string | undefined,
    within: Queryable,
  ): Promise<boolean>;
  remove(clientId: string, within: Queryable): Promise<boolean>;
  /** Without blocked clients and disabled streams. */
  receiversOf(accountId: string, within: Queryable): Promise<readonly Receiver[]>;
  /** True when the membership of this member is another than was told of last; remembers it. */
  membershipTurned(memberId: string, isMember: boolean, within: Queryable): Promise<boolean>;
}

export type StreamFact = {
  readonly clientId: string;
  readonly type: string;
  /** The name the receiver knows the person by; absent: about the stream itself. */
  readonly subject?: string;
  readonly session?: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: Date;
};

export type EventState = 'waiting' | 'delivered' | 'refused';

export type EventAttempt = {
  readonly state: EventState;
  readonly status?: number;
  readonly reason?: string;
  readonly nextTryAt?: Date;
};

export type StreamEvent = StreamFact &
  EventAttempt & {
    readonly id: string;
    /** Its place in the log. */
    readonly seq: number;
    readonly attempts: number;
    readonly deliveredAt?: Date;
  };

export interface EventLog {
  /** Committed with the transaction. False when the receiver is told of this fact already. */
  append(fact: StreamFact, within: Queryable): Promise<boolean>;
  /**
   * The oldest that waits and is due; for `leaseSeconds` nobody else gets it, and then again if nothing was noted.
   * Undefined also when the stream is not enabled.
   */
  claim(clientId: string, leaseSeconds: number): Promise<StreamEvent | undefined>;
  /** Counts the attempt; a success ends `failingSince`, a failure begins it. Returns since when it has been failing. */
  note(
    event: Pick<StreamEvent, 'id' | 'clientId'>,
    attempt: EventAttempt,
    within: Queryable,
  ): Promise<Date | undefined>;
  /** For a poll, the oldest first; none when the stream is not enabled. */
  waiting(clientId: string, limit: number): Promise<readonly StreamEvent[]>;
  /** By a poll. Ids of others are passed over. */
  acknowledge(clientId: string, ids: readonly string[], attempt: EventAttempt): Promise<void>;
  /** The latest first, before the place `before`. */
  list(clientId: string, choice: { limit: number; before?: number }): Promise<readonly StreamEvent[]>;
  /** What happened since then waits again; returns how many. */
  reopen(clientId: string, since: Date, within: Queryable): Promise<number>;
}
