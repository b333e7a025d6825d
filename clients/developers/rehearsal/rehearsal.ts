/** «Проверить мой клиент»: wrong answers are played to the application, and what it made of them is told in words. */
import Router from '@koa/router';
import { z } from 'zod';
import { type PortalContext, type PortalState, seeOther } from '../../relying-party/context.ts';
import type { ReadForm } from '../../relying-party/forms.ts';
import { type Integration, rehearsalShape } from '../api/shapes.ts';
import { applicationOf, idOf } from '../applications/applications.ts';
import { type FieldProblem, placed } from '../field-problems.ts';
import type { Page } from '../visit.ts';
import { judged } from './judged.ts';

/** While it runs, the page looks again by itself. */
const LOOKS_AGAIN_SECONDS = 3;

export type RehearsalNeeds = { readonly page: Page; readonly readForm: ReadForm };

export function rehearsalRoutes({ page, readForm }: RehearsalNeeds): Router<PortalState> {
  const router = new Router<PortalState>({ prefix: '/applications/:id/check' });

  router.get(
    '/',
    page(async ({ ctx, api }) => {
      const application = await applicationOf(ctx, api);
      showStart(ctx, application, application.initiate_login_uri ?? '');
    }),
  );

  router.post(
    '/',
    page(async ({ ctx, api }) => {
      const { login_uri } = readForm(ctx, { login_uri: z.string().max(2_000).default('') });
      const application = await applicationOf(ctx, api);
      const sent = await api.send('POST', `/integrations/${application.client_id}/rehearsals`, {
        body: { login_uri: login_uri.trim() },
        shape: rehearsalShape.pick({ id: true }),
        idempotencyKey: ctx.state.requestId,
      });
      if ('problem' in sent)
        return showStart(ctx, application, login_uri, placed(sent.problem, ['login_uri']));
      return seeOther(ctx, `/applications/${application.client_id}/check/${sent.told.id}`);
    }),
  );

  router.get(
    '/:rehearsal',
    page(async ({ ctx, api }) => {
      const application = await applicationOf(ctx, api);
      const path = `/integrations/${application.client_id}/rehearsals/${idOf(ctx, 'rehearsal')}`;
      const { value: rehearsal } = await api.read(path, rehearsalShape);
      if (rehearsal.state === 'running') ctx.set('Refresh', String(LOOKS_AGAIN_SECONDS));
      ctx.render('rehearsal', { application, rehearsal, results: judged(rehearsal.results) });
    }),
  );

  router.post(
    '/:rehearsal/run',
    page(async ({ ctx, api }) => {
      readForm(ctx, {});
      const path = `${idOf(ctx)}/rehearsals/${idOf(ctx, 'rehearsal')}`;
      // Under way already: the page shows it.
      await api.send('POST', `/integrations/${path}/run`);
      return seeOther(ctx, `/applications/${path.replace('/rehearsals/', '/check/')}`);
    }),
  );
  return router;
}

function showStart(
  ctx: PortalContext,
  application: Integration,
  loginUri: string,
  problems: readonly FieldProblem[] = [],
): void {
  ctx.render('check', { application, loginUri, problems });
}
