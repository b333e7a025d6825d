/** Pages for whoever comes without a request: the front page and what it says of itself. */
import Router from '@koa/router';
import type { GatewayContext, GatewayState } from '../http/context.ts';

export function startRoutes(): Router<GatewayState> {
  const router = new Router<GatewayState>();
  const page = (path: string, view: 'start' | 'about/ways') =>
    router.get(path, (raw) => (raw as unknown as GatewayContext).render(view, {}));
  page('/', 'start');
  page('/about/ways', 'about/ways');
  return router;
}
