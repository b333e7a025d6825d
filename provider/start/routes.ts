/** Pages for whoever comes without a request: the front page and what it says of itself. */
import Router from '@koa/router';
import type { Doorkeeper } from '../cabinet/enter.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';

export type StartNeeds = {
  readonly doorkeeper: Pick<Doorkeeper, 'present' | 'isSeated'>;
  readonly upstreams: Pick<Upstreams, 'offers'>;
  /** Where developers connect their applications. */
  readonly developersUrl: string | undefined;
};

export function startRoutes({ doorkeeper, upstreams, developersUrl }: StartNeeds): Router<GatewayState> {
  const router = new Router<GatewayState>();
  router.get('/', async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const { locale } = ctx.state;
    const names = upstreams.offers().flatMap(({ state, name }) => (state === 'off' ? [] : [name[locale]]));
    const visitor = await doorkeeper.present(ctx);
    ctx.render('start', {
      ...(visitor && { visitor: { isSeated: await doorkeeper.isSeated(visitor) } }),
      ...(developersUrl !== undefined && { developers: developersUrl }),
      ...(names.length > 0 && {
        upstreams: new Intl.ListFormat(locale, { type: 'disjunction' }).format(names),
      }),
    });
  });
  router.get('/about/ways', (raw) => (raw as unknown as GatewayContext).render('about/ways', {}));
  return router;
}
