/**
 * From «Создать» to the question «У Вас есть электронный профсоюзный билет?» (C-02 … C-11): the form, the letter, the
 * link. What follows the answer is the wizard's.
 */

import Router from '@koa/router';
import { z } from 'zod';
import type { DraftStore } from '../../adapters/draft-store/draft-store.ts';
import type { Registration } from '../../adapters/registration-store/registration-store.ts';
import type { Doorkeeper } from '../cabinet/enter.ts';
import { maskEmailAddress } from '../data-rules/email-address.ts';
import { isForeignMailbox } from '../data-rules/foreign-mailbox.ts';
import { paragraphsOf } from '../documents/paragraphs.ts';
import type { Templates } from '../documents/write-documents.ts';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import type { Notices } from '../http/notice.ts';
import { paramOf } from '../http/param.ts';
import type { WayBack } from '../interactions/way-back.ts';
import { looksLikeWrongLayout } from '../login/password-rules.ts';
import { signInPath, wayBackOf, wayBackQuery } from '../recovery/way-on.ts';
import type { Applicants } from './applicant.ts';
import { type AwaitLetterNeeds, correctAddress, sendAgain, troubleOf } from './await-letter.ts';
import {
  type ConfirmNeeds,
  confirmedHere,
  confirmRegistration,
  disownRegistration,
  markOfBrowser,
  registrationBehind,
} from './confirm.ts';
import { type CreateForm, type CreateNeeds, type CreateOutcome, createRegistration } from './create.ts';
import type { Registering } from './registering.ts';
import { ADDRESS_FIRST, formOf, leadTo } from './rooms.ts';

export type JoinNeeds = CreateNeeds &
  AwaitLetterNeeds &
  ConfirmNeeds & {
    readonly applicants: Applicants;
    readonly registering: Registering;
    readonly doorkeeper: Pick<Doorkeeper, 'visitor'>;
    readonly drafts: Pick<DraftStore, 'find' | 'choose' | 'rememberWayBack'>;
    readonly templates: Pick<Templates, 'currentTerms' | 'termsOf'>;
    readonly notices: Notices;
    readonly readForm: ReadForm;
  };

const createForm = {
  email: z.string().max(1_000),
  password: z.string().max(1_000),
  terms: z.literal('yes').optional(),
  from: z.string().max(64).optional(),
  client: z.string().max(255).optional(),
};
const addressForm = { email: z.string().max(1_000) };
const confirmForm = { registration: z.uuid().optional() };
const answerForm = { answer: z.enum(['yes', 'no']) };

