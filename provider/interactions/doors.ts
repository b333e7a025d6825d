/**
 * Which ways of signing in a page offers, in which order, and what it says of those that do not work. Pure: what is up,
 * what the relying party lets in and who has come back by herself is for others to know.
 */

import { type GuideId, guideOfUpstream } from '../guides/guides.ts';
import type { Outage } from '../http/screens/interaction.ts';
import type { Locale } from '../http/texts.ts';
import { ACR_OF_TWO_PROOFS, type Acr, acrOfUpstream, reaches } from '../login/assurance.ts';
import { PASSWORD_DOOR } from '../oidc/own-metadata.ts';
import type { UpstreamId, UpstreamOffer } from '../upstreams/upstreams.ts';

/** What a relying party lets in. */
export type DoorRules = {
  readonly allowed?: ReadonlySet<string> | undefined;
  readonly least?: Acr | undefined;
  /** What our own password leads up to, a code after it included; absent: as far as it goes anywhere. */
  readonly byPassword?: Acr | undefined;
};

export type Doors = {
  readonly password: boolean;
  readonly upstreams: readonly {
    readonly id: UpstreamId;
    readonly name: string;
    readonly registrationUrl?: string;
    /** What explains this way in. */
    readonly guide?: GuideId;
  }[];
  readonly outages: readonly Outage[];
  /** The names of all that lead in, when no password of ours does. */
  readonly only?: string;
};

/** `failed`: where somebody got no further a moment ago, whatever is known of it. */
export function doors(
  offers: readonly UpstreamOffer[],
  rules: DoorRules,
  failed: ReadonlySet<UpstreamId>,
  locale: Locale,
): Doors {
  const nameOf = ({ name }: UpstreamOffer): string => name[locale];
  const orOf = (some: readonly UpstreamOffer[]): string =>
    new Intl.ListFormat(locale, { type: 'disjunction' }).format(some.map(nameOf));
  const password = leadsIn(PASSWORD_DOOR, rules.byPassword ?? ACR_OF_TWO_PROOFS, rules);
  const leading = offers.filter(({ id, kind }) => leadsIn(id, acrOfUpstream(kind, true), rules));
  const isWell = ({ id, state }: UpstreamOffer) => state === 'up' && !failed.has(id);
  const [well, down] = [leading.filter(isWell), leading.filter((offer) => !isWell(offer))];
  const instead = password
    ? well.length > 0
      ? 'any'
      : 'password'
    : well.length > 0
      ? 'upstream'
      : 'nothing';

  return {
    password,
    upstreams: [...well, ...down.filter(({ state }) => state !== 'off')].map((offer) => {
      const guide = guideOfUpstream(offer);
      return {
        id: offer.id,
        name: nameOf(offer),
        ...(offer.registrationUrl !== undefined && { registrationUrl: offer.registrationUrl }),
        ...(guide && { guide }),
      };
    }),
    outages: down.map((offer) => ({
      code: `${offer.kind === 'esia' ? 'esia' : 'other'}_${instead}`,
      name: nameOf(offer),
      instead: orOf(well),
    })),
    ...(!password && leading.length > 0 && { only: orOf(leading) }),
  };
}

/** No button leads nowhere: a door whose level is not enough is none. */
export function leadsIn(door: string, acr: Acr, { allowed, least }: DoorRules): boolean {
  return (allowed?.has(door) ?? true) && (least === undefined || reaches(acr, least));
}
