/**
 * A store that is down is no bug of ours and no fault of the client: the library's blank 500 becomes a 503 that says
 * when to come back (security.md d, promise C).
 */
import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors.ts';
import type { Middleware } from '../http/context.ts';
import { isStoreFault, STORE_RETRY_SECONDS } from '../http/error-page.ts';

const faults = new WeakMap<IncomingMessage, unknown>();

/** The library tells of a fault by an event; here it meets the answer it belongs to. */
export function noteFault(request: IncomingMessage, error: unknown): void {
  if (isStoreFault(error)) faults.set(request, error);
}

export function storeFaults(): Middleware {
  return async (ctx, next) => {
    await next();
    const cause = faults.get(ctx.req);
    if (cause === undefined) return;
    if (ctx.accepts('json', 'html') === 'html') {
      throw new GatewayError('store_unavailable', { cause, retryAfter: STORE_RETRY_SECONDS });
    }
    ctx.status = 503;
    ctx.set('Retry-After', String(STORE_RETRY_SECONDS));
    ctx.body = { error: 'temporarily_unavailable' };
  };
}