export function joinRoutes(needs: JoinNeeds): Router<GatewayState> {
  const { applicants, registering, registrations, doorkeeper, drafts, templates, notices, readForm } = needs;
  const router = new Router<GatewayState>({ prefix: '/join', exclusive: true });
  type Step = (ctx: GatewayContext) => Promise<void> | void;
  const show = (path: string, step: Step) => router.get(path, step as never);
  const act = (path: string, step: Step) => router.post(path, formBody() as never, step as never);

  show('/', async (ctx) => {
    if (await applicants.applicant(ctx)) return leadTo(ctx, '/join/question');
    showForm(ctx, wayBackOf(ctx.query), { email: '' });
  });
  act('/', async (ctx) => {
    const { from, client, ...form } = readForm(ctx, createForm);
    const wayBack = wayBackOf({ from, client });
    const { origin, locale } = ctx.state;
    const outcome = await createRegistration(needs, { origin, locale, wayBack }, form);
    if (outcome.kind === 'ask-again') return showForm(ctx, wayBack, form, outcome);
    // A wizard that somebody left open here is not hers.
    await applicants.dismiss(ctx);
    await registering.begin(ctx, outcome.id);
    leadTo(ctx, '/join/letter');
  });

  show('/terms', (ctx) => showTerms(ctx, templates.currentTerms().version));
  show('/terms/:version', (ctx) => showTerms(ctx, paramOf(ctx, 'version')));
  const showTerms = (ctx: GatewayContext, wanted: string): void => {
    const found = templates.termsOf(wanted);
    if (!found) throw new GatewayError('not_found');
    const { version, body } = found;
    ctx.render('join/terms', {
      version,
      current: version === templates.currentTerms().version,
      blocks: paragraphsOf(body),
    });
  };

  /** What this browser waits for; otherwise it is sent on: it is confirmed, or there is nothing. */
  const awaited = async (ctx: GatewayContext): Promise<Registration | undefined> => {
    const id = await registering.of(ctx);
    const registration = id === undefined ? undefined : await registrations.find(id);
    if (registration?.state === 'open') return registration;
    if (registration?.state === 'confirmed' && ctx.method !== 'HEAD') {
      // The link was opened on another device (SYS-21).
      await applicants.admit(ctx, registration.id, registration.confirmedAt);
      await registering.end(ctx);
    }
    leadTo(ctx, registration?.state === 'confirmed' ? '/join/question' : '/join');
    return undefined;
  };
  const showLetter = async (
    ctx: GatewayContext,
    registration: Registration,
    refusal?: Refusal,
    typed = '',
  ) => {
    const { email } = registration;
    const notice = notices.take(ctx);
    const trouble = await troubleOf(needs, registration);
    if (refusal) answerWith(ctx, refusal);
    ctx.render('join/letter', {
      email: email.original,
      typed: typed || email.original,
      foreign: needs.joining.foreignEmail === 'warn' && isForeignMailbox(email.key),
      ...(notice && { notice }),
      ...(trouble && { trouble }),
      ...(refusal && { problems: refusal.problems }),
    });
  };
  show('/letter', async (ctx) => {
    const registration = await awaited(ctx);
    if (registration) await showLetter(ctx, registration);
  });
  act('/letter/again', async (ctx) => {
    readForm(ctx, {});
    const registration = await awaited(ctx);
    if (!registration) return;
    const refusal = await sendAgain(needs, ctx.state.origin, registration);
    if (refusal) return showLetter(ctx, registration, refusal);
    notices.leave(ctx, 'letter_repeated');
    leadTo(ctx, '/join/letter');
  });
  act('/letter/address', async (ctx) => {
    const { email } = readForm(ctx, addressForm);
    const registration = await awaited(ctx);
    if (!registration) return;
    const refusal = await correctAddress(needs, ctx.state.origin, registration, email);
    if (refusal) return showLetter(ctx, registration, refusal, email);
    notices.leave(ctx, 'address_corrected');
    leadTo(ctx, '/join/letter');
  });

  show('/confirm/:link', async (ctx) => {
    const link = linkOf(ctx);
    const registration = await registrationBehind(needs, link);
    if (!registration) return gone(ctx);
    const { id, email, createdAt, device, network } = registration;
    ctx.render('join/confirm', {
      email: maskEmailAddress(email.original),
      at: createdAt,
      device,
      network,
      elsewhere: (await registering.of(ctx)) !== id,
      registration: id,
      action: `/join/confirm/${link}`,
      disownAction: `/join/confirm/${link}/disown`,
    });
  });
  act('/confirm/:link', async (ctx) => {
    const { registration } = readForm(ctx, confirmForm);
    const browser = markOfBrowser(ctx.state.csrf);
    const confirmed =
      (await confirmRegistration(needs, ctx.state.origin, linkOf(ctx), browser)) ??
      (await confirmedHere(needs, registration, browser));
    if (!confirmed) return gone(ctx);
    if (confirmed.wayBack) await drafts.rememberWayBack(confirmed.id, confirmed.wayBack);
    await applicants.admit(ctx, confirmed.id, confirmed.confirmedAt);
    await registering.end(ctx);
    leadTo(ctx, '/join/question');
  });
  act('/confirm/:link/disown', async (ctx) => {
    readForm(ctx, {});
    if (!(await disownRegistration(needs, ctx.state.origin, linkOf(ctx)))) return gone(ctx);
    ctx.render('join/disowned', {});
  });
  /** One page for every link that is no good: what was wrong with it is nobody's business. */
  const gone = async (ctx: GatewayContext): Promise<void> => {
    if (await applicants.applicant(ctx)) return leadTo(ctx, '/join/question');
    ctx.status = 410;
    const waits = (await registering.of(ctx)) !== undefined;
    ctx.render('join/gone', { ...(waits && { letterPath: '/join/letter' }) });
  };

  show('/question', async (ctx) => {
    const account = await applicants.applicant(ctx);
    // To sign in, and back to here.
    if (!account) return void (await doorkeeper.visitor(ctx));
    if (account.member?.membership === 'member') return leadTo(ctx, '/cabinet');
    if (account.verifiedEmail === undefined) return leadTo(ctx, ADDRESS_FIRST);
    const draft = await drafts.find(account.id);
    ctx.render('join/question', {
      ...(account.verifiedEmail !== undefined && { email: account.verifiedEmail }),
      ...(draft?.variant && !draft.finishedAt && { draftPath: formOf(draft.variant) }),
    });
  });
  act('/question', async (ctx) => {
    const { answer } = readForm(ctx, answerForm);
    const account = await applicants.applicant(ctx);
    if (!account) return void (await doorkeeper.visitor(ctx));
    const variant = answer === 'yes' ? 'ticket' : 'application';
    await drafts.choose(account.id, variant);
    leadTo(ctx, formOf(variant));
  });
  act('/leave', async (ctx) => {
    readForm(ctx, {});
    await applicants.dismiss(ctx);
    leadTo(ctx, '/');
  });

  return router;
}

type Refusal = CreateOutcome & { readonly kind: 'ask-again' };

function answerWith(ctx: GatewayContext, { status, retryAfter }: Refusal): void {
  ctx.status = status;
  if (retryAfter !== undefined) ctx.set('Retry-After', String(retryAfter));
}

function showForm(
  ctx: GatewayContext,
  wayBack: WayBack | undefined,
  { email, terms, password = '' }: Partial<CreateForm> & Pick<CreateForm, 'email'>,
  refusal?: Refusal,
): void {
  if (refusal) answerWith(ctx, refusal);
  ctx.render('join/create', {
    typed: { email, ...(terms && { terms }) },
    wrongLayout: looksLikeWrongLayout(password),
    ...(wayBack && { wayBack: { from: wayBack.interaction, client: wayBack.clientId } }),
    ...(refusal && { problems: refusal.problems }),
    herePath: `/join${wayBackQuery(wayBack)}`,
    signInPath: signInPath(wayBack),
    recoveryPath: `/recovery${wayBackQuery(wayBack)}`,
  });
}

/** Whatever it is: what is no link at all gets the page of every link that is no good. */
function linkOf(ctx: GatewayContext): string {
  return String((ctx as unknown as { params: Record<string, string> }).params.link);
}
