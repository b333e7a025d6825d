/**
 * What the pages of applications are told. What an applicant wrote is shown while it waits, and erased by then; her name
 * alone stays while she may correct it.
 */
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import type {
  ApplicationDesk,
  DecidedApplication,
  WaitingApplication,
} from '../../adapters/application-desk/application-desk.ts';
import type { CalendarStore } from '../../adapters/calendar-store/calendar-store.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { TicketRanges } from '../../adapters/ticket-ranges/ticket-ranges.ts';
import { ageOn, dayInMoscow, formatCalendarDate } from '../data-rules/calendar-date.ts';
import type { PersonName } from '../data-rules/person-name.ts';
import { formatTicketNumber } from '../data-rules/ticket-number.ts';
import { type NonWorking, workingDaysSince } from '../data-rules/working-days.ts';
import { paragraphsOf } from '../documents/paragraphs.ts';
import type { ApplicationListed } from '../http/screens/applications.ts';
import type { Screens } from '../http/screens/screens.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { REASONS } from './decide.ts';

const PAGE = 50;

export type ShowNeeds = {
  readonly applicationDesk: ApplicationDesk;
  readonly ticketRanges: Pick<TicketRanges, 'isOpen'>;
  readonly calendar: Pick<CalendarStore, 'nonWorkingDays'>;
  readonly accounts: AccountStore;
  readonly clock: Clock;
};

type ListPage = Omit<Screens['chair/applications/list'], 'at'>;
type ApplicationPage = Omit<Screens['chair/applications/application'], 'at'>;

export const applicationsPath = (organisationId: string): string =>
  `/chair/${encodeURIComponent(organisationId)}/applications`;
export const applicationPath = (organisationId: string, id: string): string =>
  `${applicationsPath(organisationId)}/${encodeURIComponent(id)}`;

/** Short enough to be read out on the telephone. */
const numberOf = (id: string): string => id.slice(0, 8).toUpperCase();
const fullName = ({ family, given, middle }: PersonName): string =>
  [family, given, middle].filter(Boolean).join(' ');

/** Holidays since whenever an application can have come. */
export async function holidays({ calendar }: Pick<ShowNeeds, 'calendar'>): Promise<NonWorking> {
  return new Set((await calendar.nonWorkingDays('2020-01-01')).map(({ day }) => day));
}

/** `waiting`, `decided`: the id behind which the page of that list begins. */
export async function listPage(
  needs: ShowNeeds,
  { organisation: { id, path, kind } }: OfficerAt,
  after: { readonly waiting?: string; readonly decided?: string },
): Promise<ListPage & { readonly people: number }> {
  const isOwn = kind === 'primary';
  const scope = isOwn ? { organisationId: id } : { escalatedBelow: path };
  const waiting = await needs.applicationDesk.waiting(scope, pageAfter(after.waiting));
  const nonWorking = await holidays(needs);
  const decided = isOwn ? await needs.applicationDesk.decided(id, pageAfter(after.decided)) : undefined;
  const { shown, last } = cut(waiting);
  const ended = decided && cut(decided);
  return {
    waiting: shown.map((one) => listed(needs, one, nonWorking, isOwn)),
    ...(last && { morePath: `${applicationsPath(id)}?${new URLSearchParams({ waiting: last.id })}` }),
    ...(ended && { decided: ended.shown.map(listedDecision) }),
    ...(ended?.last && {
      moreDecidedPath: `${applicationsPath(id)}?${new URLSearchParams({ decided: ended.last.id })}`,
    }),
    people: shown.length + (ended?.shown.length ?? 0),
  };
}

export async function applicationPage(
  needs: ShowNeeds,
  { organisation, frame }: OfficerAt,
  found: WaitingApplication | DecidedApplication,
): Promise<ApplicationPage> {
  const path = applicationPath(organisation.id, found.id);
  const head = {
    ...{ number: numberOf(found.id), purpose: found.purpose, receivedAt: found.receivedAt, path },
    ...(found.escalatedAt && { escalatedAt: found.escalatedAt }),
    listPath: applicationsPath(organisation.id),
  };
  if (!('application' in found)) return { ...head, documents: [], decision: await decisionOf(needs, found) };
  const isHers = !frame.at.below || found.escalatedAt !== undefined;
  return {
    ...head,
    waited: workingDaysSince(found.receivedAt, needs.clock.now(), await holidays(needs)),
    ...writtenIn(found, needs.clock.now()),
    ...(isHers && { review: await reviewOf(needs, found, path) }),
  };
}

