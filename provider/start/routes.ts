/** Pages for whoever comes without a request: the front page and what it says of itself. */
import Router from '@koa/router';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';

export type StartNeeds = {
  readonly upstreams: Pick<Upstreams, 'offers'>;
  /** Where developers connect their applications. */
  readonly developersUrl: string | undefined;
};

export function startRoutes({ upstreams, developersUrl }: StartNeeds): Router<GatewayState> {
  const router = new Router<GatewayState>();
  router.get('/', (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const { locale } = ctx.state;
    const names = upstreams.offers().flatMap(({ state, name }) => (state === 'off' ? [] : [name[locale]]));
    ctx.render('start', {
      ...(developersUrl !== undefined && { developers: developersUrl }),
      ...(names.length > 0 && {
        upstreams: new Intl.ListFormat(locale, { type: 'disjunction' }).format(names),
      }),
    });
  });
  router.get('/about/ways', (raw) => (raw as unknown as GatewayContext).render('about/ways', {}));
  return router;
}
