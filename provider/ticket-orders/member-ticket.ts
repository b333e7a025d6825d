/** A lost ticket: its chair blocks it, so that it signs nobody in, and then gives a new number, to be ordered anew. */
import type { Database } from '../../adapters/database/database.ts';
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
import type { OfficerAt } from '../staff/officer.ts';
import { type StaffArea, staffArea } from '../staff/staff-area.ts';
import { memberTicketRules } from './rules.ts';
import { nameOf } from './show.ts';

export type MemberTicketNeeds = {
  readonly database: Pick<Database, 'transaction'>;
  readonly memberTickets: MemberTickets;
  readonly ticketRanges: Pick<TicketRanges, 'take'>;
  readonly events: Pick<Events, 'personSeen' | 'ticketBlocked' | 'ticketReplaced'>;
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
  const show = async (
    ctx: GatewayContext,
    { officer, organisation, frame }: OfficerAt,
    member: MemberWithTickets,
    isOutOfNumbers = false,
  ): Promise<void> => {
    const memberPath = `/chair/${encodeURIComponent(organisation.id)}/members/${encodeURIComponent(member.memberId)}`;
    const act = frame.at.below ? undefined : actFor(member);
    const notice = notices.take(ctx);
    await events.personSeen(ctx.state.origin, {
      ...{ staff: officer.account.id, organisationId: organisation.id, memberId: member.memberId },
      ...{ fields: ['name', 'ticket'], reason: 'ticket' },
    });
    if (isOutOfNumbers) ctx.status = 422;
    ctx.render('chair/members/ticket', {
      ...frame,
      name: nameOf(member),
      tickets: member.tickets.map((ticket) => ({ ...ticket, number: maskTicketNumber(ticket.number) })),
      ...(act && { act }),
      ...{ memberPath, action: `${memberPath}/ticket` },
      ...(notice && { notice }),
      ...(isOutOfNumbers && { problem: { field: 'form', code: 'no_ticket_numbers' } as const }),
    });
  };
  const leaveAt = (ctx: GatewayContext, { organisation }: OfficerAt, { memberId }: MemberWithTickets): void =>
    goTo(ctx, `/chair/${encodeURIComponent(organisation.id)}/members/${encodeURIComponent(memberId)}/ticket`);

  return staffArea(memberTicketRules, {
    'GET /chair/:organisation/members/:member/ticket': async (ctx, at) =>
      show(ctx, at, await memberOf(ctx, at)),
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
        await show(ctx, at, member, true);
      }
    },
  });
}

function actFor({ tickets }: MemberWithTickets): 'block' | 'replace' | undefined {
  if (tickets.some(({ state }) => state !== 'blocked' && state !== 'replaced')) return 'block';
  return tickets.some(({ state }) => state === 'blocked') ? 'replace' : undefined;
}
