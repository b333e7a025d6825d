/**
 * Gives every request an id and a child logger, and writes one line when it is over. Logs the pattern of the route, no
 * query, no header, no address.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Middleware } from './context.ts';

export function requestLog(log: Logger): Middleware {
  return async (ctx, next) => {
    const startedAt = performance.now();
    ctx.state.requestId = randomUUID();
    ctx.state.log = log.child({ requestId: ctx.state.requestId });
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
    const { _matchedRoute: route = 'other' } = ctx as { _matchedRoute?: unknown };
    const ms = Math.round(performance.now() - startedAt);
    const line = { route, method: ctx.method, status: ctx.status, ms };
    if (ctx.status >= 500) ctx.state.log.error(line, 'request');
    else ctx.state.log.info(line, 'request');
  };
}
