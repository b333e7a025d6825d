/** An application's stream of events: where it goes, what was told, and telling it once more. */
import { z } from 'zod';
import type { EventStream, StreamEvent } from '../../../adapters/event-stream-store/event-stream-store.ts';
import type { IntegrationNeeds } from '../../integrations/needs.ts';
import {
  configureStream,
  endpointFault,
  replayEvents,
  type SignalLimits,
  type StreamNeeds,
  setStreamStatus,
  verifyStream,
} from '../../signals/administer.ts';
import { SUPPORTED_EVENTS } from '../../signals/signal.ts';
import type { CallerNeeds } from '../caller.ts';
import { afterOf, type Cursors, pageOf, pageQuery } from '../cursor.ts';
import { type Operation, operation } from '../operation.ts';
import { ownIntegration, refuseFaults, visibleIntegration } from '../own-integration.ts';
import { ApiProblem } from '../problem.ts';
import { integrationParams, listOf } from '../shapes.ts';

const eventTypes = z.array(z.enum(SUPPORTED_EVENTS as [string, ...string[]])).max(SUPPORTED_EVENTS.length);
const streamInput = z.strictObject({
  method: z.enum(['push', 'poll']),
  endpoint_url: z.string().max(2_000).optional(),
  /** The value of `Authorization` that the receiver wants to see. */
  authorization_header: z
    .string()
    .regex(/^[\x20-\x7e]{1,1000}$/)
    .optional(),
  events: eventTypes.default([...SUPPORTED_EVENTS]),
  status: z.enum(['enabled', 'paused', 'disabled']).default('enabled'),
});
const streamShape = z.object({
  stream_id: z.string(),
  method: z.enum(['push', 'poll']),
  endpoint_url: z.string().optional(),
  events: z.array(z.string()),
  status: z.enum(['enabled', 'paused', 'disabled']),
  reason: z.string().optional(),
  failing_since: z.iso.datetime().optional(),
  updated_at: z.iso.datetime(),
});
const eventShape = z.object({
  jti: z.string(),
  type: z.string(),
  occurred_at: z.iso.datetime(),
  state: z.enum(['waiting', 'delivered', 'refused']),
  attempts: z.number().int(),
  last_status: z.number().int().optional(),
  reason: z.string().optional(),
  next_try_at: z.iso.datetime().optional(),
});

export type EventStreamOperationNeeds = StreamNeeds &
  Pick<IntegrationNeeds, 'integrations'> &
  Pick<CallerNeeds, 'staff'> & { readonly cursors: Cursors; readonly signalLimits: SignalLimits };

const PATH = '/integrations/{client_id}/event-stream' as const;

