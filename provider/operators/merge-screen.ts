/** Two sides of a merge as their page is told of them: names of relying parties and upstreams in the place of ids. */
import type { MergeSide } from '../../adapters/account-merges/account-merges.ts';
import { CONSENT_TYPES } from '../../adapters/document-store/document-store.ts';
import { nameOfUpstream } from '../cabinet/ways.ts';
import { formatCalendarDate } from '../data-rules/calendar-date.ts';
import { maskEmailAddress } from '../data-rules/email-address.ts';
import { maskTicketNumber } from '../data-rules/ticket-number.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { Locale } from '../http/texts.ts';
import { clientView } from '../interactions/client-view.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import type { Upstreams } from '../upstreams/upstreams.ts';
import type { Previewed } from './merge.ts';
import { maskBirthdate, personPath } from './person-page.ts';

export type MergeSidesNeeds = {
  readonly clients: ClientDirectory;
  readonly upstreams: Pick<Upstreams, 'offers'>;
};

type Screen = Screens['operator/merge/preview'];
type Judged = Omit<
  Screen,
  'action' | 'backPath' | 'survivorAction' | 'days' | 'typed' | 'changed' | 'problem'
>;

export async function previewScreen(
  { clients, upstreams }: MergeSidesNeeds,
  found: Previewed,
  locale: Locale,
): Promise<Judged> {
  const { survivor, closed, conflicts, moves, endingLinks, consents, strangers } = found;
  const offers = upstreams.offers();
  const wayOf = ({ upstream }: { readonly upstream: string }) => nameOfUpstream(offers, upstream, locale);
  const namesOf = (ids: readonly string[]): Promise<string[]> =>
    Promise.all(ids.map(async (id) => clientView(id, await clients.record(id)).name));
  const sideOf = async (side: MergeSide): Promise<Screen['survivor']> => {
    const { id, status, createdAt, documents, applications, integrations, name, email, ticket } = side;
    const called = name ?? side.told.find((told) => told.name)?.name;
    const born = side.told.find(({ birthdate }) => birthdate !== undefined)?.birthdate;
    return {
      ...{ id, status, createdAt, documents, applications, integrations },
      ...(called && { name: [called.family, called.given, name?.middle].filter(Boolean).join(' ') }),
      ...(email !== undefined && { email: maskEmailAddress(email) }),
      ...(born !== undefined && { birthdate: maskBirthdate(formatCalendarDate(born)) }),
      ...(ticket !== undefined && { ticket: maskTicketNumber(ticket) }),
      furtherEmails: side.furtherEmails.length,
      isMember: side.memberId !== undefined,
      ...{ hasPassword: side.hasPassword, protection: side.protection },
      ways: side.links.map(wayOf),
      portals: await namesOf(side.clients),
      path: personPath(id),
    };
  };
  const isStaying = (link: MergeSide['links'][number]) =>
    moves.links.some(({ issuer, subject }) => issuer === link.issuer && subject === link.subject);
  return {
    survivor: await sideOf(survivor),
    closed: await sideOf(closed),
    conflicts,
    differences: found.differences,
    moves: {
      ...(moves.emailAs && { emailAs: moves.emailAs }),
      ...{ member: moves.member, password: moves.password },
      ...{ devices: moves.devices, asksAlways: moves.asksAlways },
      ways: closed.links.filter(isStaying).map(wayOf),
    },
    ending: endingLinks.map(wayOf),
    consents: CONSENT_TYPES.map((type) => ({ type, ...consents[type] })),
    strangers: await namesOf(strangers),
    ...{ waysGoOver: found.waysGoOver, secondFactor: found.secondFactor, digest: found.digest },
  };
}
