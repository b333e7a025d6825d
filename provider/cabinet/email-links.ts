/** Where the links of a change of address lead: pages for whoever holds one, in any browser, signed in or not. */

import Router from '@koa/router';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { SignOutEverywhere } from '../oidc/sign-out-everywhere.ts';
import { type WayIntoUnionNeeds, wayIntoUnion } from './home.ts';
import { goTo } from './rooms.ts';
import {
  addressToConfirm,
  addressToRestore,
  confirmEmail,
  type SettleEmailNeeds,
  undoEmailChange,
} from './settle-email.ts';

export type EmailLinkNeeds = SettleEmailNeeds &
  WayIntoUnionNeeds & {
    readonly readForm: ReadForm;
    readonly notices: Notices;
    readonly signOutEverywhere: SignOutEverywhere;
  };

export function emailLinkRoutes(needs: EmailLinkNeeds): Router<GatewayState> {
  const { readForm, notices, signOutEverywhere } = needs;
  const router = new Router<GatewayState>({ prefix: '/email', exclusive: true });

  router.get('/confirm/:link', async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const address = await addressToConfirm(needs, paramOf(ctx, 'link'));
    if (!address) return gone(ctx);
    ctx.render('email/confirm', { action: ctx.path, email: address.original });
  });
  router.post('/confirm/:link', formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    readForm(ctx, {});
    const confirmed = await confirmEmail(needs, ctx.state.origin, paramOf(ctx, 'link'));
    if (!confirmed) return gone(ctx);
    const { kind, account } = confirmed;
    // The wizard of joining may be what the address was wanted for.
    const join = kind === 'added' ? await wayIntoUnion(needs, account) : undefined;
    ctx.render('email/confirmed', { kind, ...(join && { join }) });
  });

  router.get('/undo/:link', async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const address = await addressToRestore(needs, paramOf(ctx, 'link'));
    if (!address) return gone(ctx);
    ctx.render('email/undo', { action: ctx.path, email: address.original });
  });
  router.post('/undo/:link', formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    readForm(ctx, {});
    const restored = await undoEmailChange(needs, ctx.state.origin, paramOf(ctx, 'link'));
    if (!restored) return gone(ctx);
    await signOutEverywhere(restored.accountId, restored.signedOutAt);
    notices.leave(ctx, 'email_restored');
    goTo(ctx, '/cabinet');
  });

  return router;
}

function gone(ctx: GatewayContext): void {
  ctx.status = 410;
  ctx.render('email/gone', {});
}
