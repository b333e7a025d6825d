/** For balancers and orchestrators: alive, and ready to serve. Says nothing but that. */
import type { Middleware } from './context.ts';

export type Readiness = { ready(): Promise<boolean> };

/** Before everything else: a balancer asks by address and cannot know the host name. */
export function health({ ready }: Readiness): Middleware {
  return async (ctx, next) => {
    if (ctx.path === '/healthz') {
      ctx.body = 'ok\n';
      return;
    }
    if (ctx.path === '/readyz') {
      const isReady = await ready();
      ctx.status = isReady ? 200 : 503;
      ctx.body = isReady ? 'ok\n' : 'not ready\n';
      return;
    }
    await next();
  };
}
