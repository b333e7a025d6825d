/** Signing in at the portal: the purpose that turns the gateway's answer into a session, and the routes around it. */
import Router from '@koa/router';
import type { ApiTokens } from './api-tokens.ts';
import type { Authorization, Purpose } from './authorization.ts';
import { type Middleware, type PortalContext, type PortalState, seeOther } from './context.ts';
import type { Cookies } from './cookies.ts';
import type { Gateway } from './gateway.ts';
import type { ReadProfile } from './profile.ts';
import type { Sessions } from './sessions.ts';

/** Name of the purpose. */
export const SIGN_IN = 'sign-in';

export type SignInNeeds = {
  readonly scope: string;
  readonly readProfile: ReadProfile;
  readonly sessions: Sessions;
  readonly cookies: Cookies;
  readonly tokens: ApiTokens;
  readonly decline: Purpose['decline'];
};

export function signInPurpose({
  scope,
  readProfile,
  sessions,
  cookies,
  tokens,
  decline,
}: SignInNeeds): Purpose {
  return {
    scope,
    settle(ctx, answer, returnTo) {
      const profile = readProfile(answer.claims);
      // A new id at every sign-in: one that was planted or overheard before is worth nothing afterwards.
      if (ctx.state.session) sessions.end(ctx.state.session.id);
      const value = sessions.start(answer, profile);
      if (answer.tokens) tokens.keep(value, answer.tokens);
      cookies.set(ctx, 'session', value);
      ctx.state.log.info({ sub: answer.sub }, 'signed in');
      seeOther(ctx, returnTo);
    },
    decline,
  };
}

/** `GET /sign-in?return_to=/path` and the redirect URI. */
export function signInRoutes(authorization: Authorization, publicUrl: string): Router<PortalState> {
  const router = new Router<PortalState>();
  router.get('/sign-in', (raw) => {
    const ctx = raw as unknown as PortalContext;
    return authorization.ask(ctx, SIGN_IN, { returnTo: pathWithin(publicUrl, ctx.query.return_to) });
  });
  router.get('/callback', (raw) => authorization.receive(raw as unknown as PortalContext));
  return router;
}

/** For pages that are somebody's: a visitor is sent to sign in and comes back; a form of a past session is not lost quietly. */
export function signedInOnly(): Middleware {
  return (ctx, next) => {
    if (ctx.state.session) return next();
    const shown = ctx.method === 'GET' || ctx.method === 'HEAD';
    return seeOther(
      ctx,
      shown ? `/sign-in?return_to=${encodeURIComponent(ctx.path)}` : '/?notice=session_ended',
    );
  };
}

const ASKED_FOR_SECONDS = 600;
/** Sec-Fetch-Dest of somebody opening a page; older browsers send none. */
const NAVIGATIONS: ReadonlySet<string> = new Set(['', 'document']);

/**
 * Whoever is signed in at the gateway needs no button: asks once, silently, before a start page is shown to a visitor.
 * Not while the gateway has not been found, for a visitor must see the start page even then.
 */
export function silentSignIn(authorization: Authorization, gateway: Gateway, cookies: Cookies): Middleware {
  return async (ctx, next) => {
    const opensPage =
      ctx.method === 'GET' && NAVIGATIONS.has(ctx.get('sec-fetch-dest')) && ctx.accepts('html');
    const asked = cookies.get(ctx, 'asked') !== undefined;
    if (ctx.state.session || asked || !opensPage || !gateway.known) return next();
    cookies.set(ctx, 'asked', 'yes', ASKED_FOR_SECONDS);
    return authorization.ask(ctx, SIGN_IN, { returnTo: '/', silent: true });
  };
}

/** A path of this portal, or its start page: never another host, whatever the spelling. */
export function pathWithin(publicUrl: string, value: unknown): string {
  const url = typeof value === 'string' && value.startsWith('/') ? URL.parse(value, publicUrl) : null;
  return url?.origin === publicUrl ? url.pathname + url.search : '/';
}
