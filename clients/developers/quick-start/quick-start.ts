/** «Быстрый старт»: the code of the chosen stack with the application's values, to be copied or kept as a file. */
import Router from '@koa/router';
import type { PortalState } from '../../relying-party/context.ts';
import { PortalError } from '../../relying-party/errors.ts';
import { applicationOf } from '../applications/applications.ts';
import type { Page } from '../visit.ts';
import { filledStack, scopeOf, stacksFor } from './suiting.ts';

export type QuickStartNeeds = { readonly page: Page; readonly issuer: string };

export function quickStartRoutes({ page, issuer }: QuickStartNeeds): Router<PortalState> {
  const router = new Router<PortalState>({ prefix: '/applications/:id/quick-start' });

  router.get(
    '{/:stack}',
    page(async ({ ctx, api }) => {
      const application = await applicationOf(ctx, api);
      const { language = 'ru' } = ctx.state;
      const choice = stacksFor(application, language);
      const { stack: name = choice[0]?.id } = ctx.params;
      const stack = filledStack(name, application, { issuer, language });
      if (!stack && name !== undefined) throw new PortalError('not_found');
      ctx.render('quick-start', { application, choice, stack, scope: scopeOf(application) });
    }),
  );

  router.get(
    '/:stack/:file',
    page(async ({ ctx, api }) => {
      const application = await applicationOf(ctx, api);
      const { language = 'ru' } = ctx.state;
      const stack = filledStack(ctx.params.stack, application, { issuer, language });
      const file = stack?.files.find(({ name }) => name === ctx.params.file);
      if (!file) throw new PortalError('not_found');
      ctx.attachment(file.name);
      ctx.type = 'text/plain; charset=utf-8';
      ctx.body = file.text;
    }),
  );
  return router;
}
