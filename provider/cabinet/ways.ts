/** The ways into one account: which there are, and whether enough are left when one goes. Pure. */
import type { Doors } from '../../adapters/account-doors/account-doors.ts';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { Link } from '../../adapters/link-store/link-store.ts';
import { maskTicketNumber } from '../data-rules/ticket-number.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { Locale } from '../http/texts.ts';
import type { UpstreamId, UpstreamOffer } from '../upstreams/upstreams.ts';

export type Offers = readonly UpstreamOffer[];

/** As people know it; one that is no longer configured has but its id. */
export function nameOfUpstream(offers: Offers, id: UpstreamId, locale: Locale): string {
  return offers.find((offer) => offer.id === id)?.name[locale] ?? id;
}

/** A password opens nothing by itself, and an upstream that is switched off opens nothing for now. */
export function isOpenWithout(without: UpstreamId, doors: Doors, offers: Offers): boolean {
  const others = doors.upstreams.filter((id) => id !== without);
  return doors.passkeys > 0 || isOpenWithoutPasskey({ ...doors, upstreams: others }, offers);
}

export function isOpenWithoutPasskey(
  { hasPassword, identifiers, upstreams }: Doors,
  offers: Offers,
): boolean {
  if (hasPassword && identifiers.length > 0) return true;
  return upstreams.some((id) => offers.some((offer) => offer.id === id && offer.state !== 'off'));
}

/** What «Способы входа» shows. Never the number by which an upstream knows her. */
export function waysPage(
  { verifiedEmail, member }: Account,
  passwordSetAt: Date | undefined,
  links: readonly Link[],
  passkeys: number,
  offers: Offers,
  locale: Locale,
): Omit<Screens['cabinet/ways'], 'notice'> {
  const doors: Doors = {
    hasPassword: passwordSetAt !== undefined,
    identifiers: [
      ...(verifiedEmail === undefined ? [] : (['email'] as const)),
      ...(member?.ticket === undefined ? [] : (['ticket'] as const)),
    ],
    upstreams: links.map(({ upstream }) => upstream),
    passkeys,
  };
  return {
    passkeys,
    ...(verifiedEmail !== undefined && { email: verifiedEmail }),
    ...(member?.ticket !== undefined && { ticket: maskTicketNumber(member.ticket) }),
    ...(passwordSetAt && { passwordSetAt }),
    links: links.map(({ upstream, linkedAt, usedAt }) => ({
      name: nameOfUpstream(offers, upstream, locale),
      linkedAt,
      usedAt,
      state: offers.find(({ id }) => id === upstream)?.state ?? 'off',
      ...(isOpenWithout(upstream, doors, offers) && { removePath: `${pathOf(upstream)}/remove` }),
    })),
    addable: offers
      .filter(({ id, state }) => state !== 'off' && !doors.upstreams.includes(id))
      .map(({ id, name, state, registrationUrl }) => ({
        name: name[locale],
        state,
        path: pathOf(id),
        ...(registrationUrl !== undefined && { registrationUrl }),
      })),
  };
}

export function pathOf(id: UpstreamId): string {
  return `/cabinet/ways/${encodeURIComponent(id)}`;
}
