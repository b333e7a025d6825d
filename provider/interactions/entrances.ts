/** Gathers what the sign-in page must know of the ways in: the client's rules, the upstreams' state, who was sent where. */
import type Provider from 'oidc-provider';
import type { Interaction } from 'oidc-provider';
import type { GatewayContext } from '../http/context.ts';
import { ACR, acrOfUpstream } from '../login/assurance.ts';
import { allowedDoors, levelByPassword, minimumAcr, supportOf } from '../oidc/client-rules.ts';
import type { Guide } from '../oidc/own-metadata.ts';
import type { UpstreamId, UpstreamOffer, Upstreams } from '../upstreams/upstreams.ts';
import { type DoorRules, type Doors, doors, leadsIn } from './doors.ts';
import { demandOf, isOnlyRaised } from './raised.ts';

/** As long as an attempt lives. */
const AWAY_SECONDS = 10 * 60;

export type Entrance = Doors & {
  readonly support: { readonly uri?: string; readonly guides: readonly Guide[] };
};

export type Entrances = {
  /** `failed`: the upstream that has just let this person down. */
  of(ctx: GatewayContext, interaction: Interaction, failed?: UpstreamId): Promise<Entrance>;
  /** Undefined when the upstream is unknown, or does not lead into this relying party. */
  offer(interaction: Interaction, id: UpstreamId): Promise<UpstreamOffer | undefined>;
  rules(interaction: Interaction): Promise<DoorRules>;
  /** Together with the redirect to the upstream: a page seen again asks whether she is still out. */
  left(ctx: GatewayContext, interaction: Interaction, id: UpstreamId): void;
};

export function entrances(provider: Provider, upstreams: Upstreams, secure: boolean): Entrances {
  const cookie = secure ? '__Secure-away' : 'away';
  const clientOf = ({ params }: Interaction) => provider.Client.find(String(params.client_id));

  const rules: Entrances['rules'] = async (interaction) => {
    const client = await clientOf(interaction);
    if (!client) return {};
    // Her password once more would add nothing; what may join it is step-up.ts.
    const byPassword = isOnlyRaised(interaction) ? ACR.password : levelByPassword(client);
    // A confirmed person of ЕСИА needs no device, and no other upstream's word is as good.
    const least = demandOf(interaction) === 'own_device' ? ACR.confirmed : minimumAcr(client);
    return { allowed: allowedDoors(client), least, byPassword };
  };
  /** The cookie spares everybody else a look into the store. */
  const stillOut = async (ctx: GatewayContext, { uid }: Interaction): Promise<UpstreamId | undefined> => {
    const id = ctx.cookies.get(cookie, { signed: false });
    const isKnown = id !== undefined && upstreams.offers().some((offer) => offer.id === id);
    return isKnown && (await upstreams.isOut(id, { kind: 'interaction', uid })) ? id : undefined;
  };

  return {
    rules,
    async of(ctx, interaction, failed) {
      const client = await clientOf(interaction);
      const out = failed ?? (await stillOut(ctx, interaction));
      return {
        ...doors(
          upstreams.offers(),
          await rules(interaction),
          new Set(out === undefined ? [] : [out]),
          ctx.state.locale,
        ),
        support: client ? supportOf(client) : { guides: [] },
      };
    },
    async offer(interaction, id) {
      const found = upstreams.offers().find((offer) => offer.id === id);
      const isOpen = found && leadsIn(id, acrOfUpstream(found.kind, true), await rules(interaction));
      return isOpen ? found : undefined;
    },
    left(ctx, { uid }, id) {
      ctx.cookies.set(cookie, id, {
        ...{ signed: false, httpOnly: true, sameSite: 'lax', secure, path: `/interaction/${uid}` },
        maxAge: AWAY_SECONDS * 1_000,
      });
    },
  };
}
