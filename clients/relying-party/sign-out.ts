/** Signing out at the portal: here first, then at the gateway, which asks whether everywhere (RP-Initiated Logout 1.0). */
import Router from '@koa/router';
import { type PortalContext, type PortalState, seeOther } from './context.ts';
import type { Cookies } from './cookies.ts';
import { PortalError } from './errors.ts';
import type { ReadForm } from './forms.ts';
import type { Gateway } from './gateway.ts';
import { withNotice } from './pages.ts';
import type { Sessions } from './sessions.ts';

/** Whoever has just signed out is not signed in silently at the next page. */
const STAYS_OUT_SECONDS = 12 * 3_600;

export type SignOutNeeds = {
  readonly gateway: Gateway;
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly readForm: ReadForm;
};

export function signOutRoutes({ gateway, sessions, cookies, readForm }: SignOutNeeds): Router<PortalState> {
  const router = new Router<PortalState>();
  router.post('/sign-out', async (raw) => {
    const ctx = raw as unknown as PortalContext;
    const { session } = ctx.state;
    if (!session) return seeOther(ctx, '/');
    readForm(ctx, {});
    sessions.end(session.id);
    cookies.clear(ctx, 'session');
    cookies.set(ctx, 'asked', 'yes', STAYS_OUT_SECONDS);
    ctx.state.log.info({ sub: session.sub }, 'signed out');
    try {
      const url = await gateway.endSessionUrl(session.idToken);
      return seeOther(ctx, url.href);
    } catch (error) {
      if (!(error instanceof PortalError)) throw error;
      return seeOther(ctx, withNotice('/', 'signed_out_here'));
    }
  });
  return router;
}
