/** What the gateway sends to an application by itself: the log of its logout tokens, and its stream of events. */
import Router from '@koa/router';
import { z } from 'zod';
import type { PortalContext, PortalState } from '../../relying-party/context.ts';
import type { ReadForm } from '../../relying-party/forms.ts';
import type { ManagementApi } from '../api/management-api.ts';
import { deliveryShape, listOf, streamShape } from '../api/shapes.ts';
import { type FieldProblem, placed } from '../field-problems.ts';
import { done } from '../notices.ts';
import type { Page } from '../visit.ts';
import { applicationOf, cursorOf, idOf } from './applications.ts';

/** By the addresses their specifications give them; the names of fields of the form stand for them. */
const EVENTS = {
  session_revoked: 'https://schemas.openid.net/secevent/caep/event-type/session-revoked',
  account_disabled: 'https://schemas.openid.net/secevent/risc/event-type/account-disabled',
  account_enabled: 'https://schemas.openid.net/secevent/risc/event-type/account-enabled',
  account_purged: 'https://schemas.openid.net/secevent/risc/event-type/account-purged',
  membership_ended: 'urn:union-id:event:membership-ended',
  consent_withdrawn: 'urn:union-id:event:consent-withdrawn',
} as const;
type EventName = keyof typeof EVENTS;
const EVENT_NAMES = Object.keys(EVENTS) as readonly EventName[];

const tick = z.literal('yes').optional();
const text = z.string().max(2_000).default('');
const eventFields = Object.fromEntries(EVENT_NAMES.map((name) => [`event_${name}`, tick]));

export type ConnectionNeeds = { readonly page: Page; readonly readForm: ReadForm };

export function connectionRoutes({ page, readForm }: ConnectionNeeds): Router<PortalState> {
  const router = new Router<PortalState>({ prefix: '/applications/:id' });

  router.get(
    '/deliveries',
    page(async ({ ctx, api }) => {
      const application = await applicationOf(ctx, api);
      const path = `/integrations/${application.client_id}/logout-deliveries${cursorOf(ctx)}`;
      const list = await api.find(path, listOf(deliveryShape));
      ctx.render('deliveries', { application, list, deliveries: (list?.items ?? []).map(toneOf) });
    }),
  );

  router.post(
    '/deliveries/:delivery/replay',
    page(async ({ ctx, api }) => {
      readForm(ctx, {});
      const id = idOf(ctx);
      const delivery = idOf(ctx, 'delivery');
      await api.send('POST', `/integrations/${id}/logout-deliveries/${delivery}/replay`, {
        idempotencyKey: ctx.state.requestId,
      });
      return done(ctx, `/applications/${id}/deliveries`, 'replayed');
    }),
  );

  router.get(
    '/events',
    page(async ({ ctx, api }) => showStream(ctx, api)),
  );

  router.post(
    '/events',
    page(async ({ ctx, api }) => {
      const { method, endpoint_url, authorization_header, ...ticks } = readForm(ctx, {
        ...{ method: z.enum(['push', 'poll']), endpoint_url: text, authorization_header: text },
        ...eventFields,
      });
      const id = idOf(ctx);
      const secret = authorization_header.trim();
      const names = EVENT_NAMES.filter((name) => (ticks as Record<string, unknown>)[`event_${name}`]);
      const sent = await api.send('PUT', `/integrations/${id}/event-stream`, {
        body: {
          method,
          ...(method === 'push' && { endpoint_url: endpoint_url.trim() }),
          ...(method === 'push' && secret !== '' && { authorization_header: secret }),
          events: names.map((name) => EVENTS[name]),
        },
      });
      if (!('problem' in sent)) return done(ctx, `/applications/${id}/events`, 'stream_saved');
      return showStream(ctx, api, {
        typed: { method, endpoint_url, names },
        problems: placed(sent.problem, ['endpoint_url', 'authorization_header']),
      });
    }),
  );

  router.post(
    '/events/test',
    page(async ({ ctx, api }) => {
      readForm(ctx, {});
      const id = idOf(ctx);
      const sent = await api.send('POST', `/integrations/${id}/event-stream/verification`, {
        idempotencyKey: ctx.state.requestId,
      });
      if ('problem' in sent) return showStream(ctx, api, { problems: placed(sent.problem, []) });
      return done(ctx, `/applications/${id}/events`, 'stream_tested');
    }),
  );

  router.post(
    '/events/remove',
    page(async ({ ctx, api }) => {
      readForm(ctx, {});
      const id = idOf(ctx);
      await api.send('DELETE', `/integrations/${id}/event-stream`);
      return done(ctx, `/applications/${id}/events`, 'stream_removed');
    }),
  );
  return router;
}

/** States the page has words for, and what they mean for the developer. */
const DELIVERY_TONES: Readonly<Record<string, string>> = {
  waiting: 'pending',
  delivered: 'good',
  refused: 'bad',
  given_up: 'bad',
};

function toneOf<Delivery extends { readonly state: string }>(one: Delivery) {
  const tone = DELIVERY_TONES[one.state];
  return { ...one, known: tone !== undefined, tone: tone ?? 'pending' };
}

type Again = {
  readonly typed?: {
    readonly method: string;
    readonly endpoint_url: string;
    readonly names: readonly string[];
  };
  readonly problems?: readonly FieldProblem[];
};

async function showStream(ctx: PortalContext, api: ManagementApi, { typed, problems = [] }: Again = {}) {
  const application = await applicationOf(ctx, api);
  const stream = await api.find(`/integrations/${application.client_id}/event-stream`, streamShape);
  const asked = stream?.events ?? Object.values<string>(EVENTS);
  ctx.render('events', {
    ...{ application, stream, problems, eventNames: EVENT_NAMES },
    typed: typed ?? {
      method: stream?.method ?? 'push',
      endpoint_url: stream?.endpoint_url ?? '',
      names: EVENT_NAMES.filter((name) => asked.includes(EVENTS[name])),
    },
  });
}
