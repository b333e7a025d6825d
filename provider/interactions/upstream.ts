/** To an upstream and back: an attempt leaves from this interaction, and its answer is taken once, in the same browser. */
import type Provider from 'oidc-provider';
import type { Settling } from '../accounts/settlement.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext } from '../http/context.ts';
import type { UpstreamId, Upstreams } from '../upstreams/upstreams.ts';
import { type ConcludeNeeds, conclude } from './conclude.ts';
import { liveSession } from './finish.ts';
import { letDown } from './let-down.ts';
import { type OpenInteraction, onlyNobodyWasThere } from './open-interaction.ts';

export type UpstreamNeeds = ConcludeNeeds & {
  readonly provider: Provider;
  readonly issuer: string;
  readonly upstreams: Upstreams;
  readonly settling: Settling;
};

/** Throws not_found when the upstream is unknown, or does not lead into this relying party. */
export async function departTo(
  { upstreams, entrances, pages }: UpstreamNeeds,
  ctx: GatewayContext,
  { interaction, client }: OpenInteraction,
  id: UpstreamId,
): Promise<void> {
  // An old tab: somebody has signed in meanwhile, and another page is due.
  if (interaction.prompt.name !== 'login') {
    ctx.status = 303;
    ctx.redirect(`/interaction/${interaction.uid}`);
    return;
  }
  if (!(await entrances.offer(interaction, id))) throw new GatewayError('not_found');
  const owner = { kind: 'interaction', uid: interaction.uid } as const;
  const departure = await upstreams.depart(id, owner, ctx.state.origin.source);
  if (departure.kind === 'unavailable') {
    await pages.signIn(ctx, interaction, client, { by: 'email', identifier: '', failed: id });
    return;
  }
  entrances.left(ctx, interaction, id);
  ctx.status = 303;
  ctx.redirect(departure.to.href);
}

/** A portal may name the upstream in its request: it is followed once, and not when it would only lead to a refusal. */
export async function followHint(
  needs: UpstreamNeeds,
  ctx: GatewayContext,
  open: OpenInteraction,
): Promise<boolean> {
  const { interaction } = open;
  const hint = interaction.params.idp_hint;
  if (typeof hint !== 'string' || interaction.prompt.name !== 'login') return false;
  // After a form of ours the browser would not let the redirects end elsewhere (CSP form-action).
  if (interaction.lastSubmission !== undefined) return false;
  if ((await needs.entrances.offer(interaction, hint))?.state !== 'up') return false;
  interaction.params.idp_hint = undefined;
  await interaction.persist();
  await departTo(needs, ctx, open, hint);
  return true;
}

export async function arriveFrom(
  needs: UpstreamNeeds,
  ctx: GatewayContext,
  open: OpenInteraction,
  id: UpstreamId,
): Promise<void> {
  const { provider, issuer, upstreams, entrances, settling, finish, events } = needs;
  const { interaction } = open;
  const { origin } = ctx.state;
  const clientId = String(interaction.params.client_id);
  const upstream = await entrances.offer(interaction, id);
  if (!upstream) throw new GatewayError('not_found');

  const callback = new URL(`/callback/${id}?${ctx.querystring}`, issuer);
  const arrival = await upstreams.arrive(id, callback, { kind: 'interaction', uid: interaction.uid });
  if (arrival.kind === 'unavailable') return letDown(ctx, interaction, id, 'unavailable');
  if (arrival.kind === 'identity') {
    const proved = { identity: arrival.identity, upstream: arrival.upstream, clientId };
    return conclude(needs, ctx, open, proved, await settling.settle(origin, proved));
  }
  if (arrival.reason === 'start_again' && onlyNobodyWasThere(interaction)) {
    // A second click on what has been answered: the first one has let her in.
    const session = await liveSession(provider, ctx);
    if (session) return finish.alreadySignedIn(ctx, interaction, session);
  }
  await events.signInRefused(origin, { method: id, reason: arrival.reason, clientId });
  letDown(ctx, interaction, id, arrival.reason);
}
