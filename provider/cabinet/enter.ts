/**
 * Who is in the cabinet. It shares the gateway's session instead of keeping one: a person without one is sent through
 * the same authorization request as from any portal, and the code she comes back with is simply not needed.
 */
import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import type { Account, AccountStore } from '../../adapters/account-store/account-store.ts';
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import type { OfficeStore } from '../../adapters/office-store/office-store.ts';
import type { GatewayContext } from '../http/context.ts';
import { liveSession } from '../interactions/finish.ts';
import { type OwnPages, ownClient, ownRequest } from '../oidc/own-pages.ts';
import { signsIn } from '../oidc/standing.ts';

export const CABINET_CLIENT_ID = 'cabinet';
const CABINET: OwnPages = {
  clientId: CABINET_CLIENT_ID,
  name: 'Личный кабинет члена Профсоюза',
  entryPath: '/cabinet/enter',
};
/** A wizard that was left is found again by signing in. */
const WIZARD = new Set([
  ...['/join/question', '/join/ticket', '/join/application', '/join/review'],
  ...['/join/documents', '/join/code', '/join/done'],
]);
/** No longer, and with no other signs, than our own addresses have. */
const PLAIN_PATH = /^(\/\w[\w.~-]{0,127}){1,6}$/;

export const cabinetClient = (issuer: string): ClientMetadata => ownClient(CABINET, issuer);

export type Visitor = { readonly account: Account; readonly session: Session & { accountId: string } };

export type Doorkeeper = {
  /** Whoever is signed in, without sending anybody anywhere. */
  present(ctx: GatewayContext): Promise<Visitor | undefined>;
  /** Whether she has a workplace beside her cabinet. */
  isSeated(visitor: Visitor): Promise<boolean>;
  /** The person in the cabinet, or undefined after having sent the browser to sign in. */
  visitor(ctx: GatewayContext): Promise<Visitor | undefined>;
  /** Sends the browser to sign in once more, through `upstream` if that is given, and then back to the room. */
  askAgain(ctx: GatewayContext, room: string, upstream: string | undefined): void;
  /** Back from the sign-in: on to the room she came for, if it `isRoom` of the cabinet, and to the front room otherwise. */
  admit(ctx: GatewayContext, isRoom: (path: string) => boolean): void;
};

export function doorkeeper(
  provider: Provider,
  accounts: AccountStore,
  offices: Pick<OfficeStore, 'isSeated'>,
): Doorkeeper {
  const present = async (ctx: GatewayContext): Promise<Visitor | undefined> => {
    const session = await liveSession(provider, ctx);
    const account = session && (await accounts.find(session.accountId));
    return session && account && signsIn(account, session) ? { account, session } : undefined;
  };
  return {
    present,
    isSeated: ({ account }) => offices.isSeated(account.id),
    async visitor(ctx) {
      const visitor = await present(ctx);
      if (visitor) return visitor;
      ctx.status = 303;
      ctx.redirect(authorizationRequest(provider.issuer, ctx.path));
      return undefined;
    },
    askAgain(ctx, room, upstream) {
      const again = { prompt: 'login', ...(upstream !== undefined && { idp_hint: upstream }) };
      ctx.status = 303;
      ctx.redirect(authorizationRequest(provider.issuer, room, again));
    },
    admit(ctx, isRoom) {
      const room = String(ctx.query.state ?? '');
      const isKnown =
        WIZARD.has(room) || (room !== CABINET.entryPath && PLAIN_PATH.test(room) && isRoom(room));
      ctx.status = 303;
      ctx.redirect(ctx.query.error === undefined ? (isKnown ? room : '/cabinet') : '/');
    },
  };
}

function authorizationRequest(issuer: string, room: string, more: Record<string, string> = {}): string {
  return ownRequest(CABINET, issuer, room, more);
}
