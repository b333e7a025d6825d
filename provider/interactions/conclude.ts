/** From what became of a proved identity to what the person sees next: the portal, a page, or «Вход» with a sentence. */
import type { Interaction } from 'oidc-provider';
import type { PendingIdentities, Proved, Settlement } from '../accounts/settlement.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { Applicants } from '../join/applicant.ts';
import { reaches } from '../login/assurance.ts';
import type { Entrances } from './entrances.ts';
import type { Finish } from './finish.ts';
import { letDown } from './let-down.ts';
import type { OpenInteraction } from './open-interaction.ts';
import type { Pages, UpstreamRefusal } from './pages.ts';
import type { PendingKeys } from './pending-key.ts';

export type ConcludeNeeds = {
  readonly pendingIdentities: PendingIdentities;
  readonly pendingKeys: PendingKeys;
  readonly entrances: Entrances;
  readonly applicants: Pick<Applicants, 'dismiss'>;
  readonly pages: Pages;
  readonly finish: Finish;
  readonly events: Events;
};

/** Where an identity waits for its account to be proved. */
export const linkPath = ({ uid }: Interaction): string => `/interaction/${uid}/link`;

export async function conclude(
  needs: ConcludeNeeds,
  ctx: GatewayContext,
  { interaction }: OpenInteraction,
  proved: Proved,
  settlement: Settlement,
): Promise<void> {
  const { pendingIdentities, pendingKeys, entrances, applicants, pages, finish } = needs;
  const { upstream } = proved;

  switch (settlement.kind) {
    case 'signed-in': {
      const { accountId, acr, amr } = settlement;
      const { least } = await entrances.rules(interaction);
      // Linked while it was confirmed there, and confirmed no longer: the level it has now leads nowhere from here.
      if (least && !reaches(acr, least)) {
        return refuse(needs, ctx, interaction, proved, 'unconfirmed', accountId);
      }
      await applicants.dismiss(ctx);
      // Nobody has said that this computer is her own.
      const signIn = { accountId, method: upstream.id, acr, amr, remember: false };
      return finish.signedIn(ctx, interaction, signIn);
    }
    case 'prove':
      await pendingIdentities.hold(pendingKeys.fresh(ctx, interaction.uid), proved);
      ctx.status = 303;
      ctx.redirect(linkPath(interaction));
      return;
    case 'case':
      return pages.mismatch(ctx, interaction, { ...settlement.opened, side: 'union', upstream });
    case 'refused':
      return refuse(needs, ctx, interaction, proved, settlement.reason);
  }
}

async function refuse(
  { events }: ConcludeNeeds,
  ctx: GatewayContext,
  interaction: Interaction,
  { upstream }: Proved,
  reason: UpstreamRefusal['reason'],
  accountId?: string,
): Promise<void> {
  await events.signInRefused(ctx.state.origin, {
    ...{ method: upstream.id, reason, clientId: String(interaction.params.client_id) },
    ...(accountId !== undefined && { accountId }),
  });
  letDown(ctx, interaction, upstream.id, reason);
}
