/**
 * The receiver's own way to its stream: Shared Signals 1.0 §7 and §8, and the poll of RFC 8936. A receiver has one
 * stream and sees no other; subjects are not added one by one, since it hears of exactly those who signed in to it.
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type Provider from 'oidc-provider';
import type { z } from 'zod';
import type { Database } from '../../adapters/database/database.ts';
import type { EventStream, StreamDelivery } from '../../adapters/event-stream-store/event-stream-store.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import {
  configureStream,
  endpointFault,
  type SignalLimits,
  type StreamNeeds,
  setStreamStatus,
  verifyStream,
} from './administer.ts';
import { ReceiverRefused, type ReceiverScope, receiverOf } from './receiver.ts';
import {
  type DeliveryInput,
  POLL,
  PUSH,
  pollInput,
  statusInput,
  streamInput,
  verificationInput,
} from './receiver-input.ts';
import type { WriteToken } from './security-event-token.ts';
import { SUPPORTED_EVENTS } from './signal.ts';

const LARGEST_BODY = '64kb';
const MOST_EVENTS = 100;

export type SignalRoutesNeeds = StreamNeeds & {
  readonly issuer: string;
  readonly provider: Provider;
  readonly database: Database;
  readonly writeToken: WriteToken;
  readonly signalLimits: SignalLimits;
};

class Refused extends Error {
  readonly status: number;
  readonly err: string;

  constructor(status: number, err: string, description?: string) {
    super(description);
    this.status = status;
    this.err = err;
  }
}

export function signalRoutes(needs: SignalRoutesNeeds): Router<GatewayState> {
  const { issuer, provider, database, eventStreams, eventLog, writeToken, signalLimits } = needs;
  const router = new Router<GatewayState>({ exclusive: true });
  const body = bodyParser({ enableTypes: ['json'], jsonLimit: LARGEST_BODY });

  const answer =
    (scope: ReceiverScope, serve: (ctx: GatewayContext, clientId: string) => Promise<void>) =>
    async (raw: unknown): Promise<void> => {
      const ctx = raw as GatewayContext;
      ctx.set('Cache-Control', 'no-store');
      try {
        const clientId = await receiverOf(provider, ctx.get('Authorization'), scope);
        if (scope === 'ssf.manage') await spend(ctx, signalLimits.writes, clientId);
        await body(ctx as never, async () => {});
        await serve(ctx, clientId);
      } catch (error) {
        tellRefusal(ctx, error);
      }
    };

  const ownStream = async (clientId: string, id: string | undefined): Promise<EventStream> => {
    const stream = await eventStreams.find(clientId);
    if (!stream || (id !== undefined && id !== stream.id)) throw new Refused(404, 'not_found');
    return stream;
  };
  const idIn = (ctx: GatewayContext): string | undefined => {
    const { stream_id: id } = ctx.query;
    return typeof id === 'string' ? id : undefined;
  };
  const described = (stream: EventStream) => describeStream(issuer, stream);
  const deliveryFrom = (given: DeliveryInput): StreamDelivery => {
    if (given.method === POLL) return { method: 'poll' };
    const fault = endpointFault(needs, given.endpoint_url);
    if (fault) throw new Refused(400, 'invalid_request', `delivery.endpoint_url: ${fault.code}`);
    const { endpoint_url: endpoint, authorization_header: authorization } = given;
    return { method: 'push', endpoint, ...(authorization !== undefined && { authorization }) };
  };
  const save = async (clientId: string, to: StreamDelivery, events: readonly string[]) => {
    await database.transaction((tx) => configureStream(needs, { clientId, delivery: to, events }, tx));
    return described(await ownStream(clientId, undefined));
  };

  router.get('/.well-known/ssf-configuration', (ctx) => {
    ctx.body = {
      spec_version: '1_0',
      issuer,
      jwks_uri: `${issuer}/jwks`,
      delivery_methods_supported: [PUSH, POLL],
      configuration_endpoint: `${issuer}/ssf/stream`,
      status_endpoint: `${issuer}/ssf/status`,
      verification_endpoint: `${issuer}/ssf/verification`,
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
      default_subjects: 'ALL',
    };
  });

  const path = '/ssf/stream';
  router.get(
    path,
    answer('ssf.read', async (ctx, clientId) => {
      const found = await eventStreams.find(clientId);
      // SSF 1.0 §8.1.1.2: without an id it is a list.
      if (idIn(ctx) === undefined) ctx.body = found ? [described(found)] : [];
      else ctx.body = described(await ownStream(clientId, idIn(ctx)));
    }),
  );
  router.post(
    path,
    answer('ssf.manage', async (ctx, clientId) => {
      const input = parsed(streamInput, ctx);
      if (await eventStreams.find(clientId)) throw new Refused(409, 'stream_exists');
      const to = input.delivery ? deliveryFrom(input.delivery) : ({ method: 'poll' } as const);
      ctx.body = await save(clientId, to, input.events_requested ?? SUPPORTED_EVENTS);
      ctx.status = 201;
    }),
  );
  const change = (isWhole: boolean) =>
    answer('ssf.manage', async (ctx, clientId) => {
      const input = parsed(streamInput, ctx);
      const stream = await ownStream(clientId, input.stream_id ?? '');
      const to = input.delivery ? deliveryFrom(input.delivery) : isWhole ? POLLED : stream.delivery;
      const events = input.events_requested ?? (isWhole ? SUPPORTED_EVENTS : stream.events);
      ctx.body = await save(clientId, to, events);
    });
  router.patch(path, change(false));
  router.put(path, change(true));
  router.delete(
    path,
    answer('ssf.manage', async (ctx, clientId) => {
      await ownStream(clientId, idIn(ctx) ?? '');
      await database.transaction((tx) => eventStreams.remove(clientId, tx));
      ctx.status = 204;
    }),
  );

  router.get(
    '/ssf/status',
    answer('ssf.read', async (ctx, clientId) => {
      ctx.body = statusOf(await ownStream(clientId, idIn(ctx) ?? ''));
    }),
  );
  router.post(
    '/ssf/status',
    answer('ssf.manage', async (ctx, clientId) => {
      const { stream_id: id, status, reason } = parsed(statusInput, ctx);
      await ownStream(clientId, id);
      await database.transaction((tx) => setStreamStatus(needs, clientId, status, reason, tx));
      ctx.body = statusOf(await ownStream(clientId, id));
    }),
  );
  router.post(
    '/ssf/verification',
    answer('ssf.manage', async (ctx, clientId) => {
      const { stream_id: id, state } = parsed(verificationInput, ctx);
      await ownStream(clientId, id);
      await spend(ctx, signalLimits.acts, clientId);
      await database.transaction((tx) => verifyStream(needs, clientId, state, tx));
      ctx.status = 204;
    }),
  );

  // RFC 8936 §2.4. A long poll is answered at once: `returnImmediately: false` is a wish.
  router.post(
    '/ssf/poll',
    answer('ssf.read', async (ctx, clientId) => {
      const { ack = [], setErrs = {}, maxEvents = MOST_EVENTS } = parsed(pollInput, ctx);
      const stream = await ownStream(clientId, undefined);
      if (stream.delivery.method !== 'poll')
        throw new Refused(400, 'invalid_request', 'the stream is pushed');
      await eventLog.acknowledge(clientId, ack, { state: 'delivered' });
      await eventLog.acknowledge(clientId, Object.keys(setErrs), { state: 'refused', reason: 'other' });
      const limit = Math.min(maxEvents, MOST_EVENTS);
      const found = await eventLog.waiting(clientId, limit + 1);
      const sets = found
        .slice(0, limit)
        .map(async (event) => [event.id, await writeToken(event, stream)] as const);
      ctx.body = {
        sets: Object.fromEntries(await Promise.all(sets)),
        ...(found.length > limit && { moreAvailable: true }),
      };
    }),
  );
  return router;
}

/** SSF 1.0 §8.1.4.2: whoever asks too often is told so. */
async function spend(ctx: GatewayContext, limiter: Limiter, clientId: string): Promise<void> {
  const { allowed, retryAfter } = await limiter.take(clientId);
  if (allowed) return;
  ctx.set('Retry-After', String(Math.max(1, retryAfter)));
  throw new Refused(429, 'too_many_requests');
}

