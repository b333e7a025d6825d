/**
 * Gives every request an id, a child logger and its origin, and writes one line when it is over. Logs the name of the
 * route instead of the path, because a path may hold an id; no query, no header, nothing personal.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { RequestMetrics } from '../metrics.ts';
import type { Middleware, RequestOrigin } from './context.ts';
import type { Proxies } from './front-door.ts';
import { networkOf, sourceOf } from './network.ts';
import { offer } from './offer.ts';

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;
const USER_AGENT_LIMIT = 512;

export function requestLog(log: Logger, metrics: RequestMetrics, { isTrusted }: Proxies): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    const given = isTrusted(ctx.req) ? ctx.get('x-request-id') : '';
    const requestId = REQUEST_ID.test(given) ? given : randomUUID();
    offer(ctx.state, 'origin', () => originOf(ctx, requestId));
    offer(ctx.state, 'log', () => log.child({ requestId }));
    ctx.set('X-Request-Id', requestId);
    try {
      await next();
    } finally {
      const ms = performance.now() - startedAt;
      const route = routeOf(ctx);
      metrics.observe(route, ctx.method, ctx.status, ms / 1_000);
      const line = { requestId, route, method: ctx.method, status: ctx.status, ms: Math.round(ms) };
      if (ctx.status >= 500) log.error(line, 'request');
      else log.info(line, 'request');
    }
  };
}

function originOf(ctx: Parameters<Middleware>[0], requestId: string): RequestOrigin {
  return {
    requestId,
    network: networkOf(ctx.ip),
    source: sourceOf(ctx.ip),
    userAgent: ctx.get('user-agent').slice(0, USER_AGENT_LIMIT),
  };
}

/** Low cardinality: a route's pattern or oidc-provider's name for it. */
function routeOf(
  ctx: Parameters<Middleware>[0] & { _matchedRoute?: unknown; oidc?: { route?: string } },
): string {
  if (typeof ctx._matchedRoute === 'string') return ctx._matchedRoute;
  return ctx.oidc?.route ?? (ctx.path.startsWith('/assets/') ? '/assets' : 'other');
}
