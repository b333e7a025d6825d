/** «Заявки»: the administrators' desk. Who opens it has given a second proof; what she decides is the API's to allow. */
import Router from '@koa/router';
import { z } from 'zod';
import type { Authorization } from '../../relying-party/authorization.ts';
import type { PortalContext, PortalState } from '../../relying-party/context.ts';
import { PortalError } from '../../relying-party/errors.ts';
import type { ReadForm } from '../../relying-party/forms.ts';
import type { ManagementApi } from '../api/management-api.ts';
import {
  changeShape,
  integrationShape,
  listedRequestShape,
  listOf,
  REQUEST_STATES,
  reviewedRequestShape,
} from '../api/shapes.ts';
import { cursorOf, idOf } from '../applications/applications.ts';
import { changesTold } from '../applications/changes-told.ts';
import { type FieldProblem, placed } from '../field-problems.ts';
import { done } from '../notices.ts';
import { REVIEW, REVIEW_ACR, REVIEW_SCOPE } from '../sign-in.ts';
import type { Page } from '../visit.ts';

export type ReviewNeeds = {
  readonly page: Page;
  readonly readForm: ReadForm;
  readonly authorization: Authorization;
};

const words = z.string().max(4_000).default('');

export function reviewRoutes({ page, readForm, authorization }: ReviewNeeds): Router<PortalState> {
  const router = new Router<PortalState>({ prefix: '/review' });
  /** With the scope in hand; otherwise the gateway is asked for it first. */
  const reviewer: Page = (handle) =>
    page((visit) => {
      const { ctx, scopes } = visit;
      if (scopes.includes(REVIEW_SCOPE)) return handle(visit);
      if (ctx.method !== 'GET') throw new PortalError('not_allowed');
      return authorization.ask(ctx, REVIEW, {
        returnTo: ctx.path + ctx.search,
        further: { acr_values: REVIEW_ACR },
      });
    });

  router.get(
    '/',
    reviewer(async ({ ctx, api }) => {
      const state = REQUEST_STATES.find((each) => each === ctx.query.state) ?? 'pending';
      const cursor = cursorOf(ctx).replace('?', '&');
      const { value: list } = await api.read(`/requests?state=${state}${cursor}`, listOf(listedRequestShape));
      ctx.render('requests', { list, state, states: REQUEST_STATES });
    }),
  );

  router.get(
    '/requests/:id',
    reviewer(async ({ ctx, api }) => showRequest(ctx, api)),
  );

  router.post(
    '/requests/:id/approval',
    reviewer(async ({ ctx, api }) => {
      const { note } = readForm(ctx, { note: words });
      const sent = await api.send('POST', `/requests/${idOf(ctx)}/approval`, {
        body: note.trim() === '' ? {} : { note: note.trim() },
        idempotencyKey: ctx.state.requestId,
      });
      if (!('problem' in sent)) return done(ctx, '/review', 'approved');
      return showRequest(ctx, api, { note, problems: placed(sent.problem, ['note']) });
    }),
  );

  router.post(
    '/requests/:id/refusal',
    reviewer(async ({ ctx, api }) => {
      const { reason } = readForm(ctx, { reason: words });
      if (reason.trim() === '') {
        return showRequest(ctx, api, { problems: [{ field: 'reason', key: 'review.problem.reason' }] });
      }
      const sent = await api.send('POST', `/requests/${idOf(ctx)}/refusal`, {
        body: { reason: reason.trim() },
        idempotencyKey: ctx.state.requestId,
      });
      if (!('problem' in sent)) return done(ctx, '/review', 'refused');
      return showRequest(ctx, api, { reason, problems: placed(sent.problem, ['reason']) });
    }),
  );

  router.get(
    '/applications',
    reviewer(async ({ ctx, api }) => {
      const { q } = ctx.query;
      const search = typeof q === 'string' ? q.trim() : '';
      const query = new URLSearchParams(search === '' ? {} : { q: search });
      const { cursor } = ctx.query;
      if (typeof cursor === 'string') query.set('cursor', cursor);
      const { value: list } = await api.read(`/review/integrations?${query}`, listOf(integrationShape));
      ctx.render('review-applications', { list, search });
    }),
  );

  router.get(
    '/applications/:id',
    reviewer(async ({ ctx, api }) => showApplication(ctx, api)),
  );

  router.post(
    '/applications/:id/block',
    reviewer(async ({ ctx, api }) => {
      const { reason } = readForm(ctx, { reason: words });
      if (reason.trim() === '') {
        return showApplication(ctx, api, { problems: [{ field: 'reason', key: 'review.problem.reason' }] });
      }
      const id = idOf(ctx);
      const sent = await api.send('PUT', `/integrations/${id}/block`, { body: { reason: reason.trim() } });
      if (!('problem' in sent)) return done(ctx, `/review/applications/${id}`, 'blocked');
      return showApplication(ctx, api, { reason, problems: placed(sent.problem, ['reason']) });
    }),
  );

  router.post(
    '/applications/:id/unblock',
    reviewer(async ({ ctx, api }) => {
      readForm(ctx, {});
      const id = idOf(ctx);
      const sent = await api.send('DELETE', `/integrations/${id}/block`);
      if ('problem' in sent) return showApplication(ctx, api, { problems: placed(sent.problem, []) });
      return done(ctx, `/review/applications/${id}`, 'unblocked');
    }),
  );
  return router;
}

type Again = {
  readonly note?: string;
  readonly reason?: string;
  readonly problems?: readonly FieldProblem[];
};

async function showRequest(ctx: PortalContext, api: ManagementApi, again: Again = {}): Promise<void> {
  const { value: request } = await api.read(`/requests/${idOf(ctx)}`, reviewedRequestShape);
  const application = request.integration;
  const path = `/integrations/${application.client_id}/changes`;
  const changes = await api.find(path, listOf(changeShape));
  ctx.render('review-request', {
    problems: [],
    ...again,
    ...{ request, application, changes: changesTold(changes?.items ?? []) },
  });
}

async function showApplication(ctx: PortalContext, api: ManagementApi, again: Again = {}): Promise<void> {
  const path = `/integrations/${idOf(ctx)}`;
  const [{ value: application }, changes] = await Promise.all([
    api.read(path, integrationShape),
    api.find(`${path}/changes`, listOf(changeShape)),
  ]);
  ctx.render('review-application', {
    problems: [],
    ...again,
    application,
    changes: changesTold(changes?.items ?? []),
  });
}
