/**
 * The pages of an attempt: begin, one question per page, what is still open, finish, result. Every step saves and then
 * redirects, so that reload, back button and second tab show what is stored.
 */
import Router from '@koa/router';
import { z } from 'zod';
import type { Clock } from '../relying-party/clock.ts';
import {
  type Locals,
  type Middleware,
  type PortalContext,
  type PortalState,
  seeOther,
} from '../relying-party/context.ts';
import { PortalError } from '../relying-party/errors.ts';
import type { ReadForm } from '../relying-party/forms.ts';
import { withNotice } from '../relying-party/pages.ts';
import type { Session } from '../relying-party/sessions.ts';
import { signedInOnly } from '../relying-party/sign-in.ts';
import type { Attempt, Attempts } from './attempts.ts';
import { type Membership, memberOf } from './member.ts';
import { OPTION_IDS, type QuestionBook } from './question-book.ts';
import { choices, finishedOf, marked, standingOf, timeLeft, unanswered } from './standing.ts';

export type QuizNeeds = {
  readonly book: QuestionBook;
  readonly attempts: Attempts;
  readonly clock: Clock;
  readonly readForm: ReadForm;
  readonly admitted: readonly Membership[];
  /** Whether the right answers may be shown to those who have finished. */
  showsAnswers(): boolean;
  /** What the portal's own part of the result page must know. */
  besideResult(attempt: Attempt): Locals;
};

type Page = (ctx: PortalContext, session: Session) => void;

const answerForm = {
  attempt: z.uuid(),
  option: z.enum(OPTION_IDS).optional(),
  /** Number of the question to go to, or the page that finishes. */
  to: z.union([z.literal('finish'), z.string().regex(/^[1-9]\d{0,2}$/)]).optional(),
};
const finishForm = { attempt: z.uuid() };

export function quizRoutes(needs: QuizNeeds): Router<PortalState> {
  const { book, attempts, clock, readForm, admitted, showsAnswers, besideResult } = needs;
  const total = book.questions.length;
  const router = new Router<PortalState>();
  const forMembers = signedInOnly();

  const asMember = (page: Page) => async (raw: unknown) => {
    const ctx = raw as PortalContext;
    await forMembers(ctx, async () => {
      const session = ctx.state.session!;
      if (admitted.includes(memberOf(session).membership)) page(ctx, session);
      else seeOther(ctx, '/');
    });
  };
  const show = (path: string, page: Page) => router.get(path, asMember(page));
  const act = (path: string, page: Page) => router.post(path, asMember(page));

  act('/start', (ctx, session) => {
    const { sub } = session;
    readForm(ctx, {});
    const attempt = attempts.begin({ sub, region: memberOf(session).region });
    if (!attempt) return toResult(ctx, sub);
    seeOther(ctx, `/questions/${unanswered(book, attempts.answersOf(attempt.id))[0] ?? 1}`);
  });

  show('/questions/:number', (ctx, { sub }) => {
    const number = numberIn(ctx);
    const attempt = openAttempt(sub);
    if (!attempt) return toResult(ctx, sub);
    const answers = attempts.answersOf(attempt.id);
    const question = book.questions[number - 1]!;
    ctx.render('question', {
      attempt: attempt.id,
      number,
      total,
      text: question.text,
      choices: choices(question),
      chosen: answers.get(question.id),
      answered: book.questions.map(({ id }) => answers.has(id)),
      answeredCount: answers.size,
      clock: timeLeft(attempt, clock.now()),
    });
  });

  act('/questions/:number', (ctx, { sub }) => {
    const number = numberIn(ctx);
    const { attempt, option, to = String(number + 1) } = readForm(ctx, answerForm);
    if (option !== undefined && !attempts.answer(sub, attempt, book.questions[number - 1]!.id, option)) {
      return toResult(ctx, sub, attempt);
    }
    seeOther(ctx, to === 'finish' || Number(to) > total ? '/finish' : `/questions/${to}`);
  });

  show('/finish', (ctx, { sub }) => {
    const attempt = openAttempt(sub);
    if (!attempt) return toResult(ctx, sub);
    const open = unanswered(book, attempts.answersOf(attempt.id));
    ctx.render('finish', { attempt: attempt.id, total, open, clock: timeLeft(attempt, clock.now()) });
  });

  act('/finish', (ctx, { sub }) => {
    const { attempt } = readForm(ctx, finishForm);
    attempts.finish(sub, attempt);
    const finished = attempts.ofPerson(sub).find(({ id }) => id === attempt);
    if (!finished) throw new PortalError('not_found');
    const address = `/results/${finished.ordinal}`;
    seeOther(ctx, isTimeOver(finished) ? withNotice(address, 'time_over') : address);
  });

  show('/results/:number', (ctx, { sub }) => {
    const all = attempts.ofPerson(sub);
    const attempt = all.find(({ ordinal }) => String(ordinal) === ctx.params.number);
    const finished = attempt && finishedOf(attempt, book);
    if (!finished) throw new PortalError('not_found');
    ctx.render('result', {
      ...besideResult(attempt),
      finished,
      standing: standingOf(all, book),
      marked: showsAnswers() ? marked(book, attempts.answersOf(attempt.id)) : undefined,
    });
  });

  return router;

  function numberIn(ctx: PortalContext): number {
    const number = Number(ctx.params.number);
    if (!Number.isInteger(number) || number < 1 || number > total) throw new PortalError('not_found');
    return number;
  }

  function openAttempt(sub: string): Attempt | undefined {
    return attempts.ofPerson(sub).find(({ result }) => result === undefined);
  }

  /** An answer that came too late, a finished attempt in a second tab, an address from memory: the last result tells. */
  function toResult(ctx: PortalContext, sub: string, late?: string): void {
    const all = attempts.ofPerson(sub);
    const attempt = all.find(({ id }) => id === late) ?? all.findLast(({ result }) => result !== undefined);
    const notice = attempt && isTimeOver(attempt) ? 'time_over' : 'already_finished';
    seeOther(ctx, attempt?.result ? withNotice(`/results/${attempt.ordinal}`, notice) : '/');
  }
}

function isTimeOver({ result, deadline }: Attempt): boolean {
  return result !== undefined && result.finishedAt.getTime() === deadline?.getTime();
}

/** Shown instead of the start page to somebody whose membership does not open this portal. */
export function admittedOnly(admitted: readonly Membership[]): Middleware {
  return (ctx, next) => {
    const { session } = ctx.state;
    if (!session) return next();
    const { membership } = memberOf(session);
    if (admitted.includes(membership)) return next();
    return ctx.render('refused', { membership });
  };
}
