/**
 * Requests of a browser that came as a form: OpenID Connect Core 3.1.2.1 and RP-Initiated Logout 2 want POST beside GET.
 * Our cookies are SameSite=Lax and do not come with a form of another site, so nobody would be signed in; sent back by
 * 303 the same request comes by GET, with them. Knows nothing of what the parameters say.
 */
import { GatewayError } from '../errors.ts';
import type { GatewayContext, Middleware } from '../http/context.ts';
import { formBody } from '../http/form.ts';

const ENDPOINTS = new Set(['/auth', '/session/end']);
/** Less than what the front door reads of an address; a larger request is pushed (RFC 9126). */
const ADDRESS_LIMIT = 7 * 1024;

export function postedRequests(): Middleware {
  const parse = formBody();
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || !ENDPOINTS.has(ctx.path)) return next();
    // Half a request here and half there would be read differently by each reader (security.md class 21).
    if (ctx.querystring !== '' || !ctx.is('application/x-www-form-urlencoded')) {
      throw new GatewayError('bad_request');
    }
    await parse(ctx, async () => sendBack(ctx));
  };
}

function sendBack(ctx: GatewayContext): void {
  const { rawBody = '' } = ctx.request as { rawBody?: string };
  // Written anew, so that what comes twice still comes twice and nothing else than an address can come of it.
  const address = `${ctx.path}?${new URLSearchParams(rawBody)}`;
  if (address.length > ADDRESS_LIMIT) throw new GatewayError('too_large');
  ctx.status = 303;
  ctx.redirect(address);
}
