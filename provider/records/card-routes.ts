/** Cards are written: «Поставить на учёт», corrected, suspended, taken off the record (E-10). */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { MemberCard } from '../../adapters/member-book/member-book.ts';
import { goTo } from '../cabinet/rooms.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { translator } from '../http/texts.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { KEEP_RECORDS, type StaffRules } from '../staff/rule.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { cardOf, type MemberNeeds, memberPath, membersPath } from './member-routes.ts';
import { addMember, correctMember, namesakesOn, type RecordNeeds, standMember } from './put-on-record.ts';
import { readPastDay, readText, withLabels } from './read-field.ts';
import {
  fullName,
  MEMBER_FIELDS,
  type MemberField,
  type MemberProblem,
  REQUIRED_OF_MEMBER,
  readMember,
  type TypedMember,
  typedCard,
} from './read-member.ts';
import { unitTree } from './unit-tree.ts';
import { waitingApplicationPath } from './waiting-application.ts';

export type CardNeeds = Omit<MemberNeeds, 'events'> &
  RecordNeeds & { readonly events: Pick<Events, 'memberChanged' | 'personSeen'> };

const cardRules = {
  'GET /chair/:organisation/members/new': KEEP_RECORDS,
  'POST /chair/:organisation/members/new': KEEP_RECORDS,
  'GET /chair/:organisation/members/:member/data': KEEP_RECORDS,
  'POST /chair/:organisation/members/:member/data': KEEP_RECORDS,
  'GET /chair/:organisation/members/:member/membership': KEEP_RECORDS,
  'POST /chair/:organisation/members/:member/membership': KEEP_RECORDS,
} as const satisfies StaffRules;

type Membership = MemberCard['membership'];
/** What may become of a membership here. */
const NEXT: Readonly<Record<Membership, readonly Membership[]>> = {
  member: ['suspended', 'ended'],
  suspended: ['member', 'ended'],
  ended: ['member'],
  // Their applications are decided, and with them who is on record.
  ...{ applicant: [], under_review: [] },
};

const typedText = z.string().max(1_000);
const version = z.string().regex(/^[0-9]{1,9}$/);
const choice = typedText.optional();
const memberFields = {
  ...{ family: typedText, given: typedText, middle: typedText, birthdate: typedText, sex: choice },
  ...{ snils: typedText, phone: typedText, email: typedText, unit: typedText, employment: choice },
  ...{ position: typedText, joinedOn: typedText, onRecordSince: typedText },
};
const newFields = {
  ...memberFields,
  ticket: typedText,
  card: z.uuid(),
  /** «Это другой человек». */
  another: z.literal('yes').optional(),
};
const standingFields = { version, membership: typedText.optional(), reason: typedText, since: typedText };
type TypedStanding = z.output<z.ZodObject<typeof standingFields>>;
type StandingProblem = FieldProblem<'membership' | 'reason' | 'since'>;

const OF_CARD = MEMBER_FIELDS.filter((field) => field !== 'ticket');

