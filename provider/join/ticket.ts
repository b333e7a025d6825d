/** Variant 1, «Проверить данные» (C-12 … C-16): the form, what the register says, «Продолжить». */
import type { Clock } from '../../adapters/clock.ts';
import type { DraftStore } from '../../adapters/draft-store/draft-store.ts';
import { dayInMoscow, formatCalendarDate } from '../data-rules/calendar-date.ts';
import { formatTicketNumber } from '../data-rules/ticket-number.ts';
import type { GatewayContext } from '../http/context.ts';
import type { ReadForm } from '../http/form.ts';
import { type CheckNeeds, checkData } from './check-data.ts';
import type { FormProblem } from './person-fields.ts';
import { type PrepareNeeds, prepareDocuments } from './prepare-documents.ts';
import { leadTo, type Rooms } from './rooms.ts';
import {
  readTicket,
  type TicketField,
  type TypedTicket,
  ticketDraftOf,
  ticketFields,
} from './ticket-form.ts';

export type TicketNeeds = CheckNeeds &
  PrepareNeeds & {
    readonly drafts: DraftStore;
    readonly clock: Clock;
    readonly readForm: ReadForm;
  };

const EMPTY: TypedTicket = { family: '', given: '', middle: '', birthdate: '', ticket: '' };

export function ticketRooms(needs: TicketNeeds, { show, act }: Rooms): void {
  const { drafts, clock, readForm } = needs;
  const today = () => dayInMoscow(clock.now());
  const showForm = (
    ctx: GatewayContext,
    typed: TypedTicket,
    problems?: readonly FormProblem<TicketField>[],
  ): void => {
    if (problems) ctx.status = problems.some(({ code }) => code === 'check_locked') ? 429 : 422;
    ctx.render('join/ticket', { typed, ...(problems && { problems }) });
  };

  show(
    '/ticket',
    (ctx, { draft }) => {
      const form = ticketDraftOf(draft);
      const read =
        form?.matched && ctx.query.change === undefined ? readTicket(form.typed, today()) : undefined;
      if (!read?.ok) return showForm(ctx, form?.typed ?? EMPTY);
      const { birthdate, ticket, ...name } = read.claimed;
      ctx.render('join/matched', {
        ...name,
        birthdate: formatCalendarDate(birthdate),
        ticket: formatTicketNumber(ticket),
      });
    },
    'ticket',
  );

  act(
    '/ticket',
    async (ctx, { account }) => {
      const typed = readForm(ctx, ticketFields);
      await drafts.save(account.id, 'ticket', { typed, matched: false });
      const read = readTicket(typed, today());
      if (!read.ok) return showForm(ctx, typed, read.problems);
      const check = await checkData(needs, account, ctx.state.origin, read.claimed);
      if (check.kind === 'refused') return showForm(ctx, typed, [check.problem]);
      await drafts.save(account.id, 'ticket', { typed, matched: true });
      leadTo(ctx, '/join/ticket');
    },
    'ticket',
  );

  act(
    '/ticket/continue',
    async (ctx, { account }) => {
      readForm(ctx, {});
      const signing = await prepareDocuments(needs, account, 'ticket');
      leadTo(ctx, signing ? '/join/documents' : '/join/ticket');
    },
    'ticket',
  );
}
