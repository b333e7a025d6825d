/**
 * Who is in the cabinet. It shares the gateway's session instead of keeping one: a person without one is sent through
 * the same authorization request as from any portal, and the code she comes back with is simply not needed.
 */
import { createHash, randomBytes } from 'node:crypto';
import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import type { GatewayContext } from '../http/context.ts';
import { liveSession } from '../interactions/finish.ts';
import { stands } from '../oidc/standing.ts';

export const CABINET_CLIENT_ID = 'cabinet';
const ENTRY_PATH = '/cabinet/enter';
/** Where a sign-in may lead; anything else leads to the front room. */
const ROOMS = new Set([
  '/cabinet',
  '/cabinet/sessions',
  '/cabinet/password',
  '/cabinet/portals',
  '/cabinet/documents',
  '/cabinet/email',
  '/cabinet/data',
  '/cabinet/delete',
  '/cabinet/ways',
  '/cabinet/sign-ins',
  // A wizard that was left is found again by signing in.
  ...['/join/question', '/join/ticket', '/join/application', '/join/review'],
  ...['/join/documents', '/join/code', '/join/done'],
]);
const WAY_ROOM = /^\/cabinet\/ways\/[\w-]{1,64}(\/remove)?$/;
const isRoom = (path: string): boolean => ROOMS.has(path) || WAY_ROOM.test(path);

/** The cabinet as a relying party of its own gateway. */
export function cabinetClient(issuer: string): ClientMetadata {
  return {
    client_id: CABINET_CLIENT_ID,
    client_name: 'Личный кабинет члена Профсоюза',
    first_party: true,
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    redirect_uris: [`${issuer}${ENTRY_PATH}`],
    scope: 'openid',
    id_token_signed_response_alg: 'ES256',
  };
}

export type Visitor = { readonly account: Account; readonly session: Session & { accountId: string } };

export type Doorkeeper = {
  /** The person in the cabinet, or undefined after having sent the browser to sign in. */
  visitor(ctx: GatewayContext): Promise<Visitor | undefined>;
  /** Sends the browser to sign in once more, through `upstream` if that is given, and then back to the room. */
  askAgain(ctx: GatewayContext, room: string, upstream: string | undefined): void;
  /** Back from the sign-in: on to the room she came for. */
  admit(ctx: GatewayContext): void;
};

export function doorkeeper(provider: Provider, accounts: AccountStore): Doorkeeper {
  return {
    async visitor(ctx) {
      const session = await liveSession(provider, ctx);
      const account = session && (await accounts.find(session.accountId));
      if (session && account && stands(account, session.loginTs)) return { account, session };
      ctx.status = 303;
      ctx.redirect(authorizationRequest(provider.issuer, ctx.path));
      return undefined;
    },
    askAgain(ctx, room, upstream) {
      const again = { prompt: 'login', ...(upstream !== undefined && { idp_hint: upstream }) };
      ctx.status = 303;
      ctx.redirect(authorizationRequest(provider.issuer, room, again));
    },
    admit(ctx) {
      const room = String(ctx.query.state ?? '');
      ctx.status = 303;
      ctx.redirect(ctx.query.error === undefined ? (isRoom(room) ? room : '/cabinet') : '/');
    },
  };
}

function authorizationRequest(issuer: string, room: string, more: Record<string, string> = {}): string {
  const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');
  const params = new URLSearchParams({
    client_id: CABINET_CLIENT_ID,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${issuer}${ENTRY_PATH}`,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: isRoom(room) ? room : '/cabinet',
    ...more,
  });
  return `/auth?${params}`;
}