export function cardArea(needs: CardNeeds): StaffArea {
  const { book, structure, applicationDesk, events, notices, readForm, clock } = needs;
  const actorAt = (at: OfficerAt) => ({ staff: at.officer.account.id, organisationId: at.organisation.id });
  const today = () => dayInMoscow(clock.now());
  const labelled = (ctx: GatewayContext, problems: readonly MemberProblem[]) => {
    const t = translator(ctx.state.locale);
    return withLabels<MemberField>(problems, (field) => t(`chair.members.field.${field}`));
  };

  type Shown = {
    readonly typed: TypedMember;
    readonly problems: readonly MemberProblem[];
    readonly hidden: Readonly<Record<string, string | number>>;
    readonly card?: MemberCard;
    readonly namesakes?: { readonly here: readonly string[]; readonly elsewhere: boolean };
  };
  const showForm = async (ctx: GatewayContext, at: OfficerAt, shown: Shown) => {
    const { typed, problems, hidden, card, namesakes } = shown;
    if (problems.length > 0 || namesakes) ctx.status = 422;
    const here = await Promise.all((namesakes?.here ?? []).map((id) => book.find(at.organisation.id, id)));
    ctx.render('chair/members/form', {
      ...at.frame,
      ...(card && { name: fullName(card) }),
      fields: (card ? OF_CARD : MEMBER_FIELDS).map((field) => ({
        ...{ field, value: typed[field] ?? '', required: REQUIRED_OF_MEMBER.includes(field) },
      })),
      units: unitTree(await structure.units(at.organisation.id)),
      hidden,
      ...(namesakes && {
        namesakes: {
          here: here.flatMap((one) =>
            one ? [{ id: one.id, name: fullName(one), path: memberPath(at, one.id) }] : [],
          ),
          elsewhere: namesakes.elsewhere,
        },
      }),
      problems: labelled(ctx, problems),
      action: card ? `${memberPath(at, card.id)}/data` : `${membersPath(at)}/new`,
      backPath: card ? memberPath(at, card.id) : membersPath(at),
    });
  };

  const showStanding = (
    ctx: GatewayContext,
    at: OfficerAt,
    card: MemberCard,
    again?: { readonly typed: TypedStanding; readonly problem: StandingProblem },
  ) => {
    const t = translator(ctx.state.locale);
    if (again) ctx.status = 422;
    ctx.render('chair/members/membership', {
      ...at.frame,
      ...{ name: fullName(card), cardPath: memberPath(at, card.id), membership: card.membership },
      ...{ choices: NEXT[card.membership].map((one) => ({ membership: one })), version: card.version },
      typed: {
        ...(again?.typed.membership !== undefined && { membership: again.typed.membership }),
        ...{ reason: again?.typed.reason ?? '', since: again?.typed.since ?? '' },
      },
      problems: withLabels(again ? [again.problem] : [], (field) => t(`chair.members.standing.${field}`)),
    });
  };

  return staffArea(cardRules, {
    'GET /chair/:organisation/members/new': (ctx, at) =>
      showForm(ctx, at, { typed: {}, problems: [], hidden: { card: randomUUID() } }),

    'POST /chair/:organisation/members/new': async (ctx, at) => {
      const { card: id, another, ...typed } = readForm(ctx, newFields);
      const units = await structure.units(at.organisation.id);
      const { member, problems } = readMember(typed, units, today());
      const shown = { typed, hidden: { card: id } };
      if (problems.length > 0) return showForm(ctx, at, { ...shown, problems });
      const [same = []] = await book.namesakes([member.data]);
      const others = same.filter((one) => one.id !== id);
      const { here, elsewhere } = namesakesOn(others, at.organisation.id);
      if (another === undefined && (here.length > 0 || elsewhere)) {
        const namesakes = { here: here.map((one) => one.id), elsewhere };
        return showForm(ctx, at, { ...shown, problems: [], namesakes });
      }
      const outcome = await addMember(needs, ctx.state.origin, actorAt(at), id, member);
      if (outcome !== 'done') return showForm(ctx, at, { ...shown, problems: [outcome] });
      notices.leave(ctx, 'member_added');
      goTo(ctx, memberPath(at, id));
    },

    'GET /chair/:organisation/members/:member/data': async (ctx, at) => {
      const card = await cardOf(needs, ctx, at);
      await events.personSeen(ctx.state.origin, {
        ...{ ...actorAt(at), memberId: card.id, fields: OF_CARD, reason: 'correction' },
      });
      await showForm(ctx, at, {
        typed: typedCard(card),
        problems: [],
        card,
        hidden: { version: card.version },
      });
    },

    'POST /chair/:organisation/members/:member/data': async (ctx, at) => {
      const { version: seen, ...typed } = readForm(ctx, { ...memberFields, version });
      const card = await cardOf(needs, ctx, at);
      const units = await structure.units(at.organisation.id);
      const { member, problems } = readMember(typed, units, today());
      const outcome =
        problems.length > 0
          ? problems
          : await correctMember(needs, ctx.state.origin, actorAt(at), card, Number(seen), member);
      if (outcome !== 'done') {
        // The next attempt is made in the knowledge of what is told now.
        const hidden = { version: card.version };
        const found = Array.isArray(outcome) ? outcome : [outcome as MemberProblem];
        return showForm(ctx, at, { typed, problems: found, card, hidden });
      }
      notices.leave(ctx, 'member_corrected');
      goTo(ctx, memberPath(at, card.id));
    },

    'GET /chair/:organisation/members/:member/membership': async (ctx, at) => {
      const card = await cardOf(needs, ctx, at);
      const elsewhere = await waitingApplicationPath(applicationDesk, card);
      return elsewhere === undefined ? showStanding(ctx, at, card) : goTo(ctx, elsewhere);
    },

    'POST /chair/:organisation/members/:member/membership': async (ctx, at) => {
      const typed = readForm(ctx, standingFields);
      const card = await cardOf(needs, ctx, at);
      const elsewhere = await waitingApplicationPath(applicationDesk, card);
      if (elsewhere !== undefined) return goTo(ctx, elsewhere);
      const again = (problem: StandingProblem) => showStanding(ctx, at, card, { typed, problem });
      const membership = NEXT[card.membership].find((one) => one === typed.membership);
      if (!membership) return again({ field: 'membership', code: 'field_choice' });
      const reason = readText(typed.reason, today());
      if (!reason.ok) return again({ field: 'reason', code: reason.code });
      if (reason.value === undefined) return again({ field: 'reason', code: 'field_missing' });
      const since = readPastDay(typed.since, today());
      if (!since.ok) return again({ field: 'since', code: since.code });
      const standing = { membership, reason: reason.value, since: since.value ?? today() };
      const seen = Number(typed.version);
      if (!(await standMember(needs, ctx.state.origin, actorAt(at), card, seen, standing))) {
        return again({ field: 'form', code: 'card_changed' });
      }
      notices.leave(ctx, 'member_corrected');
      goTo(ctx, memberPath(at, card.id));
    },
  });
}
