/** What a person is asked to agree to just now: what is new, or everything where everything was asked for again. */
import type Provider from 'oidc-provider';
import type { Client, Interaction } from 'oidc-provider';
import type { Consent, ConsentBook } from '../../adapters/account-activity/account-activity.ts';
import { GatewayError } from '../errors.ts';
import { type Asked, askedBy, newClaims } from '../oidc/asked-claims.ts';
import type { Claim } from '../oidc/claims.ts';
import { optionalClaims, withoutCompanions } from '../oidc/client/consent.ts';

export type ConsentOffer = {
  readonly client: Client;
  readonly accountId: string;
  readonly asked: Asked;
  /** In the order of the request. */
  readonly shown: readonly Claim[];
  /** Those of `shown` that she may decline. */
  readonly optional: readonly Claim[];
  /** Agreed to before, and not asked again. */
  readonly known: readonly Claim[];
  readonly before: Consent | undefined;
};

export type ConsentOfferNeeds = {
  readonly provider: Pick<Provider, 'Client'>;
  readonly consents: Pick<ConsentBook, 'consentTo'>;
};

/** Throws bad_request for an interaction about something else. */
export async function consentOffer(
  { provider, consents }: ConsentOfferNeeds,
  { prompt, session, params }: Interaction,
): Promise<ConsentOffer> {
  const client = await provider.Client.find(String(params.client_id));
  if (prompt.name !== 'consent' || !session || !client) throw new GatewayError('bad_request');
  const { accountId } = session;
  const before = await consents.consentTo(accountId, client.clientId);
  const asked = askedBy(client, params);
  const fresh = newClaims(asked, before);
  const isWhole = prompt.reasons.includes('consent_prompt') || fresh.length === 0;
  const shown = isWhole ? asked.claims : fresh;
  const optional = optionalClaims(client);
  return {
    ...{ client, accountId, asked, before },
    shown: withoutCompanions(shown),
    optional: withoutCompanions(shown).filter((name) => optional.has(name)),
    known: withoutCompanions(
      asked.claims.filter((name) => !shown.includes(name) && !before?.declined.includes(name)),
    ),
  };
}
