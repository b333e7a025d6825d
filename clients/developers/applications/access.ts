/** «Запросить доступ»: production, further data of people, or both; and the testers of the time before. */
import { randomUUID } from 'node:crypto';
import Router from '@koa/router';
import { z } from 'zod';
import type { PortalContext, PortalState } from '../../relying-party/context.ts';
import type { ReadForm } from '../../relying-party/forms.ts';
import { type Integration, integrationShape } from '../api/shapes.ts';
import { type FieldProblem, placed } from '../field-problems.ts';
import { done } from '../notices.ts';
import { SCOPES_BY_APPROVAL } from '../scopes.ts';
import type { Page } from '../visit.ts';
import { linesOf } from './application-form.ts';
import { applicationOf, idOf } from './applications.ts';

const tick = z.literal('yes').optional();
const scopeFields = Object.fromEntries(SCOPES_BY_APPROVAL.map((scope) => [`scope_${scope}`, tick]));
const text = z.string().max(4_000).default('');

export type AccessNeeds = { readonly page: Page; readonly readForm: ReadForm };

type Typed = {
  readonly production: boolean;
  readonly scopes: readonly string[];
  readonly purpose: string;
  readonly contact: string;
};

export function accessRoutes({ page, readForm }: AccessNeeds): Router<PortalState> {
  const router = new Router<PortalState>({ prefix: '/applications/:id' });

  router.get(
    '/request',
    page(async ({ ctx, api }) => {
      const application = await applicationOf(ctx, api);
      const production = application.stage === 'test';
      showRequest(ctx, application, { production, scopes: [], purpose: '', contact: '' });
    }),
  );

  router.post(
    '/request',
    page(async ({ ctx, api }) => {
      const { attempt, purpose, contact, production, ...ticks } = readForm(ctx, {
        ...{ attempt: z.uuid(), production: tick, purpose: text, contact: text },
        ...scopeFields,
      });
      const scopes = SCOPES_BY_APPROVAL.filter(
        (scope) => (ticks as Record<string, unknown>)[`scope_${scope}`],
      );
      const application = await applicationOf(ctx, api);
      const typed: Typed = { production: production === 'yes', scopes, purpose, contact };
      const missing = missingIn(typed);
      if (missing.length > 0) return showRequest(ctx, application, typed, missing);
      const sent = await api.send('POST', `/integrations/${application.client_id}/requests`, {
        body: {
          wanted: typed.production ? 'production' : 'scopes',
          ...{ scopes, purpose: purpose.trim(), contact: contact.trim() },
        },
        idempotencyKey: attempt,
      });
      if (!('problem' in sent)) return done(ctx, `/applications/${application.client_id}`, 'request_sent');
      return showRequest(ctx, application, typed, placed(sent.problem, ['scopes', 'purpose', 'contact']));
    }),
  );

  router.post(
    '/requests/:request/withdraw',
    page(async ({ ctx, api }) => {
      readForm(ctx, {});
      const id = idOf(ctx);
      // Decided meanwhile: her page shows how.
      await api.send('DELETE', `/integrations/${id}/requests/${idOf(ctx, 'request')}`);
      return done(ctx, `/applications/${id}`, 'request_withdrawn');
    }),
  );

  router.get(
    '/testers',
    page(async ({ ctx, api }) => {
      const { value: application, version } = await api.read(`/integrations/${idOf(ctx)}`, integrationShape);
      ctx.render('testers', { application, version, problems: [] });
    }),
  );

  router.post(
    '/testers',
    page(async ({ ctx, api }) => {
      const { version: seen, testers } = readForm(ctx, { version: z.string().max(200), testers: text });
      const path = `/integrations/${idOf(ctx)}`;
      const sent = await api.send('PATCH', path, { body: { testers: linesOf(testers) }, ifMatch: seen });
      if (!('problem' in sent)) return done(ctx, `/applications/${idOf(ctx)}`, 'saved');
      const { value: application, version } = await api.read(path, integrationShape);
      const problems = placed(sent.problem, ['testers'], (_, at) => linesOf(testers)[at]);
      return ctx.render('testers', { application, version, testers, problems });
    }),
  );
  return router;
}

function missingIn({ production, scopes, purpose, contact }: Typed): readonly FieldProblem[] {
  return [
    ...(production || scopes.length > 0 ? [] : [{ field: 'scopes', key: 'request.problem.nothing' }]),
    ...(purpose.trim() === '' ? [{ field: 'purpose', key: 'request.problem.purpose' }] : []),
    ...(contact.trim() === '' ? [{ field: 'contact', key: 'request.problem.contact' }] : []),
  ];
}

function showRequest(
  ctx: PortalContext,
  application: Integration,
  typed: Typed,
  problems: readonly FieldProblem[] = [],
): void {
  // What it has already need not be asked for.
  const scopes = SCOPES_BY_APPROVAL.filter((scope) => !application.scopes.includes(scope));
  ctx.render('request', { application, scopes, typed, problems, attempt: randomUUID() });
}
