/** An answer that says nothing has no type either: Koa would call it text/plain, which oidc-client-ts takes for a fault. */
import type { Middleware } from '../http/context.ts';

/** RFC 7009 §2.2: whether a token is revoked is in the status alone. */
export function emptyAnswers(): Middleware {
  return async (ctx, next) => {
    await next();
    if (ctx.body === '') ctx.remove('Content-Type');
  };
}
