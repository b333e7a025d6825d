/**
 * Writes down, in one statement, where the account is now signed in and who holds a grant: before the session is saved
 * that leads to either, because what is not listed could not be ended. Told to the world after the answer.
 */
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { AccountActivity } from '../../adapters/account-activity/account-activity.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext, Middleware, RequestOrigin } from '../http/context.ts';
import { deviceOf } from '../http/device.ts';
import type { Post } from '../letters/post.ts';
import type { SessionEnder, SignedOut } from './end-session.ts';
import { witnessGrant } from './grants.ts';
import { isOffline, OFFLINE_SECONDS, SESSION_SECONDS } from './lifetimes.ts';

export type ArrivalsNeeds = {
  readonly activity: AccountActivity;
  readonly post: Post;
  readonly events: Events;
};

export function recordArrivals(needs: ArrivalsNeeds): Middleware {
  return async (ctx, next) => {
    let arrival: Arrival | undefined;
    witnessGrant(ctx, async (grant, isNew) => {
      arrival = await record(needs.activity, ctx, isNew ? grant : undefined);
    });
    await next();
    if (arrival && ctx.status < 400) await announce(needs, ctx.state.origin, arrival);
  };
}

type Arrival = {
  readonly accountId: string;
  readonly clientId: string;
  /** Absent when a known session got a grant for one more client. */
  readonly signIn?: { readonly method: string; readonly device: string; readonly knownDevice: boolean };
};

async function record(
  activity: AccountActivity,
  ctx: GatewayContext,
  grant: Grant | undefined,
): Promise<Arrival | undefined> {
  const { oidc } = ctx as unknown as KoaContextWithOIDC;
  const { session, client } = oidc;
  const accountId = session?.accountId;
  const login = signInOf(oidc);
  if (!session || !client || accountId === undefined || (!login && !grant)) return undefined;

  const now = Date.now();
  const { origin } = ctx.state;
  const method = String(login?.method ?? '');
  const device = deviceOf(origin.userAgent);
  const scope = grant?.getOIDCScope() ?? '';
  const { clientId } = client;
  try {
    const { knownDevice } = await activity.recordArrival({
      accountId,
      sessionUid: session.uid,
      clientId,
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
    return { accountId, clientId, ...(login && { signIn: { method, device, knownDevice } }) };
  } catch (error) {
    // The library saves the session even when the request fails; one that somebody has just signed in to must not be.
    if (login) await session.destroy();
    throw error;
  }
}

/** The sign-in that ends here; one repeated after a consent, or lent by another tab, has been listed before. */
function signInOf({ result, entities }: KoaContextWithOIDC['oidc']) {
  const login = result?.login;
  const before = entities.Interaction?.lastSubmission?.login;
  // A password, and then the code that joins it, are two.
  const isRepeated = before !== undefined && before.method === login?.method && before.ts === login?.ts;
  return isRepeated || login?.method === undefined ? undefined : login;
}

async function announce(
  { events, post }: ArrivalsNeeds,
  origin: RequestOrigin,
  { accountId, clientId, signIn }: Arrival,
): Promise<void> {
  if (!signIn) return;
  const { method, device, knownDevice } = signIn;
  events.signedIn(origin, { method, accountId, clientId });
  if (knownDevice) return;
  await post.send({
    template: 'new-device',
    to: { accountId },
    facts: { at: new Date(), network: origin.network, device },
  });
}

/** After a sign-out: the grants that were to last as long as the session end, and the list of sessions says so. */
export function recordSignOuts({ sessions, events }: { sessions: SessionEnder; events: Events }): Middleware {
  return async (ctx, next) => {
    await next();
    const oidc = (ctx as unknown as KoaContextWithOIDC).oidc;
    const session = oidc?.session as (SignedOut & { accountId?: string; destroyed?: boolean }) | undefined;
    if (oidc?.route !== 'end_session_confirm' || ctx.status >= 400 || session?.accountId === undefined)
      return;
    const { accountId, uid, destroyed } = session;
    const clientId = oidc.client?.clientId;
    if (!destroyed && clientId === undefined) return;
    await sessions.signedOut(accountId, session, destroyed ? undefined : clientId);
    if (destroyed) await events.sessionEnded(ctx.state.origin, accountId, uid);
  };
}
