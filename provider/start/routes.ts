/** Pages for whoever comes without a request: the front page and what it says of itself. */
import Router from '@koa/router';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';

export type StartNeeds = { readonly upstreams: Pick<Upstreams, 'offers'> };

export function startRoutes({ upstreams }: StartNeeds): Router<GatewayState> {
  const router = new Router<GatewayState>();
  router.get('/', (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const { locale } = ctx.state;
    const names = upstreams.offers().flatMap(({ state, name }) => (state === 'off' ? [] : [name[locale]]));
    ctx.render('start', {
      ...(names.length > 0 && {
        upstreams: new Intl.ListFormat(locale, { type: 'disjunction' }).format(names),
      }),
    });
  });
  router.get('/about/ways', (raw) => (raw as unknown as GatewayContext).render('about/ways', {}));
  return router;
}
