/**
 * Writes down, in one statement, where the account is now signed in and who holds a grant: before the session is saved
 * that leads to either, because what is not listed could not be ended. Told to the world after the answer.
 */
import type { Grant, Interaction, KoaContextWithOIDC } from 'oidc-provider';
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
    let resumed: Interaction | undefined;
    witnessGrant(ctx, async (grant, isNew) => {
      resumed = oidcOf(ctx).entities.Interaction;
      arrival = await record(needs.activity, ctx, isNew ? grant : undefined);
    });
    await next();
    if (ctx.status >= 400) return;
    if (resumed) count(needs.events, ctx, resumed);
    if (arrival) await announce(needs, ctx.state.origin, arrival);
  };
}

type Library = KoaContextWithOIDC['oidc'];
const oidcOf = (ctx: object): Library => (ctx as unknown as KoaContextWithOIDC).oidc;

type Arrival = {
  readonly accountId: string;
  /** Absent when a known session got a grant for one more client. */
  readonly signIn?: { readonly device: string; readonly knownDevice: boolean };
};

async function record(
  activity: AccountActivity,
  ctx: GatewayContext,
  grant: Grant | undefined,
): Promise<Arrival | undefined> {
  const oidc = oidcOf(ctx);
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
    return { accountId, ...(login && { signIn: { device, knownDevice } }) };
  } catch (error) {
    // The library saves the session even when the request fails; one that somebody has just signed in to must not be.
    if (login) await session.destroy();
    throw error;
  }
}

/** The sign-in that ends here; one repeated after a consent, or lent by another tab, has been listed before. */
function signInOf({ result, entities }: Library) {
  const login = result?.login;
  const before = entities.Interaction?.lastSubmission?.login;
  // A password, and then the code that joins it, are two.
  const isRepeated = before !== undefined && before.method === login?.method && before.ts === login?.ts;
  return isRepeated || login?.method === undefined ? undefined : login;
}

/** A sign-in counts once, when nothing more is asked of her, and as what she showed last. */
function count(events: Events, ctx: GatewayContext, resumed: Interaction): void {
  const { result, session, client, entities } = oidcOf(ctx);
  const isAskedOn = entities.Interaction !== resumed && entities.Interaction?.prompt.name === 'login';
  const method = result?.login?.method ?? result?.cameBy;
  if (resumed.prompt.name !== 'login' || isAskedOn || method === undefined) return;
  if (session?.accountId === undefined || !client) return;
  const { accountId } = session;
  events.signedIn(ctx.state.origin, { method: String(method), accountId, clientId: client.clientId });
}

async function announce(
  { post }: Pick<ArrivalsNeeds, 'post'>,
  origin: RequestOrigin,
  { accountId, signIn }: Arrival,
): Promise<void> {
  if (!signIn || signIn.knownDevice) return;
  const { device } = signIn;
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
