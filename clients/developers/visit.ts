/**
 * A page that works through the management API: whoever is not signed in is sent to sign in, whoever's token has come
 * to its end signs in again and comes back.
 */
import type { PortalContext } from '../relying-party/context.ts';
import type { PortalParts } from '../relying-party/portal.ts';
import type { Session } from '../relying-party/sessions.ts';
import { signedInOnly } from '../relying-party/sign-in.ts';
import { type ManagementApi, managementApi, TokenRefused } from './api/management-api.ts';

/** Of somebody signed in. */
export type Visit = {
  readonly ctx: PortalContext;
  readonly api: ManagementApi;
  readonly session: Session;
  /** Value of the session's cookie: what is hers alone is sealed with it. */
  readonly cookie: string;
  readonly scopes: readonly string[];
};

/** Makes a handler of a route. */
export type Page = (handle: (visit: Visit) => unknown) => (raw: unknown) => Promise<unknown>;

export type VisitNeeds = Pick<PortalParts, 'sessions' | 'cookies' | 'tokens'> & { readonly issuer: string };

export function visits({ sessions, cookies, tokens, issuer }: VisitNeeds): Page {
  const hers = signedInOnly();
  const signInAgain = (ctx: PortalContext, session: Session) => {
    sessions.end(session.id);
    ctx.state.session = undefined;
    return hers(ctx, async () => {});
  };
  return (handle) => async (raw) => {
    const ctx = raw as PortalContext;
    return hers(ctx, async () => {
      const session = ctx.state.session!;
      const cookie = cookies.get(ctx, 'session')!;
      const token = await tokens.of(cookie);
      if (!token) return signInAgain(ctx, session);
      const { accessToken, scopes } = token;
      const api = managementApi({ issuer, accessToken, language: ctx.state.language ?? 'ru' });
      try {
        return await handle({ ctx, api, session, cookie, scopes });
      } catch (error) {
        if (!(error instanceof TokenRefused)) throw error;
        return signInAgain(ctx, session);
      }
    });
  };
}
