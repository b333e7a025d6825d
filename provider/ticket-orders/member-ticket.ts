/**
 * The ticket of one member: the number that was to come later is assigned (E-10); a lost ticket is blocked, so that it
 * signs nobody in, and then gets a new number, to be ordered anew, or is unblocked when that was a mistake.
 */
import type { MemberTickets, MemberWithTickets } from '../../adapters/member-tickets/member-tickets.ts';
import type { TicketRanges } from '../../adapters/ticket-ranges/ticket-ranges.ts';
import { goTo } from '../cabinet/rooms.ts';
import { maskTicketNumber } from '../data-rules/ticket-number.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import type { NoticeCode } from '../http/texts.ts';
import type { OfficerAt } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import {
  type Assigned,
  type AssignNeeds,
  assignFields,
  assignNumber,
  type TypedNumber,
} from './assign-number.ts';
import type { NumberProblem } from './choose-number.ts';
import { memberTicketRules } from './rules.ts';
import { nameOf } from './show.ts';

export type MemberTicketNeeds = AssignNeeds & {
  readonly memberTickets: MemberTickets;
  readonly ticketRanges: Pick<TicketRanges, 'isOpen' | 'take'>;
  readonly events: Pick<Events, 'personSeen' | 'ticketBlocked' | 'ticketUnblocked' | 'ticketReplaced'>;
  readonly notices: Notices;
  readonly readForm: ReadForm;
};

/** The central office has given no numbers that are still free. Ends the transaction. */
class NoNumberLeft extends Error {
  override name = 'NoNumberLeft';
}

