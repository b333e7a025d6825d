/**
 * The person's «yes» to a third party, claim by claim: becomes a grant now and a remembered consent for next time. A
 * native application of ours asks, too, where nothing else has: anybody can pretend to be it (RFC 8252 §8.6).
 */
import type Provider from 'oidc-provider';
import type { Interaction } from 'oidc-provider';
import { z } from 'zod';
import type { ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import { allowFormsTo } from '../http/security-headers.ts';
import { CLAIMS_BY_SCOPE, type Claim } from '../oidc/claims.ts';
import { withCompanions } from '../oidc/client/consent.ts';
import { isFirstParty } from '../oidc/client-rules.ts';
import { OFFLINE_SECONDS } from '../oidc/lifetimes.ts';
import { claimValue } from './claim-value.ts';
import type { ClientView } from './client-view.ts';
import { type ConsentOffer, type ConsentOfferNeeds, consentOffer } from './consent-offer.ts';
import type { Finish } from './finish.ts';
import type { Pages } from './pages.ts';

const DAY_SECONDS = 24 * 3_600;

const ticked = z.literal('yes').optional();
const CLAIMS = [...new Set(Object.values(CLAIMS_BY_SCOPE).flat())].filter((name) => name !== 'sub');

/** `optional`: what the page offered to decline; unticked are those among them that are not there. */
export const consentForm = {
  optional: z.string().max(1_000),
  ...(Object.fromEntries(CLAIMS.map((name) => [`tell_${name}`, ticked])) as Record<
    `tell_${Claim}`,
    typeof ticked
  >),
};
type ConsentForm = z.output<z.ZodObject<typeof consentForm>>;

export type ConsentPageNeeds = ConsentOfferNeeds & { readonly accounts: Pick<AccountStore, 'find'> };

export type ConsentNeeds = ConsentPageNeeds & {
  readonly provider: Provider;
  readonly consents: ConsentBook;
  readonly events: Pick<Events, 'consentGiven'>;
  readonly finish: Finish;
};

export function consentPage(needs: ConsentPageNeeds): Pages['show'] {
  return async (ctx, interaction, client) => {
    await showOffer(needs, ctx, interaction, client, await consentOffer(needs, interaction));
  };
}

/** Throws bad_request when the interaction asks for something else, or the form for what was not offered. */
export async function consentTo(
  needs: ConsentNeeds,
  ctx: GatewayContext,
  interaction: Interaction,
  view: ClientView,
  form: ConsentForm,
): Promise<void> {
  const offer = await consentOffer(needs, interaction);
  const { client, accountId, asked, shown, optional } = offer;
  const isTicked = (name: Claim) => form[`tell_${name}`] === 'yes';
  if (form.optional !== optional.join(' ')) {
    // The portal has changed meanwhile what may be declined; what was ticked was ticked on another page.
    ctx.status = 422;
    return showOffer(needs, ctx, interaction, view, offer, true);
  }
  if (CLAIMS.some((name) => isTicked(name) && !optional.includes(name)))
    throw new GatewayError('bad_request');

  const grantId = await grantAsked(needs, interaction, accountId);
  if (!isFirstParty(client)) {
    const answer = {
      scope: asked.scopes.join(' '),
      claims: asked.named,
      offered: withCompanions(shown),
      declined: withCompanions(optional.filter((name) => !isTicked(name))),
    };
    await needs.consents.rememberConsent(accountId, client.clientId, answer);
    await needs.events.consentGiven(ctx.state.origin, accountId, client.clientId, answer);
  }
  await needs.finish.consented(ctx, interaction, grantId);
}

/** A new grant, never the known one again: saving a grant that is being revoked would bring it back to life. */
async function grantAsked(
  { provider }: Pick<ConsentNeeds, 'provider'>,
  { prompt, params, grantId }: Interaction,
  accountId: string,
): Promise<string> {
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
  if (known) {
    grant.addOIDCScope(known.getOIDCScope());
    grant.addOIDCClaims(known.getOIDCClaims());
    for (const resource of Object.keys(known.resources ?? {})) {
      grant.addResourceScope(resource, known.getResourceScope(resource));
    }
  }
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details as {
    missingOIDCScope?: string[];
    missingOIDCClaims?: string[];
    missingResourceScopes?: Record<string, string[]>;
  };
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  return grant.save();
}

async function showOffer(
  { accounts }: ConsentPageNeeds,
  ctx: GatewayContext,
  { uid, params, prompt }: Interaction,
  view: ClientView,
  { client, accountId, asked, shown, optional, known, before }: ConsentOffer,
  hasChanged = false,
): Promise<void> {
  const account = await accounts.find(accountId);
  const { missingResourceScopes = {} } = prompt.details as {
    missingResourceScopes?: Record<string, string[]>;
  };
  allowFormsTo(ctx, String(params.redirect_uri));
  ctx.render('interaction/consent', {
    client: view,
    isOurs: isFirstParty(client),
    items: shown.map((claim) => ({
      claim,
      ...(account && claimValue(account, claim)),
      ...(optional.includes(claim) && { ticked: !before?.declined.includes(claim) }),
    })),
    known,
    resources: Object.entries(missingResourceScopes).map(([uri, scopes]) => ({ uri, scopes })),
    ...(asked.scopes.includes('offline_access') && { offlineDays: OFFLINE_SECONDS / DAY_SECONDS }),
    optional: optional.join(' '),
    ...(hasChanged && { problem: { field: 'form', code: 'consent_changed' } }),
    action: `/interaction/${uid}/consent`,
    cancelAction: `/interaction/${uid}/abort`,
  });
}
