/** «Личный кабинет члена Профсоюза»: what a person may see and end of her own account (SYS-01). */

import Router from '@koa/router';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { AccountActivity, ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import type { Account } from '../../adapters/account-store/account-store.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import { paramOf } from '../http/param.ts';
import { clientView } from '../interactions/client-view.ts';
import { claimsIn } from '../interactions/show.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import type { SessionEnder } from '../oidc/end-session.ts';
import { type AccountRoomNeeds, accountRooms } from './account-rooms.ts';
import { type ChangePasswordNeeds, changePassword } from './change-password.ts';
import { type ConsentSigningNeeds, consentRooms } from './consent-rooms.ts';
import { type DocumentNeeds, documentRooms } from './document-rooms.ts';
import { CABINET_CLIENT_ID, type Doorkeeper } from './enter.ts';
import { type HomeNeeds, homeOf } from './home.ts';
import { goTo, rooms } from './rooms.ts';

export type CabinetNeeds = ChangePasswordNeeds &
  HomeNeeds &
  AccountRoomNeeds &
  DocumentNeeds &
  ConsentSigningNeeds & {
    readonly provider: Provider;
    readonly doorkeeper: Doorkeeper;
    readonly activity: AccountActivity;
    readonly consents: ConsentBook;
    readonly clients: ClientDirectory;
    readonly sessions: SessionEnder;
    readonly readForm: ReadForm;
  };

const passwordForm = {
  current: z.string().max(1_000),
  fresh: z.string().max(1_000),
  repeated: z.string().max(1_000),
};

export function cabinetRoutes(needs: CabinetNeeds): Router<GatewayState> {
  const { provider, doorkeeper, activity, consents, clients, sessions, events, notices, readForm } = needs;
  const router = new Router<GatewayState>({ prefix: '/cabinet', exclusive: true });

  const { show, act } = rooms(router, doorkeeper);

  documentRooms(router, needs);
  consentRooms(router, needs);
  accountRooms(router, needs);
  router.get('/enter', (raw) => doorkeeper.admit(raw as unknown as GatewayContext));

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

  show('/password', (ctx) => ctx.render('cabinet/password', { action: '/cabinet/password' }));
  act('/password', async (ctx, { account, session }) => {
    const problem = await changePassword(needs, account, ctx.state.origin, readForm(ctx, passwordForm));
    if (problem) ctx.status = problem.code === 'throttled' ? 429 : 422;
    else await sessions.endAllOthers(provider, account.id, session.uid);
    ctx.render('cabinet/password', {
      action: '/cabinet/password',
      ...(problem ? { problem } : { done: true }),
    });
  });

  show('/portals', async (ctx, { account }) => {
    const connections = await consents.connectionsOf(account.id);
    const portals = connections
      .filter(({ clientId }) => clientId !== CABINET_CLIENT_ID)
      .map(async ({ clientId, scope, since }) => {
        const record = await clients.record(clientId);
        const released = record?.metadata.released_claims;
        const claims = claimsIn(scope.split(' '));
        return {
          ...clientView(clientId, record),
          receives: Array.isArray(released) ? claims.filter((claim) => released.includes(claim)) : claims,
          since,
          action: `/cabinet/portals/${encodeURIComponent(clientId)}/disconnect`,
        };
      });
    ctx.render('cabinet/portals', { portals: await Promise.all(portals) });
  });
  act('/portals/:client/disconnect', async (ctx, { account }) => {
    readForm(ctx, {});
    const clientId = paramOf(ctx, 'client');
    await consents.withdrawConsent(account.id, clientId);
    await sessions.disconnect(account.id, clientId);
    await events.clientDisconnected(ctx.state.origin, account.id, clientId);
    goTo(ctx, '/cabinet/portals');
  });

  return router;
}
