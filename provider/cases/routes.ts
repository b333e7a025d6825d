/** The desk under /cases: its list, a case, and what is decided there. Whoever has no seat finds nothing here at all. */
import Router from '@koa/router';
import { z } from 'zod';
import type { Case } from '../../adapters/case-store/case-store.ts';
import { goTo, statusOf } from '../cabinet/rooms.ts';
import { formatCalendarDate } from '../data-rules/calendar-date.ts';
import { GatewayError } from '../errors.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import { type CorrectNeeds, type CorrectOutcome, correctRecord, recordOf, UNDECIDED } from './correct.ts';
import { type DecideNeeds, type DecisionProblem, decide, type TypedDecision } from './decide.ts';
import { CASE_NUMBER, type Desk, type Staff } from './desk.ts';
import { frameOf } from './frame.ts';
import { correctionFields, type TypedCorrection } from './read-correction.ts';
import { casePage, listSections, pathOf, type ShowNeeds, schoolRows } from './show.ts';

export type CaseNeeds = CorrectNeeds &
  DecideNeeds &
  ShowNeeds & {
    readonly desk: Desk;
    readonly events: Pick<Events, 'caseSeen'>;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

type AtDesk = (ctx: GatewayContext, staff: Staff) => Promise<void>;
type AtCase = (ctx: GatewayContext, staff: Staff, found: Case) => Promise<void>;

const text = z.string().max(2_000);
const decisionFields = {
  decision: z.enum(['link', 'refuse', 'unlink']).optional(),
  reason: text,
  account: text.optional(),
};

export function caseRoutes(needs: CaseNeeds): Router<GatewayState> {
  const { desk, events, notices, readForm, schools } = needs;
  const router = new Router<GatewayState>({ prefix: '/cases', exclusive: true });

  const seated = (at: AtDesk) => async (raw: unknown) => {
    const ctx = raw as GatewayContext;
    const staff = await desk.staff(ctx);
    if (staff) await at(ctx, staff);
  };
  const withCase = (side: Case['side'] | 'any', at: AtCase) =>
    seated(async (ctx, staff) => {
      const found = await desk.caseFor(staff, paramOf(ctx, 'number'));
      if (side !== 'any' && found.side !== side) throw new GatewayError('not_found');
      await at(ctx, staff, found);
    });
  const seen = (
    { state: { origin } }: GatewayContext,
    { account }: Staff,
    { number, accountId, side }: Case,
  ) => events.caseSeen(origin, { staff: account.id, number, accountId }, side);

  router.get(
    '/',
    seated(async (ctx, staff) => {
      const { of, before } = ctx.query;
      const isPage = typeof of === 'string' && typeof before === 'string' && CASE_NUMBER.test(before);
      const next = isPage ? { of, before } : undefined;
      const sections = await listSections(needs, staff, ctx.state.locale, next);
      ctx.render('cases/list', { ...frameOf(staff), sections });
    }),
  );

  const showCase = async (
    ctx: GatewayContext,
    staff: Staff,
    found: Case,
    again?: { readonly typed: TypedDecision; readonly problem: DecisionProblem },
  ) => {
    const { decision, ...page } = await casePage(needs, found, ctx.state.locale);
    const notice = notices.take(ctx);
    ctx.render('cases/case', {
      ...frameOf(staff),
      ...page,
      ...(decision && {
        decision: { ...decision, ...(again && { typed: typedIn(again.typed) }) },
      }),
      ...(again && { problem: again.problem }),
      ...(notice && { notice }),
    });
  };
  router.get(
    '/:number',
    withCase('any', async (ctx, staff, found) => {
      await seen(ctx, staff, found);
      await showCase(ctx, staff, found);
    }),
  );
  router.post(
    '/:number/decision',
    formBody() as never,
    withCase('union', async (ctx, staff, found) => {
      const typed = readForm(ctx, decisionFields);
      const problem = await decide(needs, ctx.state.origin, staff, found, typed);
      if (problem) {
        ctx.status = 422;
        return showCase(ctx, staff, await desk.caseFor(staff, found.number), { typed, problem });
      }
      notices.leave(ctx, 'case_decided');
      goTo(ctx, pathOf(found));
    }),
  );

  const showCorrection = async (
    ctx: GatewayContext,
    staff: Staff,
    found: Case,
    again?: { readonly typed: TypedCorrection; readonly outcome: CorrectOutcome },
  ) => {
    const record = await recordOf(schools, found);
    const rows = record && schoolRows(needs, found, record);
    if (!record || !rows) throw new GatewayError('not_found');
    const { kinds } = found;
    const outcome = again?.outcome;
    if (outcome) ctx.status = 422;
    if (outcome?.kind === 'ask-again') statusOf(ctx, outcome.problems[0]);
    ctx.render('cases/correction', {
      ...frameOf(staff),
      number: found.number,
      rows,
      typed: again?.typed ?? {
        family: record.family,
        given: record.given,
        middle: record.middle ?? '',
        birthdate: formatCalendarDate(record.birthdate),
        email: record.email ?? '',
      },
      releases: kinds.includes('identity') && record.accountId !== found.accountId,
      ...(outcome?.kind === 'differs' && { kinds: outcome.kinds }),
      problems: outcome?.kind === 'ask-again' ? outcome.problems : [],
      action: `${pathOf(found)}/correction`,
      casePath: pathOf(found),
    });
  };
  router.get(
    '/:number/correction',
    withCase('school', async (ctx, staff, found) => {
      if (!UNDECIDED.includes(found.state)) return goTo(ctx, pathOf(found));
      await seen(ctx, staff, found);
      await showCorrection(ctx, staff, found);
    }),
  );
  router.post(
    '/:number/correction',
    formBody() as never,
    withCase('school', async (ctx, staff, found) => {
      const typed = readForm(ctx, correctionFields);
      const outcome = await correctRecord(needs, ctx.state.origin, staff, found, typed);
      if (outcome.kind !== 'changed') {
        const now = await desk.caseFor(staff, found.number);
        return showCorrection(ctx, staff, now, { typed, outcome });
      }
      notices.leave(ctx, 'case_changed');
      goTo(ctx, pathOf(found));
    }),
  );

  // Last, because of several matches the last one counts, and «enter» could be a number.
  router.get('/enter', (raw) => desk.admit(raw as unknown as GatewayContext));

  return router;
}

function typedIn({ decision, reason, account = '' }: TypedDecision) {
  return { ...(decision !== undefined && { decision }), reason, account };
}
