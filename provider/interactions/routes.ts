/** The pages between an authorization request and its answer. Steps end in finish.ts; none knows the next one. */
import Router from '@koa/router';
import type Provider from 'oidc-provider';
import type { Interaction } from 'oidc-provider';
import { z } from 'zod';
import type { DraftStore } from '../../adapters/draft-store/draft-store.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import { acrOf } from '../login/assurance.ts';
import type { Handovers } from '../login/handover.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import { beginningOf } from './client-view.ts';
import { type ConsentNeeds, consentForm, consentTo } from './consent.ts';
import { addDocumentRoutes, type DocumentRouteNeeds } from './document-routes.ts';
import { type ChooseRoleNeeds, chooseRole, roleForm } from './education.ts';
import { type Finish, liveSession } from './finish.ts';
import { addFirstPasswordRoutes, type FirstPasswordNeeds } from './first-password.ts';
import { type LoginNeeds, passwordForm, signInWithPassword } from './login.ts';
import { onlyNobodyWasThere, openInteractions } from './open-interaction.ts';
import type { Pages } from './pages.ts';
import { addPasskeyRoutes, type PasskeyNeeds } from './passkey.ts';
import { addQrRoutes, type QrNeeds } from './qr.ts';
import type { ReturnRequests } from './return-request.ts';
import { showStepUp, stepUpIn } from './step-up.ts';
import { addStepUpRoutes, type StepUpRouteNeeds } from './step-up-routes.ts';
import { interactionSteps } from './steps.ts';
import { followHint } from './upstream.ts';
import { addUpstreamRoutes, type UpstreamRoutesNeeds } from './upstream-routes.ts';

export type InteractionNeeds = LoginNeeds &
  UpstreamRoutesNeeds &
  StepUpRouteNeeds &
  PasskeyNeeds &
  QrNeeds &
  ChooseRoleNeeds &
  ConsentNeeds &
  DocumentRouteNeeds &
  FirstPasswordNeeds & {
    readonly provider: Provider;
    readonly clients: ClientDirectory;
    readonly events: Events;
    readonly returns: ReturnRequests;
    readonly handover: Handovers;
    readonly drafts: Pick<DraftStore, 'rememberWayBack'>;
    readonly pages: Pages;
    readonly finish: Finish;
    readonly readForm: ReadForm;
  };

export function interactionRoutes(needs: InteractionNeeds): Router<GatewayState> {
  const { provider, clients, returns, handover, applicants, pages, finish, readForm } = needs;
  const router = new Router<GatewayState>({ prefix: '/interaction/:uid', exclusive: true });
  const path = (rest = '') => rest || '/';

  const interactions = openInteractions(needs);
  const { find, expired } = interactions;

  router.get(path(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const found = await find(ctx);
    if (!found) return expired(ctx);
    const { interaction, client } = found;
    const handed = interaction.prompt.name === 'login' ? await handover.take(ctx) : undefined;
    if (handed) {
      await applicants.dismiss(ctx);
      // Nobody has said that this computer is her own.
      return finish.signedIn(ctx, interaction, { ...handed, acr: acrOf(handed.amr), remember: false });
    }
    if (onlyNobodyWasThere(interaction)) {
      const session = await liveSession(provider, ctx);
      if (session) return finish.alreadySignedIn(ctx, interaction, session);
    }
    returns.remember(ctx, { clientName: client.name, params: textParams(interaction) });
    if (await followHint(needs, ctx, found)) return;
    const stepUp = await stepUpIn(needs, ctx, found);
    if (stepUp) return showStepUp(needs, ctx, stepUp);
    await pages.show(ctx, interaction, client, returns.takeTyped(ctx));
  });

  const steps = interactionSteps(router, readForm, interactions);
  addUpstreamRoutes(steps, needs);
  addDocumentRoutes(router, needs, interactions);
  addStepUpRoutes(steps, needs);
  addPasskeyRoutes(steps, needs);
  addQrRoutes(steps, needs);
  addFirstPasswordRoutes(steps, needs);

  router.post(path('/password'), formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const form = readForm(ctx, passwordForm);
    const found = await find(ctx);
    if (!found) return expired(ctx, form.identifier);
    await signInWithPassword(needs, ctx, found.interaction, found.client, form);
  });

  /** The same request once more, as the portal had sent it. */
  router.post(path('/again'), formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    readForm(ctx, {});
    const request = returns.recall(ctx);
    ctx.status = 303;
    ctx.redirect(request ? `/auth?${new URLSearchParams(request.params)}` : '/');
  });

  /** After something longer than an interaction lives (way-back.ts): by the cookies of the browser that asks. */
  router.get(path('/return'), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const request = returns.recall(ctx);
    const record = request ? undefined : await clients.record(String(ctx.query.client ?? ''));
    ctx.status = 303;
    ctx.redirect(
      request ? `/auth?${new URLSearchParams(request.params)}` : (beginningOf(record) ?? '/cabinet'),
    );
  });

  /** «Подтвердить членство или вступить», and then back to the portal that asked for it. */
  router.post(path('/join'), formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    readForm(ctx, {});
    const found = await find(ctx);
    if (!found) return expired(ctx);
    const { uid, prompt, session, params } = found.interaction;
    if (prompt.name !== 'membership' || !session) throw new GatewayError('bad_request');
    const wayBack = { interaction: uid, clientId: String(params.client_id) };
    await needs.drafts.rememberWayBack(session.accountId, wayBack);
    ctx.status = 303;
    ctx.redirect('/join/question');
  });

  router.post(path('/role'), formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const { role } = readForm(ctx, roleForm);
    const found = await find(ctx);
    if (!found) return expired(ctx);
    await chooseRole(needs, ctx, found.interaction, role);
  });

  router.post(path('/consent'), formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const form = readForm(ctx, consentForm);
    const found = await find(ctx);
    if (!found) return expired(ctx);
    await consentTo(needs, ctx, found.interaction, found.client, form);
  });

  router.post(path('/abort'), formBody(), async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    // The cancel button may share a form with the fields of the page.
    readForm(ctx, {
      by: z.string().optional(),
      identifier: z.string().optional(),
      password: z.string().optional(),
    });
    const found = await find(ctx);
    if (!found) return expired(ctx);
    await finish.refused(ctx, found.interaction);
  });

  return router;
}

/** As the portal had sent them, but for the hint: whoever begins again may choose anew. */
function textParams({ params: { idp_hint: _, ...params } }: Interaction): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
