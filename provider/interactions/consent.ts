/** The person's «yes» to a third party: becomes a grant now and a remembered consent for next time. */
import type Provider from 'oidc-provider';
import type { Interaction } from 'oidc-provider';
import type { ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { Finish } from './finish.ts';

export type ConsentNeeds = {
  readonly provider: Provider;
  readonly consents: ConsentBook;
  readonly events: Events;
  readonly finish: Finish;
};

/** Throws bad_request when the interaction asks for something else. */
export async function consentTo(
  { provider, consents, events, finish }: ConsentNeeds,
  ctx: GatewayContext,
  interaction: Interaction,
): Promise<void> {
  const { prompt, session, params, grantId } = interaction;
  if (prompt.name !== 'consent' || !session) throw new GatewayError('bad_request');
  const { accountId } = session;
  const clientId = String(params.client_id);

  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  // A new grant, never the known one again: saving a grant that is being revoked would bring it back to life.
  const grant = new provider.Grant({ accountId, clientId });
  if (known) {
    grant.addOIDCScope(known.getOIDCScope());
    grant.addOIDCClaims(known.getOIDCClaims());
  }
  const { missingOIDCScope, missingOIDCClaims } = prompt.details as {
    missingOIDCScope?: string[];
    missingOIDCClaims?: string[];
  };
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  const savedId = await grant.save();

  const scope = grant.getOIDCScope();
  await consents.rememberConsent(accountId, clientId, scope);
  await events.consentGiven(ctx.state.origin, accountId, clientId, scope);
  await finish.consented(ctx, interaction, savedId);
}
