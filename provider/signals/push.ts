/**
 * Events to receivers that want them pushed (RFC 8935): the oldest first, again with growing pauses while the receiver
 * does not take them. Whoever takes nothing for three days is paused, and the owner of the application has a letter; the
 * events stay and go out when it is enabled.
 */
import type { Logger } from 'pino';
import type { Clock } from '../../adapters/clock.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type {
  EventAttempt,
  EventLog,
  EventStreams,
  StreamDelivery,
} from '../../adapters/event-stream-store/event-stream-store.ts';
import type { IntegrationStore } from '../../adapters/integration-store/integration-store.ts';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import { type Outward, OutwardFault } from '../../adapters/outward/outward.ts';
import { fieldsOf } from '../integrations/metadata.ts';
import type { Post } from '../letters/post.ts';
import { retryPause } from '../retry-pause.ts';
import type { WriteToken } from './security-event-token.ts';

const TIMEOUT_MILLISECONDS = 5_000;
/** A process that dies with an event in its hands holds it up for so long. */
const LEASE_SECONDS = 30;
const RETRIES = { longestSeconds: 3_600, giveUpSeconds: Number.POSITIVE_INFINITY };
const PATIENCE_MILLISECONDS = 3 * 24 * 3_600_000;

export type PushNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly streams: EventStreams;
  readonly log: EventLog;
  readonly jobs: JobQueue;
  readonly outward: Outward;
  readonly writeToken: WriteToken;
  readonly integrations: Pick<IntegrationStore, 'find'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly logger: Logger;
};

export async function pushEvents(worker: JobWorker, needs: PushNeeds): Promise<void> {
  await worker.work('event-stream', ({ clientId }) => pushAll(needs, clientId));
}

/** Until nothing is due any more, or the receiver does not take one. */
async function pushAll(needs: PushNeeds, clientId: string): Promise<void> {
  const { database, streams, log, jobs, outward, writeToken, clock } = needs;
  for (;;) {
    const stream = await streams.find(clientId);
    if (stream?.status !== 'enabled' || stream.delivery.method !== 'push') return;
    const event = await log.claim(clientId, LEASE_SECONDS);
    if (!event) return comeBack(needs, clientId);
    const attempt = await push(outward, stream.delivery, await writeToken(event, stream));
    if (attempt.state !== 'waiting') {
      await database.transaction((tx) => log.note(event, attempt, tx));
      continue;
    }
    const now = clock.now();
    const seconds = retryPause(RETRIES, event.attempts + 1, event.at, now) ?? RETRIES.longestSeconds;
    const nextTryAt = new Date(now.getTime() + seconds * 1_000);
    return database.transaction(async (tx) => {
      const since = await log.note(event, { ...attempt, nextTryAt }, tx);
      if (since && now.getTime() - since.getTime() > PATIENCE_MILLISECONDS) {
        await pause(needs, clientId, since, tx);
      } else {
        await jobs.add('event-stream', { clientId }, tx, { afterSeconds: seconds });
      }
    });
  }
}

async function pause(
  { streams, integrations, post, logger }: PushNeeds,
  clientId: string,
  since: Date,
  tx: Queryable,
): Promise<void> {
  await streams.setStatus(clientId, 'paused', 'receiver_unreachable', tx);
  logger.warn({ clientId, since }, 'a stream of events is paused: its receiver takes nothing');
  const integration = await integrations.find(clientId, tx);
  if (integration?.ownerId === undefined) return;
  const facts = { since, name: fieldsOf(integration.metadata).name };
  await post.send({ template: 'event-stream-paused', to: { accountId: integration.ownerId }, facts }, tx);
}

/** What another process has in its hands may come back, and what rests will be due: no event is left without a job. */
async function comeBack({ log, jobs, clock }: PushNeeds, clientId: string): Promise<void> {
  const [rest] = await log.waiting(clientId, 1);
  if (!rest?.nextTryAt) return;
  const seconds = Math.ceil((rest.nextTryAt.getTime() - clock.now().getTime()) / 1_000);
  await jobs.add('event-stream', { clientId }, undefined, { afterSeconds: Math.max(1, seconds) });
}

type Push = Extract<StreamDelivery, { method: 'push' }>;

async function push(outward: Outward, delivery: Push, token: string): Promise<EventAttempt> {
  const { endpoint, authorization } = delivery;
  try {
    const { status, body } = await outward(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/secevent+jwt',
        accept: 'application/json',
        ...(authorization !== undefined && { authorization }),
      },
      body: token,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    });
    if (status >= 200 && status < 300) return { state: 'delivered', status };
    // RFC 8935 §2.3: the receiver has read it and will not have it.
    const refusal = status === 400 ? refusalIn(body) : undefined;
    return refusal === undefined
      ? { state: 'waiting', status }
      : { state: 'refused', status, reason: refusal };
  } catch (error) {
    if (!(error instanceof OutwardFault)) throw error;
    return { state: 'waiting', reason: error.code };
  }
}

const REFUSALS = ['invalid_request', 'invalid_key', 'invalid_issuer', 'invalid_audience'];

/** A word of ours; the receiver's own could be anything. */
function refusalIn(body: Buffer): string | undefined {
  try {
    const { err } = JSON.parse(body.toString()) as { err?: unknown };
    return REFUSALS.find((known) => known === err) ?? (err === undefined ? undefined : 'other');
  } catch {
    return undefined;
  }
}
