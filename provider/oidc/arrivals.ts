/**
 * After the library has answered an authorization request: writes down, in one statement, where the account is now
 * signed in and who holds a grant. Nothing is sent before that is committed.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { AccountActivity } from '../../adapters/account-activity/account-activity.ts';
import type { JobQueue } from '../../adapters/job-queue/job-queue.ts';
import type { Events } from '../events.ts';
import type { Middleware } from '../http/context.ts';
import { deviceOf } from '../http/device.ts';
import type { SessionEnder } from './end-session.ts';
import { grantMadeIn } from './grants.ts';
import { isOffline, OFFLINE_SECONDS, SESSION_SECONDS } from './lifetimes.ts';

const ROUTES = new Set(['authorization', 'resume']);

export type ArrivalsNeeds = {
  readonly activity: AccountActivity;
  readonly jobs: JobQueue;
  readonly events: Events;
};

export function recordArrivals({ activity, jobs, events }: ArrivalsNeeds): Middleware {
  return async (ctx, next) => {
    await next();
    const oidc = (ctx as unknown as KoaContextWithOIDC).oidc;
    if (!ROUTES.has(oidc?.route ?? '') || ctx.status >= 400) return;
    const { session, client } = oidc;
    const accountId = session?.accountId;
    if (!session || !client || accountId === undefined) return;

    const login = oidc.result?.login;
    const grant = grantMadeIn(ctx);
    if (!login && !grant) return;

    const now = Date.now();
    const { origin } = ctx.state;
    const method = String(login?.method ?? '');
    const device = deviceOf(origin.userAgent);
    const scope = grant?.getOIDCScope() ?? '';
    const { knownDevice } = await activity.recordArrival({
      accountId,
      sessionUid: session.uid,
      clientId: client.clientId,
      requestId: origin.requestId,
      network: origin.network,
      ...(login && {
        signIn: {
          device,
          method,
          acr: session.acr ?? '',
          expiresAt: new Date(now + SESSION_SECONDS * 1_000),
        },
      }),
      ...(grant && {
        grant: {
          id: grant.jti,
          scope,
          expiresAt: new Date(now + (isOffline(scope) ? OFFLINE_SECONDS : SESSION_SECONDS) * 1_000),
        },
      }),
    });
    if (!login) return;
    events.signedIn(origin, { method, accountId, clientId: client.clientId });
    if (!knownDevice) {
      const details = { device, network: origin.network, at: new Date(now).toISOString() };
      await jobs.add('letter', { accountId, template: 'new-device', details });
    }
  };
}

/** After a sign-out: the grants that were to last as long as the session end, and the list of sessions says so. */
export function recordSignOuts({ sessions, events }: { sessions: SessionEnder; events: Events }): Middleware {
  return async (ctx, next) => {
    await next();
    const oidc = (ctx as unknown as KoaContextWithOIDC).oidc;
    const session = oidc?.session as { accountId?: string; uid: string; destroyed?: boolean } | undefined;
    if (oidc?.route !== 'end_session_confirm' || ctx.status >= 400 || session?.accountId === undefined)
      return;
    const { accountId, uid, destroyed } = session;
    const clientId = oidc.client?.clientId;
    if (!destroyed && clientId === undefined) return;
    await sessions.signedOut(accountId, uid, destroyed ? undefined : clientId);
    if (destroyed) await events.sessionEnded(ctx.state.origin, accountId, uid);
  };
}
