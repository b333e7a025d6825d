/** «Члены Профсоюза»: who is on record at a primary organisation, and each one's card (E-10). */
import type { ApplicationDesk } from '../../adapters/application-desk/application-desk.ts';
import type { MemberCard } from '../../adapters/member-book/member-book.ts';
import type { Structure } from '../../adapters/passport-store/passport-store.ts';
import { listedDecision } from '../applications/show.ts';
import { goTo } from '../cabinet/rooms.ts';
import { formatCalendarDate } from '../data-rules/calendar-date.ts';
import { formatTicketNumber, maskTicketNumber } from '../data-rules/ticket-number.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import { type Translate, translator } from '../http/texts.ts';
import type { KeptWords } from '../staff/kept-words.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { READ_RECORDS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { type ListFilter, MEMBERSHIPS, queryOf, readFilter, searchFields } from './member-filter.ts';
import type { RecordNeeds } from './put-on-record.ts';
import { fullName, MEMBER_FIELDS, type MemberField, typedCard, wordsIn } from './read-member.ts';
import { unitTree } from './unit-tree.ts';
import { waitingApplicationPath } from './waiting-application.ts';

export type MemberNeeds = Pick<RecordNeeds, 'book'> & {
  readonly structure: Structure;
  readonly applicationDesk: Pick<ApplicationDesk, 'ofMember' | 'waiting'>;
  readonly events: Pick<Events, 'membersSeen' | 'personSeen'>;
  readonly keptWords: KeptWords;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

const memberRules = {
  'GET /chair/:organisation/members': READ_RECORDS,
  'POST /chair/:organisation/members': READ_RECORDS,
  'GET /chair/:organisation/members/:member': READ_RECORDS,
} as const satisfies StaffRules;

const PAGE = 50;
/** Of a member's applications; nobody has as many. */
const MOST_APPLICATIONS = 20;
const WORDS_OF = 'members';

export function memberArea(needs: MemberNeeds): StaffArea {
  const { book, structure, applicationDesk, events, keptWords, notices, readForm } = needs;

  const listOf = async (ctx: GatewayContext, at: OfficerAt, filter: ListFilter) => {
    const { id: organisationId } = at.organisation;
    const staff = at.officer.account.id;
    const kept = filter.words === undefined ? undefined : await keptWords.find(staff, WORDS_OF, filter.words);
    const name = kept?.name;
    const [found, counts, units] = await Promise.all([
      book.list(organisationId, { ...queryOf(filter), name, limit: PAGE + 1 }),
      book.count(organisationId),
      structure.units(organisationId),
    ]);
    const page = found.slice(0, PAGE);
    await events.membersSeen(ctx.state.origin, {
      staff,
      organisationId,
      count: page.length,
      what: 'members',
    });
    const last = found.length > PAGE ? page.at(-1)?.id : undefined;
    const notice = notices.take(ctx);
    ctx.render('chair/members/list', {
      ...at.frame,
      members: page.map((card) => rowOf(at, card)),
      counts: MEMBERSHIPS.flatMap((membership) => {
        const members = counts[membership];
        return members === undefined ? [] : [{ membership, members }];
      }),
      units: unitTree(units),
      filter: {
        ...{ name: name ?? '', membership: filter.membership ?? '', unit: filter.unit ?? '' },
        only: filter.only ?? '',
      },
      isPart: Object.values(filter).some((value) => value !== undefined),
      ...(last !== undefined && { morePath: pathWith(membersPath(at), { ...filter, after: last }) }),
      ...(notice && { notice }),
      problems: [],
    });
  };

  return staffArea(memberRules, {
    'GET /chair/:organisation/members': (ctx, at) => listOf(ctx, at, readFilter(ctx.query)),

    // The words come by POST, so that no name stands in an address.
    'POST /chair/:organisation/members': async (ctx, at) => {
      const { name, ...chosen } = readForm(ctx, searchFields);
      const words = wordsIn(name);
      const filter = readFilter(chosen);
      const id =
        words === undefined
          ? undefined
          : await keptWords.keep(at.officer.account.id, WORDS_OF, { name: words });
      goTo(ctx, pathWith(membersPath(at), { ...filter, words: id }));
    },

    'GET /chair/:organisation/members/:member': async (ctx, at) => {
      const card = await cardOf(needs, ctx, at);
      await events.personSeen(ctx.state.origin, {
        ...{ staff: at.officer.account.id, organisationId: at.organisation.id, memberId: card.id },
        ...{ fields: MEMBER_FIELDS, reason: 'card' },
      });
      const applications = await applicationDesk.ofMember(at.organisation.id, card.id, MOST_APPLICATIONS);
      const applicationPath = await waitingApplicationPath(applicationDesk, card);
      const notice = notices.take(ctx);
      ctx.render('chair/members/card', {
        ...at.frame,
        ...{ name: fullName(card), cardPath: memberPath(at, card.id), membership: card.membership },
        ...(card.since !== undefined && { since: formatCalendarDate(card.since) }),
        ...(card.reason !== undefined && { reason: card.reason }),
        data: dataOf(card, translator(ctx.state.locale)),
        tickets: card.tickets.map(({ number, state }) => ({ number: formatTicketNumber(number), state })),
        isUnnumbered: card.membership === 'member' && card.tickets.every(({ state }) => state === 'replaced'),
        applications: applications.map(listedDecision),
        ...(applicationPath !== undefined && { applicationPath }),
        ...(notice && { notice }),
      });
    },
  });
}

export function membersPath({ organisation }: OfficerAt): string {
  return `/chair/${encodeURIComponent(organisation.id)}/members`;
}

export function memberPath(at: OfficerAt, id: string): string {
  return `${membersPath(at)}/${encodeURIComponent(id)}`;
}

/** Throws not_found for whoever is none of the organisation's. */
export async function cardOf(
  { book }: Pick<MemberNeeds, 'book'>,
  ctx: GatewayContext,
  at: OfficerAt,
): Promise<MemberCard> {
  const card = await book.find(at.organisation.id, paramOf(ctx, 'member'));
  if (!card) throw new GatewayError('not_found');
  return card;
}

function rowOf(at: OfficerAt, card: MemberCard) {
  const ticket = card.tickets.find(({ state }) => state !== 'blocked' && state !== 'replaced');
  return {
    ...{ id: card.id, name: fullName(card), path: memberPath(at, card.id), membership: card.membership },
    birthdate: formatCalendarDate(card.birthdate),
    ...(card.unit !== undefined && { unit: card.unit }),
    ...(ticket && { ticket: maskTicketNumber(ticket.number) }),
  };
}

function pathWith(path: string, filter: ListFilter): string {
  const parameters = Object.entries(filter).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );
  return parameters.length === 0 ? path : `${path}?${new URLSearchParams(parameters)}`;
}

const SHOWN = MEMBER_FIELDS.filter((field) => !['family', 'given', 'middle', 'ticket'].includes(field));

type Filled = { readonly field: MemberField; readonly value?: string };

/** What is filled in, in words. A SNILS is never shown again, only that it is known. */
function dataOf(card: MemberCard, t: Translate): readonly Filled[] {
  const typed = typedCard(card);
  const wordOf: { readonly [field in MemberField]?: string } = {
    ...(card.sex && { sex: t(`chair.members.sex.${card.sex}`) }),
    ...(card.employment && { employment: t(`chair.members.employment.${card.employment}`) }),
    ...(card.unit !== undefined && { unit: card.unit }),
  };
  return SHOWN.flatMap((field): readonly Filled[] => {
    if (field === 'snils') return card.hasSnils ? [{ field }] : [];
    const value = wordOf[field] ?? (field === 'unit' ? '' : typed[field]) ?? '';
    return value === '' ? [] : [{ field, value }];
  });
}
