/** «Забыли пароль?» (A-11…A-17, B-07…B-10): ask for the letter, follow its link, set the new password. */
import Router from '@koa/router';
import { z } from 'zod';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import type { Screens } from '../http/screens/screens.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { addressesOf } from '../interactions/client-view.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import type { SignOutEverywhere } from '../oidc/sign-out-everywhere.ts';
import { type AskResetNeeds, askReset } from './ask-reset.ts';
import { LINK_MINUTES } from './deliver-reset.ts';
import { holderOf, type ResetPasswordNeeds, resetPassword } from './reset-password.ts';
import { signInPath, wayBackOf, wayBackQuery } from './way-on.ts';

export type RecoveryNeeds = AskResetNeeds &
  ResetPasswordNeeds & {
    readonly readForm: ReadForm;
    readonly notices: Notices;
    readonly signOutEverywhere: SignOutEverywhere;
    readonly clients: ClientDirectory;
  };

type Problem = NonNullable<Screens['recovery/new-password']['problem']>;

const askForm = { email: z.string().max(1_000) };
const passwordForm = { fresh: z.string().max(1_000), repeated: z.string().max(1_000) };

export function recoveryRoutes(needs: RecoveryNeeds): Router<GatewayState> {
  const { readForm, notices, signOutEverywhere, clients } = needs;
  const router = new Router<GatewayState>({ prefix: '/recovery', exclusive: true });

  router.get('/', (raw) => {
    const ctx = raw as unknown as GatewayContext;
    ctx.render('recovery/ask', askPage(ctx, ''));
  });
  router.post('/', formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const { email } = readForm(ctx, askForm);
    const wayBack = wayBackOf(ctx.query);
    // It goes into the letter: nobody writes there but for relying parties that there are (security.md class 34).
    const known = wayBack && (await clients.record(wayBack.clientId)) ? wayBack : undefined;
    const problem = await askReset(needs, ctx.state.origin, email, known);
    const page = askPage(ctx, email);
    if (problem) {
      ctx.status = problem.code === 'throttled' ? 429 : 422;
      ctx.render('recovery/ask', { ...page, problem });
      return;
    }
    const { action, signInPath: back } = page;
    ctx.render('recovery/sent', { email, againPath: action, signInPath: back, minutes: LINK_MINUTES });
  });

  /** The form leads on to the portal at once when somebody is signed in to this browser. */
  const showNewPassword = async (ctx: GatewayContext, account: Account | undefined, problem?: Problem) => {
    const clientId = wayBackOf(ctx.query)?.clientId;
    const record = clientId === undefined ? undefined : await clients.record(clientId);
    for (const address of addressesOf(record)) allowFormsTo(ctx, address);
    const page = newPasswordPage(ctx, account?.verifiedEmail);
    ctx.render('recovery/new-password', problem ? { ...page, problem } : page);
  };
  router.get('/:link', async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const account = await holderOf(needs, linkOf(ctx));
    if (!account) return gone(ctx);
    await showNewPassword(ctx, account);
  });
  router.post('/:link', formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const form = readForm(ctx, passwordForm);
    const outcome = await resetPassword(needs, ctx.state.origin, linkOf(ctx), form);
    if (outcome.kind === 'gone') return gone(ctx);
    if (outcome.kind === 'ask-again') {
      const { field, code } = outcome;
      ctx.status = code === 'overloaded' ? 503 : 422;
      return await showNewPassword(ctx, await holderOf(needs, linkOf(ctx)), { field, code });
    }
    await signOutEverywhere(outcome.accountId, outcome.signedOutAt);
    notices.leave(ctx, 'password_changed');
    ctx.status = 303;
    ctx.redirect(signInPath(wayBackOf(ctx.query)));
  });

  return router;
}

function askPage(ctx: GatewayContext, email: string) {
  const wayBack = wayBackOf(ctx.query);
  return { email, action: `/recovery${wayBackQuery(wayBack)}`, signInPath: signInPath(wayBack) };
}

function newPasswordPage(ctx: GatewayContext, email: string | undefined) {
  const action = `/recovery/${linkOf(ctx)}${wayBackQuery(wayBackOf(ctx.query))}`;
  return { action, ...(email !== undefined && { email }) };
}

/** One page for every link that is no good: what was wrong with it is nobody's business. */
function gone(ctx: GatewayContext): void {
  ctx.status = 410;
  ctx.render('recovery/gone', { againPath: askPage(ctx, '').action });
}

function linkOf(ctx: GatewayContext): string {
  return String((ctx as unknown as { params: Record<string, string> }).params.link);
}
