/**
 * The door of the device flow's own address: a code in the address is read as it was meant – the other alphabet, small
 * letters, spaces – and shown with its device at once instead of by a page that posts itself; guesses are counted.
 */
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { Middleware } from '../http/context.ts';
import { spoken, typedSpokenCode } from '../login/spoken-code.ts';

const PATH = '/device';
const typedCodes = new WeakMap<object, string>();

/** The code that came in the address of this request, if one did. */
export function typedIn({ req }: { readonly req: object }): string | undefined {
  return typedCodes.get(req);
}

export function deviceEntry({ typedCodes: limiter }: { readonly typedCodes: Limiter }): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== PATH) return next();
    const { user_code: typed } = ctx.query;
    const isTyped = ctx.method === 'GET' && typeof typed === 'string';
    if (isTyped || ctx.method === 'POST') {
      const { allowed, retryAfter } = await limiter.take(ctx.state.origin.source);
      if (!allowed) {
        ctx.status = 429;
        ctx.set('Retry-After', String(retryAfter));
        const params = { minutes: Math.ceil(retryAfter / 60) };
        const problem = { field: 'form', code: 'throttled', params } as const;
        ctx.render('device/code', { action: PATH, code: '', problem });
        return;
      }
    }
    if (isTyped) {
      typedCodes.set(ctx.req, spoken(typedSpokenCode(typed)));
      // The library would answer with a form that sends itself.
      ctx.query = {};
    }
    await next();
  };
}