const pageAfter = (after: string | undefined) => ({
  limit: PAGE + 1,
  ...(after !== undefined && { after }),
});

function cut<One>(found: readonly One[]): { readonly shown: readonly One[]; readonly last: One | undefined } {
  const shown = found.slice(0, PAGE);
  return { shown, last: found.length > PAGE ? shown.at(-1) : undefined };
}

function listed(
  { clock }: ShowNeeds,
  { id, application, organisationId, organisation, receivedAt, remindedAt, escalatedAt }: WaitingApplication,
  nonWorking: NonWorking,
  isOwn: boolean,
): ApplicationListed {
  return {
    ...{ name: fullName(application), purpose: application.purpose, receivedAt },
    waited: workingDaysSince(receivedAt, clock.now(), nonWorking),
    ...{ reminded: remindedAt !== undefined, escalated: escalatedAt !== undefined },
    ...(!isOwn && { organisation }),
    path: applicationPath(organisationId, id),
  };
}

export function listedDecision(decided: DecidedApplication) {
  const { id, organisationId, member, applicant, purpose, state, receivedAt, decidedAt } = decided;
  return {
    ...{ number: numberOf(id), purpose, state, receivedAt, decidedAt },
    path: applicationPath(organisationId, id),
    ...(applicant !== undefined && { name: applicant }),
    ...(member && { name: fullName(member) }),
  };
}

function writtenIn({ application }: WaitingApplication, now: Date) {
  const { birthdate, sex, phone, email, employment, unit, signedAt, documents } = application;
  return {
    applicant: {
      ...{ name: fullName(application), birthdate: formatCalendarDate(birthdate), sex, phone, email },
      ...{ employment, age: ageOn(dayInMoscow(now), birthdate), signedAt: new Date(signedAt) },
      ...(unit !== undefined && { unit }),
    },
    documents: documents.map(({ version, sha256, body }) => {
      const blocks = paragraphsOf(body);
      const [first] = blocks;
      const title = first?.kind === 'title' ? first.text : '';
      return { title, version, sha256, blocks: blocks.filter(({ kind }) => kind !== 'title') };
    }),
  };
}

async function reviewOf(needs: ShowNeeds, { application }: WaitingApplication, path: string) {
  const namesakes = await needs.applicationDesk.namesakes(application);
  const cards = namesakes.filter(({ elsewhere }) => !elsewhere);
  return {
    ...{ acceptAction: `${path}/accept`, declineAction: `${path}/decline`, reasons: REASONS, typed: {} },
    cards: cards.map((card) => ({
      ...{ id: card.memberId, name: fullName(card), membership: card.membership, hasTicket: card.hasTicket },
    })),
    elsewhere: cards.length < namesakes.length,
    hasNumbers: await needs.ticketRanges.isOpen(),
  };
}

async function decisionOf(
  { accounts }: ShowNeeds,
  { state, reason, decidedAt, decidedBy, member, applicant, organisationId }: DecidedApplication,
): Promise<NonNullable<ApplicationPage['decision']>> {
  const by = decidedBy === undefined || decidedBy === 'operator' ? undefined : await accounts.find(decidedBy);
  return {
    ...{ state, at: decidedAt },
    ...(reason !== undefined && { reason }),
    ...(decidedBy === 'operator' && { by: 'operator' as const }),
    ...(by?.name && { by: { name: fullName(by.name) } }),
    ...(applicant !== undefined && { applicant }),
    ...(member && {
      member: {
        name: fullName(member),
        ...(member.ticket !== undefined && { ticket: formatTicketNumber(member.ticket) }),
        path: `/chair/${encodeURIComponent(organisationId)}/members/${encodeURIComponent(member.id)}`,
      },
    }),
  };
}
