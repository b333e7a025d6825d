/** «Подписать согласие»: signs in once more, and the gateway shows the document that was put off. */
import Router from '@koa/router';
import type { Authorization } from '../relying-party/authorization.ts';
import type { PortalContext, PortalState } from '../relying-party/context.ts';
import { SIGN_IN } from '../relying-party/sign-in.ts';

export function documentRoutes(authorization: Authorization): Router<PortalState> {
  const router = new Router<PortalState>();
  router.get('/document', (raw) =>
    authorization.ask(raw as unknown as PortalContext, SIGN_IN, {
      returnTo: '/',
      further: { prompt: 'documents' },
    }),
  );
  return router;
}
