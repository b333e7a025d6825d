/** Puts the session of the browser's cookie on the request, with the token for its forms. */
import type { Middleware } from './context.ts';
import type { Cookies } from './cookies.ts';
import type { KeyedHash } from './keyed-hash.ts';
import type { Sessions } from './sessions.ts';

export function loadSession(cookies: Cookies, sessions: Sessions, hash: KeyedHash): Middleware {
  return (ctx, next) => {
    const value = cookies.get(ctx, 'session');
    const session = value ? sessions.find(value) : undefined;
    if (value && session) {
      ctx.state.session = session;
      ctx.state.formToken = hash('form', value);
    }
    return next();
  };
}
