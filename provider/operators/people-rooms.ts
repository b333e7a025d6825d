/** «Люди»: somebody is looked for, a reason is given, her page is opened; every view is written down. */
import { z } from 'zod';
import type { Account } from '../../adapters/account-store/account-store.ts';
import type { AuditPages } from '../../adapters/audit-log/audit-log.ts';
import type { Clock } from '../../adapters/clock.ts';
import type { DocumentStore } from '../../adapters/document-store/document-store.ts';
import type { FoundPerson } from '../../adapters/person-search/person-search.ts';
import type { Visit, VisitedPerson } from '../../adapters/staff-visits/staff-visits.ts';
import { goTo } from '../cabinet/rooms.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import { paragraphsOf } from '../documents/paragraphs.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { KeptWords } from '../staff/kept-words.ts';
import type { Officer } from '../staff/officer.ts';
import { OPERATORS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { type FindPeopleNeeds, findPeople } from './find-people.ts';
import { UNMASKABLE, type Unmaskable } from './names.ts';
import { memberPage, PAGE_FIELDS, type PersonPageNeeds, personPage, personPath } from './person-page.ts';
import { readSearch, SEARCH_FIELDS, type SearchProblem, type TypedSearch } from './read-search.ts';
import { choiceOf, NOTE_FORM, type ReasonProblem, readReason } from './reason.ts';
import { trailPage } from './trail.ts';
import { beginVisit, currentVisit, see, VISIT_MINUTES, type VisitNeeds } from './visits.ts';
import { whosePage } from './whose-page.ts';

const peopleRules = {
  'GET /operator/people': OPERATORS,
  'POST /operator/people': OPERATORS,
  'GET /operator/people/found/:search': OPERATORS,
  'GET /operator/people/:person': OPERATORS,
  'POST /operator/people/:person/reason': OPERATORS,
  'POST /operator/people/:person/show': OPERATORS,
  'GET /operator/people/:person/documents/:document': OPERATORS,
  'GET /operator/people/:person/trail': OPERATORS,
  'GET /operator/members/:member': OPERATORS,
  'POST /operator/members/:member/reason': OPERATORS,
} as const satisfies StaffRules;

export type PeopleNeeds = FindPeopleNeeds &
  PersonPageNeeds &
  VisitNeeds & {
    readonly documents: Pick<DocumentStore, 'documentsOf' | 'document'>;
    readonly auditPages: Pick<AuditPages, 'ofAccount'>;
    readonly keptWords: KeptWords;
    readonly clock: Clock;
    readonly snilsDigest: (snils: string) => Buffer;
    readonly events: Pick<Events, 'personSeen' | 'membersSeen'>;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

const ROOM = 'people';
const text = z.string().max(1_000);
const searchForm = Object.fromEntries(SEARCH_FIELDS.map((field) => [field, text])) as Record<
  (typeof SEARCH_FIELDS)[number],
  typeof text
>;
const NOTHING = Object.fromEntries(SEARCH_FIELDS.map((field) => [field, ''])) as TypedSearch;
const reasonForm = { reason: text.optional(), note: NOTE_FORM };

export function peopleArea(needs: PeopleNeeds): StaffArea {
  const { accounts, people, keptWords, events, notices, readForm, snilsDigest, clock } = needs;

  const searchRoom = (ctx: GatewayContext, typed: TypedSearch, problem?: SearchProblem) => {
    if (problem) ctx.status = 422;
    ctx.render('operator/people/search', { typed, ...(problem && { problem }) });
  };
  const read = (typed: TypedSearch) => readSearch(typed, { today: dayInMoscow(clock.now()), snilsDigest });

  const accountOf = async (ctx: GatewayContext): Promise<Account> => {
    const account = await accounts.find(paramOf(ctx, 'person'));
    if (!account) throw new GatewayError('not_found');
    return account;
  };
  const memberOf = async (ctx: GatewayContext) => {
    const member = await people.ofMember(paramOf(ctx, 'member'));
    if (member?.memberId === undefined) throw new GatewayError('not_found');
    return { ...member, memberId: member.memberId };
  };
  const reasonRoom = (
    ctx: GatewayContext,
    path: string,
    again?: {
      readonly typed: { reason?: string | undefined; note: string };
      readonly problem: ReasonProblem;
    },
  ) => {
    if (again) ctx.status = 422;
    const reason = choiceOf(again?.typed.reason);
    ctx.render('operator/people/reason', {
      action: `${path}/reason`,
      minutes: VISIT_MINUTES,
      typed: { note: again?.typed.note ?? '', ...(reason && { reason }) },
      ...(again && { problem: again.problem }),
    });
  };
  const takeReason = async (ctx: GatewayContext, officer: Officer, person: VisitedPerson, path: string) => {
    const typed = readForm(ctx, reasonForm);
    const given = readReason(typed);
    if (!given.ok) return reasonRoom(ctx, path, { typed, problem: given.problem });
    await beginVisit(needs, officer, person, given);
    goTo(ctx, path);
  };
  /** Undefined after having asked for the reason. */
  const visitTo = async (
    ctx: GatewayContext,
    officer: Officer,
    { id }: Account,
  ): Promise<Visit | undefined> => {
    const visit = await currentVisit(needs, officer, { accountId: id });
    if (!visit) goTo(ctx, personPath(id));
    return visit;
  };
  const show = async (
    ctx: GatewayContext,
    officer: Officer,
    account: Account,
    visit: Visit,
    shown?: Unmaskable,
  ) => {
    const person = seenOf(account);
    await see(needs, ctx.state.origin, officer, person, visit, shown ? [shown] : PAGE_FIELDS);
    const notice = notices.take(ctx);
    ctx.render('operator/people/person', {
      ...(await personPage(needs, account, ctx.state.locale, shown, officer)),
      ...(notice && { notice }),
    });
  };

  return staffArea(peopleRules, {
    'GET /operator/people': (ctx) => searchRoom(ctx, NOTHING),

    'POST /operator/people': async (ctx, { account }) => {
      const typed = readForm(ctx, searchForm);
      const asked = read(typed);
      if (!asked.ok) return searchRoom(ctx, typed, asked.problem);
      goTo(ctx, `/operator/people/found/${await keptWords.keep(account.id, ROOM, typed)}`);
    },

    'GET /operator/people/found/:search': async (ctx, { account }) => {
      const kept = await keptWords.find(account.id, ROOM, paramOf(ctx, 'search'));
      if (!kept) return goTo(ctx, '/operator/people');
      const typed = { ...NOTHING, ...kept };
      const asked = read(typed);
      if (!asked.ok) return searchRoom(ctx, typed, asked.problem);
      const found = await findPeople(needs, asked.search);
      if ('problem' in found) return searchRoom(ctx, typed, found.problem);
      const seen = { staff: account.id, count: found.people.length, what: 'search' };
      await events.membersSeen(ctx.state.origin, seen);
      ctx.render('operator/people/search', {
        typed,
        found: { by: asked.search.by, hasMore: found.hasMore, people: found.people.map(rowOf) },
      });
    },

    'GET /operator/people/:person': async (ctx, officer) => {
      const account = await accountOf(ctx);
      const visit = await currentVisit(needs, officer, { accountId: account.id });
      if (!visit) return reasonRoom(ctx, personPath(account.id));
      await show(ctx, officer, account, visit);
    },

    'POST /operator/people/:person/reason': async (ctx, officer) => {
      const account = await accountOf(ctx);
      await takeReason(ctx, officer, seenOf(account), personPath(account.id));
    },

    'POST /operator/people/:person/show': async (ctx, officer) => {
      const account = await accountOf(ctx);
      const { what } = readForm(ctx, { what: z.enum(UNMASKABLE) });
      const visit = await visitTo(ctx, officer, account);
      if (visit) await show(ctx, officer, account, visit, what);
    },

    'GET /operator/people/:person/documents/:document': async (ctx, officer) => {
      const account = await accountOf(ctx);
      const document = await needs.documents.document(account.id, paramOf(ctx, 'document'));
      if (!document?.signing && !document?.paper) throw new GatewayError('not_found');
      const visit = await visitTo(ctx, officer, account);
      if (!visit) return;
      await see(needs, ctx.state.origin, officer, seenOf(account), visit, [`documents:${document.type}`]);
      ctx.render('operator/people/document', {
        type: document.type,
        ...(document.signing && { title: document.title }),
        ...(document.paper && { paper: document.paper }),
        blocks: paragraphsOf(document.body).filter(({ kind }) => kind !== 'title'),
        backPath: personPath(account.id),
      });
    },

    'GET /operator/people/:person/trail': async (ctx, officer) => {
      const account = await accountOf(ctx);
      const visit = await visitTo(ctx, officer, account);
      if (!visit) return;
      const path = `${personPath(account.id)}/trail`;
      const page = await trailPage(ctx, path, (at) => needs.auditPages.ofAccount(account.id, at));
      await see(needs, ctx.state.origin, officer, seenOf(account), visit, ['trail']);
      const whose = await whosePage(needs, account);
      ctx.render('operator/people/trail', { ...page, ...whose, backPath: personPath(account.id) });
    },

    'GET /operator/members/:member': async (ctx, officer) => {
      const member = await memberOf(ctx);
      if (member.accountId !== undefined) return goTo(ctx, personPath(member.accountId));
      const visit = await currentVisit(needs, officer, { memberId: member.memberId });
      if (!visit) return reasonRoom(ctx, memberPath(member.memberId));
      const fields = ['name', 'birthdate', 'organisation', 'membership'];
      await see(needs, ctx.state.origin, officer, { memberId: member.memberId }, visit, fields);
      ctx.render('operator/people/member', memberPage(member));
    },

    'POST /operator/members/:member/reason': async (ctx, officer) => {
      const { memberId } = await memberOf(ctx);
      await takeReason(ctx, officer, { memberId }, memberPath(memberId));
    },
  });
}

const memberPath = (id: string): string => `/operator/members/${encodeURIComponent(id)}`;

/** Both of her names, so that she finds the view by either. */
export function seenOf({ id, member }: Account): VisitedPerson {
  return { accountId: id, ...(member && { memberId: member.id }) };
}

function rowOf({ accountId, status, memberId, name, birthdate, organisation, membership }: FoundPerson) {
  return {
    ...(name && { name: [name.family, name.given, name.middle].filter(Boolean).join(' ') }),
    ...(birthdate !== undefined && { birthYear: birthdate.slice(0, 4) }),
    ...(organisation !== undefined && { organisation }),
    ...(membership && { membership }),
    ...(status && { status }),
    path: accountId === undefined ? memberPath(memberId ?? '') : personPath(accountId),
  };
}