export function memberTicket(needs: MemberTicketNeeds): StaffArea {
  const { database, memberTickets, ticketRanges, events, notices, readForm } = needs;

  const memberOf = async (ctx: GatewayContext, { organisation }: OfficerAt): Promise<MemberWithTickets> => {
    const member = await memberTickets.of(organisation.id, paramOf(ctx, 'member'));
    if (!member) throw new GatewayError('not_found');
    return member;
  };
  const seen = (
    ctx: GatewayContext,
    { officer, organisation }: OfficerAt,
    { memberId }: MemberWithTickets,
  ): Promise<void> =>
    events.personSeen(ctx.state.origin, {
      ...{ staff: officer.account.id, organisationId: organisation.id, memberId },
      ...{ fields: ['name', 'ticket'], reason: 'ticket' },
    });
  const show = async (
    ctx: GatewayContext,
    at: OfficerAt,
    member: MemberWithTickets,
    again?: { readonly problem: NumberProblem | FieldProblem<'form'>; readonly typed?: TypedNumber },
  ): Promise<void> => {
    const { organisation, frame } = at;
    const memberPath = cardPathOf(organisation.id, member);
    const act = frame.at.below ? undefined : actFor(member);
    const notice = notices.take(ctx);
    await seen(ctx, at, member);
    if (again) ctx.status = 422;
    ctx.render('chair/members/ticket', {
      ...frame,
      name: nameOf(member),
      tickets: member.tickets.map(({ number, state, since }) => ({
        ...{ number: maskTicketNumber(number), state, since },
      })),
      ...(act && { act }),
      canUnblock: !frame.at.below && act !== 'block' && member.tickets.some(({ unblockable }) => unblockable),
      ...(act === 'assign' && {
        numbers: {
          areLeft: await ticketRanges.isOpen(),
          typed: again?.typed?.typed ?? '',
          ...chosenIn(again?.typed),
        },
      }),
      ...{ memberPath, action: `${memberPath}/ticket` },
      ...(notice && { notice }),
      ...(again && { problem: again.problem }),
    });
  };
  const leaveAt = (ctx: GatewayContext, { organisation }: OfficerAt, member: MemberWithTickets): void =>
    goTo(ctx, `${cardPathOf(organisation.id, member)}/ticket`);

  return staffArea(memberTicketRules, {
    'GET /chair/:organisation/members/:member/ticket': async (ctx, at) =>
      show(ctx, at, await memberOf(ctx, at)),
    'POST /chair/:organisation/members/:member/ticket/assign': async (ctx, at) => {
      const typed = readForm(ctx, assignFields);
      const member = await memberOf(ctx, at);
      const act = actFor(member);
      const assigned =
        act === 'assign'
          ? await assignNumber(needs, ctx.state.origin, at, member.memberId, typed)
          : STANDS[act ?? 'nothing'];
      if (typeof assigned === 'object') return show(ctx, at, member, { problem: assigned, typed });
      notices.leave(ctx, NOTICES[assigned]);
      // On her card the number stands in full.
      if (assigned === 'not-open') leaveAt(ctx, at, member);
      else goTo(ctx, cardPathOf(at.organisation.id, member));
    },
    'GET /chair/:organisation/members/:member/ticket/block': async (ctx, at) => {
      const member = await memberOf(ctx, at);
      if (actFor(member) !== 'block') {
        notices.leave(ctx, 'ticket_elsewhere');
        return leaveAt(ctx, at, member);
      }
      await seen(ctx, at, member);
      const ticketPath = `${cardPathOf(at.organisation.id, member)}/ticket`;
      ctx.render('chair/members/block-ticket', { ...at.frame, name: nameOf(member), ticketPath });
    },
    'POST /chair/:organisation/members/:member/ticket/block': async (ctx, at) => {
      readForm(ctx, {});
      const member = await memberOf(ctx, at);
      const { organisation, officer } = at;
      const whose = { organisationId: organisation.id, memberId: member.memberId };
      const isDone = await database.transaction(async (tx) => {
        if (!(await memberTickets.block(organisation.id, member.memberId, officer.account.id, tx)))
          return false;
        await events.ticketBlocked(ctx.state.origin, officer.account.id, whose, tx);
        return true;
      });
      notices.leave(ctx, isDone ? 'ticket_blocked' : 'ticket_elsewhere');
      leaveAt(ctx, at, member);
    },
    'POST /chair/:organisation/members/:member/ticket/unblock': async (ctx, at) => {
      readForm(ctx, {});
      const member = await memberOf(ctx, at);
      const { organisation, officer } = at;
      const whose = { organisationId: organisation.id, memberId: member.memberId };
      const isDone = await database.transaction(async (tx) => {
        if (!(await memberTickets.unblock(organisation.id, member.memberId, tx))) return false;
        await events.ticketUnblocked(ctx.state.origin, officer.account.id, whose, tx);
        return true;
      });
      notices.leave(ctx, isDone ? 'ticket_unblocked' : 'ticket_elsewhere');
      leaveAt(ctx, at, member);
    },
    'POST /chair/:organisation/members/:member/ticket/replace': async (ctx, at) => {
      readForm(ctx, {});
      const member = await memberOf(ctx, at);
      const { organisation, officer } = at;
      const whose = { organisationId: organisation.id, memberId: member.memberId };
      try {
        const isDone = await database.transaction(async (tx) => {
          const takeNumber = async (): Promise<string> => {
            const number = await ticketRanges.take(tx);
            if (number === undefined) throw new NoNumberLeft();
            return number;
          };
          if (!(await memberTickets.replace(organisation.id, member.memberId, takeNumber, tx))) return false;
          await events.ticketReplaced(ctx.state.origin, officer.account.id, whose, tx);
          return true;
        });
        notices.leave(ctx, isDone ? 'ticket_replaced' : 'ticket_elsewhere');
        leaveAt(ctx, at, member);
      } catch (error) {
        if (!(error instanceof NoNumberLeft)) throw error;
        await show(ctx, at, member, { problem: { field: 'form', code: 'no_ticket_numbers' } });
      }
    },
  });
}

const NOTICES = {
  ...{ assigned: 'ticket_assigned', held: 'ticket_held', 'not-open': 'ticket_elsewhere' },
} as const satisfies Record<Assigned, NoticeCode>;

/** Where no number can be assigned: why. */
const STANDS = { block: 'held', replace: 'not-open', nothing: 'not-open' } as const;

function actFor({ membership, tickets }: MemberWithTickets): 'assign' | 'block' | 'replace' | undefined {
  if (tickets.some(({ state }) => state !== 'blocked' && state !== 'replaced')) return 'block';
  if (membership !== 'member') return undefined;
  return tickets.some(({ state }) => state === 'blocked') ? 'replace' : 'assign';
}

function cardPathOf(organisationId: string, { memberId }: MemberWithTickets): string {
  return `/chair/${encodeURIComponent(organisationId)}/members/${encodeURIComponent(memberId)}`;
}

const chosenIn = (typed: TypedNumber | undefined) => typed?.number !== undefined && { chosen: typed.number };
