/**
 * A stream made, changed, verified, replayed: the acts behind both ways to them, the receiver's own (SSF 1.0) and its
 * developer's (the management API). Each is part of the caller's transaction.
 */
import type { Queryable } from '../../adapters/database/database.ts';
import type {
  EventLog,
  EventStreams,
  StreamSettings,
  StreamStatus,
} from '../../adapters/event-stream-store/event-stream-store.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import { type AddressFault, addressFault } from '../integrations/addresses.ts';
import { SUPPORTED_EVENTS, VERIFICATION } from './signal.ts';

export type StreamNeeds = {
  readonly eventStreams: EventStreams;
  readonly eventLog: EventLog;
  readonly jobs: JobQueue;
  readonly sandbox: boolean;
};

/** Each makes us call an address that nobody has proved to be the receiver's. */
export const STREAM_ACTS = { points: 10, seconds: 10 * 60 } as const;
export const STREAM_WRITES = { points: 60, seconds: 60 } as const;

export type SignalLimits = {
  /** Verifications and replays: by client, or by the developer's account. */
  readonly acts: Limiter;
  /** Of a receiver's own: by client. */
  readonly writes: Limiter;
};

/** Undefined when events may be pushed there. */
export function endpointFault(
  { sandbox }: Pick<StreamNeeds, 'sandbox'>,
  uri: string,
): AddressFault | undefined {
  return addressFault(uri, { use: 'backchannel_logout', native: false, sandbox, intranet: true });
}

/** Types we do not know are passed over (SSF 1.0 §8.1.1). What waits goes where the stream leads now. */
export async function configureStream(
  { eventStreams, jobs }: StreamNeeds,
  { clientId, delivery, events }: StreamSettings,
  within: Queryable,
): Promise<void> {
  const known = SUPPORTED_EVENTS.filter((type) => events.includes(type));
  await eventStreams.save({ clientId, delivery, events: known }, within);
  await jobs.add('event-stream', { clientId }, within);
}

/** False when there is no stream. */
export async function setStreamStatus(
  { eventStreams, jobs }: StreamNeeds,
  clientId: string,
  status: StreamStatus,
  reason: string | undefined,
  within: Queryable,
): Promise<boolean> {
  if (!(await eventStreams.setStatus(clientId, status, reason, within))) return false;
  await jobs.add('event-stream', { clientId }, within);
  return true;
}

/** An event that says nothing but that the way is open; `state` comes back in it. */
export async function verifyStream(
  { eventLog, jobs }: StreamNeeds,
  clientId: string,
  state: string | undefined,
  within: Queryable,
): Promise<void> {
  const detail = state === undefined ? {} : { state };
  await eventLog.append({ clientId, type: VERIFICATION, detail, at: new Date() }, within);
  await jobs.add('event-stream', { clientId }, within);
}

/** What happened since then is told once more, by the same `jti`; returns how many events. */
export async function replayEvents(
  { eventLog, jobs }: StreamNeeds,
  clientId: string,
  since: Date,
  within: Queryable,
): Promise<number> {
  const count = await eventLog.reopen(clientId, since, within);
  if (count > 0) await jobs.add('event-stream', { clientId }, within);
  return count;
}
