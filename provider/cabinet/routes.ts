/** «Личный кабинет члена Профсоюза»: what a person may see and end of her own account (SYS-01). */

import Router from '@koa/router';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { AccountActivity } from '../../adapters/account-activity/account-activity.ts';
import type { Account } from '../../adapters/account-store/account-store.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import { paramOf } from '../http/param.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import { type AccountRoomNeeds, accountRooms } from './account-rooms.ts';
import { type ChangePasswordNeeds, changePassword, type PasswordChangeProblem } from './change-password.ts';
import { type ConsentSigningNeeds, consentRooms } from './consent-rooms.ts';
import { type DocumentNeeds, documentRooms } from './document-rooms.ts';
import type { Doorkeeper, Visitor } from './enter.ts';
import { type HomeNeeds, homeOf } from './home.ts';
import { type PortalRoomNeeds, portalRooms } from './portal-rooms.ts';
import { type ProtectionRoomNeeds, protectionRooms } from './protection-rooms.ts';
import { proofOf } from './prove-person.ts';
import { goTo, rooms, statusOf } from './rooms.ts';
import { isPasswordUseful, type SetPasswordNeeds, setPassword } from './set-password.ts';
import { type SignInRoomNeeds, signInRoom } from './sign-ins.ts';
import { type WayRoomNeeds, wayRooms } from './way-rooms.ts';
import { type WhoLookedNeeds, whoLookedRoom } from './who-looked.ts';

export type CabinetNeeds = ChangePasswordNeeds &
  SetPasswordNeeds &
  WayRoomNeeds &
  SignInRoomNeeds &
  WhoLookedNeeds &
  HomeNeeds &
  AccountRoomNeeds &
  DocumentNeeds &
  ConsentSigningNeeds &
  ProtectionRoomNeeds &
  PortalRoomNeeds & {
    readonly provider: Provider;
    readonly doorkeeper: Doorkeeper;
    readonly activity: AccountActivity;
    readonly sessions: SessionEnder;
    readonly readForm: ReadForm;
  };

const passwordForm = {
  /** Not in the form of whoever sets her first one. */
  current: z.string().max(1_000).optional(),
  fresh: z.string().max(1_000),
  repeated: z.string().max(1_000),
};

export function cabinetRoutes(needs: CabinetNeeds): Router<GatewayState> {
  const { provider, doorkeeper, activity, sessions, events, notices, readForm } = needs;
  const router = new Router<GatewayState>({ prefix: '/cabinet', exclusive: true });

  const { show, act } = rooms(router, doorkeeper);

  documentRooms(router, needs);
  consentRooms(router, needs);
  accountRooms(router, needs);
  wayRooms(router, needs);
  signInRoom(router, needs);
  whoLookedRoom(router, needs);
  portalRooms(router, needs);
  protectionRooms(router, needs);
  // Every page that is here to be looked at can be come back to.
  const isRoom = (path: string): boolean => router.match(path, 'GET').route;
  router.get('/enter', (raw) => doorkeeper.admit(raw as unknown as GatewayContext, isRoom));

  const home = async (ctx: GatewayContext, account: Account, ticketShown: boolean) => {
    const deletion = await needs.deletions.of(account.id);
    const notice = notices.take(ctx);
    ctx.render('cabinet/home', {
      ...(await homeOf(needs, account, ticketShown)),
      ...(deletion && { deletionDue: deletion.due }),
      ...(notice && { notice }),
    });
  };
  show('/', (ctx, { account }) => home(ctx, account, false));
  act('/ticket', async (ctx, { account }) => {
    readForm(ctx, {});
    await events.ticketShown(ctx.state.origin, account.id);
    await home(ctx, account, true);
  });

  show('/sessions', async (ctx, { account, session }) => {
    const all = await activity.sessionsOf(account.id);
    ctx.render('cabinet/sessions', {
      sessions: all.map(({ uid, device, network, signedInAt }) => ({
        device,
        network,
        signedInAt,
        current: uid === session.uid,
        action: `/cabinet/sessions/${uid}/end`,
      })),
      endOthersAction: '/cabinet/sessions/end-others',
    });
  });
  act('/sessions/end-others', async (ctx, { account, session }) => {
    readForm(ctx, {});
    for (const { uid } of await activity.sessionsOf(account.id)) {
      if (uid === session.uid) continue;
      await sessions.endSession(provider, account.id, uid);
      await events.sessionEnded(ctx.state.origin, account.id, uid);
    }
    goTo(ctx, '/cabinet/sessions');
  });
  act('/sessions/:session/end', async (ctx, { account }) => {
    readForm(ctx, {});
    const uid = paramOf(ctx, 'session');
    if (!(await sessions.endSession(provider, account.id, uid))) throw new GatewayError('not_found');
    await events.sessionEnded(ctx.state.origin, account.id, uid);
    goTo(ctx, '/cabinet/sessions');
  });

  const passwordRoom = async (
    ctx: GatewayContext,
    visitor: Visitor,
    shown: { readonly problem?: PasswordChangeProblem; readonly done?: 'changed' | 'set' } = {},
  ): Promise<void> => {
    const proof = await proofOf(needs, visitor);
    statusOf(ctx, shown.problem);
    const locals = { action: '/cabinet/password', ...shown };
    if (proof === 'password') return ctx.render('cabinet/password', locals);
    const useful = isPasswordUseful(visitor.account);
    ctx.render('cabinet/set-password', { ...locals, proof, useful });
  };
  show('/password', (ctx, visitor) => passwordRoom(ctx, visitor));
  act('/password', async (ctx, visitor) => {
    const { current, ...typed } = readForm(ctx, passwordForm);
    const { account, session } = visitor;
    const { origin } = ctx.state;
    if ((await proofOf(needs, visitor)) !== 'password') {
      const problem = await setPassword(needs, visitor, origin, typed);
      return passwordRoom(ctx, visitor, problem ? { problem } : { done: 'set' });
    }
    const problem = await changePassword(needs, account, origin, { current: current ?? '', ...typed });
    if (!problem) await sessions.endAllOthers(provider, account.id, session.uid);
    await passwordRoom(ctx, visitor, problem ? { problem } : { done: 'changed' });
  });

  return router;
}