const POLLED: StreamDelivery = { method: 'poll' };

function parsed<Shape extends z.ZodType>(shape: Shape, ctx: GatewayContext): z.output<Shape> {
  const read = shape.safeParse((ctx.request as { body?: unknown }).body ?? {});
  if (read.success) return read.data;
  throw new Refused(400, 'invalid_request', read.error.issues.map(({ path }) => path.join('.')).join(', '));
}

function tellRefusal(ctx: GatewayContext, error: unknown): void {
  if (error instanceof ReceiverRefused) {
    ctx.status = error.status;
    const why = error.error === undefined ? '' : `, error="${error.error}"`;
    ctx.set('WWW-Authenticate', `Bearer realm="ssf"${why}`);
    ctx.body = { err: error.error ?? 'authentication_failed' };
  } else if (error instanceof Refused) {
    ctx.status = error.status;
    ctx.body = { err: error.err, ...(error.message !== '' && { description: error.message }) };
  } else {
    const { status } = error as { status?: number };
    // The parser of bodies: broken, too large.
    if (status === undefined || status >= 500) throw error;
    ctx.status = status;
    ctx.body = { err: 'invalid_request' };
  }
}

/** SSF 1.0 §8.1.1. The receiver's secret is its own, and is not told again. */
function describeStream(issuer: string, { id, clientId, delivery: to, events }: EventStream): object {
  return {
    stream_id: id,
    iss: issuer,
    aud: clientId,
    events_supported: SUPPORTED_EVENTS,
    events_requested: events,
    events_delivered: events,
    delivery:
      to.method === 'push'
        ? { method: PUSH, endpoint_url: to.endpoint }
        : { method: POLL, endpoint_url: `${issuer}/ssf/poll` },
  };
}

function statusOf({ id, status, reason }: EventStream): object {
  return { stream_id: id, status, ...(reason !== undefined && { reason }) };
}