export function eventStreamOperations(needs: EventStreamOperationNeeds): readonly Operation[] {
  const { eventStreams, eventLog, cursors, signalLimits } = needs;
  const common = { tag: 'delivery', params: integrationParams } as const;

  return [
    operation({
      ...common,
      id: 'readEventStream',
      summary: 'Where events about people go',
      method: 'GET',
      path: PATH,
      scope: 'integrations:read',
      effect: 'reads',
      told: { status: 200, shape: streamShape },
      async handle({ caller, params }) {
        const { clientId } = await visibleIntegration(needs, caller, params.client_id);
        const stream = await eventStreams.find(clientId);
        if (!stream) throw new ApiProblem('not_found');
        return { body: tellStream(stream) };
      },
    }),
    operation({
      ...common,
      id: 'putEventStream',
      summary: 'Begins the stream of events, or leads it elsewhere',
      method: 'PUT',
      path: PATH,
      scope: 'integrations:write',
      effect: 'writes',
      body: streamInput,
      told: { status: 200, shape: streamShape },
      async handle({ caller, params, body, within, t }) {
        const { clientId } = await ownIntegration(needs, caller, params.client_id, within);
        const { method, endpoint_url: endpoint = '', authorization_header: authorization, status } = body;
        if (method === 'push') {
          const fault = endpointFault(needs, endpoint);
          const { code, expected } = fault ?? {};
          refuseFaults(
            code
              ? [{ pointer: '/endpoint_url', code: `address.${code}`, ...(expected && { expected }) }]
              : [],
            t,
          );
        }
        const delivery =
          method === 'push'
            ? { method, endpoint, ...(authorization !== undefined && { authorization }) }
            : { method };
        await configureStream(needs, { clientId, delivery, events: body.events }, within);
        if (status !== 'enabled') await setStreamStatus(needs, clientId, status, undefined, within);
        const stream = await eventStreams.find(clientId, within);
        if (!stream) throw new ApiProblem('not_found');
        return { body: tellStream(stream) };
      },
    }),
    operation({
      ...common,
      id: 'deleteEventStream',
      summary: 'Ends the stream; what waits is not told any more',
      method: 'DELETE',
      path: PATH,
      scope: 'integrations:write',
      effect: 'writes',
      told: { status: 204 },
      async handle({ caller, params, within }) {
        const { clientId } = await ownIntegration(needs, caller, params.client_id, within);
        if (!(await eventStreams.remove(clientId, within))) throw new ApiProblem('not_found');
        return { body: undefined };
      },
    }),
    operation({
      ...common,
      id: 'verifyEventStream',
      summary: 'Sends an event that says nothing, to see that the way is open',
      method: 'POST',
      path: `${PATH}/verification`,
      scope: 'integrations:write',
      effect: 'writes',
      limit: signalLimits.acts,
      told: { status: 202 },
      async handle({ caller, params, within }) {
        const { clientId } = await ownIntegration(needs, caller, params.client_id, within);
        if (!(await eventStreams.find(clientId, within))) throw new ApiProblem('not_found');
        await verifyStream(needs, clientId, undefined, within);
        return { body: undefined };
      },
    }),
    operation({
      ...common,
      id: 'listEvents',
      summary: 'Events of the last 30 days, the latest first; whom they are about is not told here',
      method: 'GET',
      path: `${PATH}/events`,
      scope: 'integrations:read',
      effect: 'reads',
      query: pageQuery,
      told: { status: 200, shape: listOf(eventShape) },
      async handle({ caller, params, query: { limit, cursor }, t }) {
        const { clientId } = await visibleIntegration(needs, caller, params.client_id);
        const list = `events ${clientId}`;
        const { after } = afterOf(cursors, list, cursor, t);
        const before = after === undefined ? {} : { before: Number(after) };
        const found = await eventLog.list(clientId, { limit: limit + 1, ...before });
        const page = pageOf(found, limit, ({ seq }) => cursors.seal(list, String(seq)));
        return { body: { ...page, items: page.items.map(tellEvent) } };
      },
    }),
    operation({
      ...common,
      id: 'replayEvents',
      summary: 'Tells everything since a moment once more, by the same jti',
      method: 'POST',
      path: `${PATH}/replay`,
      scope: 'integrations:write',
      effect: 'writes',
      limit: signalLimits.acts,
      body: z.strictObject({ since: z.iso.datetime({ offset: true }) }),
      told: { status: 202, shape: z.object({ events: z.number().int() }) },
      async handle({ caller, params, body, within }) {
        const { clientId } = await ownIntegration(needs, caller, params.client_id, within);
        if (!(await eventStreams.find(clientId, within))) throw new ApiProblem('not_found');
        return { body: { events: await replayEvents(needs, clientId, new Date(body.since), within) } };
      },
    }),
  ];
}

function tellStream({ id, delivery, events, status, reason, failingSince, updatedAt }: EventStream) {
  return {
    ...{ stream_id: id, method: delivery.method, events: [...events], status },
    ...(delivery.method === 'push' && { endpoint_url: delivery.endpoint }),
    ...(reason !== undefined && { reason }),
    ...(failingSince && { failing_since: failingSince.toISOString() }),
    updated_at: updatedAt.toISOString(),
  };
}

function tellEvent({ id, type, at, state, attempts, status, reason, nextTryAt }: StreamEvent) {
  return {
    ...{ jti: id, type, occurred_at: at.toISOString(), state, attempts },
    ...(status !== undefined && { last_status: status }),
    ...(reason !== undefined && { reason }),
    ...(state === 'waiting' && nextTryAt && { next_try_at: nextTryAt.toISOString() }),
  };
}
