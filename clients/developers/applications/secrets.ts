/** Secrets of an application: which there are, a new one beside the old, an old one's end. A value is shown once. */
import { randomUUID } from 'node:crypto';
import Router from '@koa/router';
import { z } from 'zod';
import type { PortalContext, PortalState } from '../../relying-party/context.ts';
import type { ReadForm } from '../../relying-party/forms.ts';
import { type Integration, newSecretShape } from '../api/shapes.ts';
import { type FieldProblem, placed } from '../field-problems.ts';
import { done } from '../notices.ts';
import { suiting } from '../quick-start/suiting.ts';
import type { Page } from '../visit.ts';
import { applicationOf, idOf } from './applications.ts';

/** How long the old one goes on, in hours: from «it is known to others» to «two releases a week». */
const OVERLAPS = ['0', '1', '24', '72', '168'] as const;
const USUAL_OVERLAP = '24';

export type SecretNeeds = {
  readonly page: Page;
  readonly readForm: ReadForm;
  readonly issuer: string;
};

export function secretRoutes({ page, readForm, issuer }: SecretNeeds): Router<PortalState> {
  const router = new Router<PortalState>({ prefix: '/applications/:id/secrets' });

  router.get(
    '/',
    page(async ({ ctx, api }) => show(ctx, await applicationOf(ctx, api))),
  );

  router.post(
    '/',
    page(async ({ ctx, api }) => {
      const { overlap, attempt } = readForm(ctx, { overlap: z.enum(OVERLAPS), attempt: z.uuid() });
      const application = await applicationOf(ctx, api);
      const sent = await api.send('POST', `/integrations/${application.client_id}/secrets`, {
        body: { overlap_hours: Number(overlap) },
        shape: newSecretShape,
        idempotencyKey: attempt,
      });
      if ('problem' in sent) return show(ctx, application, placed(sent.problem, ['overlap']));
      const secret = sent.told.client_secret;
      return ctx.render('secret', {
        ...{ application, secret, isNew: false },
        stacks: suiting(application, { issuer, secret, language: ctx.state.language ?? 'ru' }),
      });
    }),
  );

  router.post(
    '/:secret/remove',
    page(async ({ ctx, api }) => {
      readForm(ctx, {});
      const id = idOf(ctx);
      const sent = await api.send('DELETE', `/integrations/${id}/secrets/${idOf(ctx, 'secret')}`);
      if ('problem' in sent) return show(ctx, await applicationOf(ctx, api), placed(sent.problem, []));
      return done(ctx, `/applications/${id}/secrets`, 'secret_removed');
    }),
  );
  return router;
}

function show(ctx: PortalContext, application: Integration, problems: readonly FieldProblem[] = []): void {
  ctx.render('secrets', {
    ...{ application, problems, overlaps: OVERLAPS, overlap: USUAL_OVERLAP },
    attempt: randomUUID(),
  });
}
