/**
 * The АИС's pages for the chairs of primary organisations, and the same acts as JSON for scripts. Anybody on this
 * machine is every chair: what is tried out here is the gateway.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context } from 'koa';
import { compileFile, type compileTemplate } from 'pug';
import { z } from 'zod';
import { formatCalendarDate } from '../../provider/data-rules/calendar-date.ts';
import { formatTicketNumber } from '../../provider/data-rules/ticket-number.ts';
import { CONSENT_TYPES, type Desk } from './desk.ts';
import { POWER_STATES, type Power } from './power.ts';
import type { RegistryStore } from './store.ts';

const VIEWS = fileURLToPath(new URL('./views/', import.meta.url));
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The words of the pages, so that the templates hold none of the codes. */
const WORDS = {
  state: { received: 'на рассмотрении', accepted: 'принято', returned: 'возвращено', rejected: 'отклонено' },
  ticket: {
    number_assigned: 'номер присвоен',
    ordered: 'заказан',
    in_production: 'изготавливается',
    shipped: 'отправлен',
    at_committee: 'в комитете',
    issued: 'выдан',
    blocked: 'заблокирован',
    replaced: 'заменён',
  },
  membership: {
    applicant: 'подал заявление',
    under_review: 'заявление рассматривают',
    member: 'член Профсоюза',
    suspended: 'членство приостановлено',
    ended: 'членство прекращено',
  },
  consent: {
    union_pd: 'Обработка персональных данных Профсоюзом',
    finfort_pd: 'Передача данных ООО «ФИНФОРТ»',
    union_messages: 'SMS/PUSH/Email-сообщения',
  },
  document: {
    application: 'Заявление',
    union_pd: 'Согласие на обработку персональных данных Профсоюзом',
    finfort_pd: 'Согласие на передачу данных ООО «ФИНФОРТ»',
    union_messages: 'Согласие на SMS/PUSH/Email-сообщения',
  },
  sex: { male: 'Мужской', female: 'Женский' },
  purpose: { joining: 'Вступление в Профсоюз', enrolment: 'Постановка на учёт' },
  power: { on: 'АИС работает', off: 'АИС выключена', silent: 'АИС не отвечает' },
} as const;

const reasonForm = z.object({ reason: z.string().trim().min(1).max(1_000) });
const ticketForm = z.object({ number: z.string(), state: z.enum(['issued', 'blocked']) });
const membershipForm = z.object({ membership: z.enum(['member', 'suspended', 'ended']) });
const consentsForm = z.object({
  consent: z.preprocess(
    (value) => (value === undefined ? [] : [value].flat()),
    z.array(z.enum(CONSENT_TYPES)),
  ),
  by: z.string().trim().min(1).max(200),
});
const powerForm = z.object({ state: z.enum(POWER_STATES) });

export function pageRoutes(store: RegistryStore, desk: Desk, power: Power): Router {
  const style = readFileSync(`${VIEWS}style.css`, 'utf8');
  const moment = new Intl.DateTimeFormat('ru', {
    dateStyle: 'short',
    timeStyle: 'short',
    timeZone: 'Europe/Moscow',
  });
  const common = {
    words: WORDS,
    consentTypes: CONSENT_TYPES,
    moment: (iso: string) => moment.format(new Date(iso)),
    day: formatCalendarDate,
    ticketNumber: formatTicketNumber,
    nameOf: ({ family, given, middle = '' }: { family: string; given: string; middle?: string }) =>
      [family, given, middle].filter(Boolean).join(' '),
  };
  const page = (view: string) => {
    const template: compileTemplate = compileFile(`${VIEWS}${view}.pug`);
    return (locals: object) => template({ ...common, power: power.state(), ...locals });
  };
  const [start, organisationPage, applicationPage, cardPage] = [
    page('start'),
    page('organisation'),
    page('application'),
    page('card'),
  ] as const;

  const router = new Router();
  router.use(async (ctx, next) => {
    ctx.set('Content-Security-Policy', PAGE_POLICY);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Referrer-Policy', 'same-origin');
    ctx.set('Cache-Control', 'no-store');
    await next();
  });
  router.use(bodyParser({ enableTypes: ['form', 'json'] }));

  router.get('/', (ctx) => {
    const waiting = (id: string) =>
      store.applicationsOf(id).filter(({ state }) => state === 'received').length;
    ctx.body = start({
      organisations: store
        .organisations()
        .map((organisation) => ({ ...organisation, waiting: waiting(organisation.id) })),
    });
  });
  router.get('/style.css', (ctx) => {
    ctx.type = 'css';
    ctx.body = style;
  });
  router.get('/organisations/:id', (ctx) => {
    const id = ctx.params.id ?? '';
    const organisation = store.organisation(id) ?? ctx.throw(404);
    ctx.body = organisationPage({
      organisation,
      applications: store.applicationsOf(id),
      cards: store.cardsOf(id),
    });
  });

  router.get('/applications', (ctx) => {
    ctx.body = store.applications();
  });
  router.get('/applications/:id', (ctx) => {
    const stored = store.application(ctx.params.id ?? '') ?? ctx.throw(404);
    if (wantsJson(ctx)) ctx.body = stored;
    else {
      const card = stored.memberId === undefined ? undefined : store.card(stored.memberId);
      ctx.body = applicationPage({
        ...stored,
        organisation: store.organisation(stored.application.organisationId),
        card,
      });
    }
  });
  const decision = (path: string, act: (id: string, ctx: Context) => boolean) =>
    router.post(`/applications/:id/${path}`, (ctx) => {
      const id = ctx.params.id ?? '';
      if (!store.application(id)) ctx.throw(404);
      if (!act(id, ctx)) ctx.throw(409);
      done(ctx, `/applications/${encodeURIComponent(id)}`, store.application(id));
    });
  decision('accept', (id) => desk.accept(id));
  decision('return', (id, ctx) => desk.decline(id, 'returned', formOf(ctx, reasonForm).reason));
  decision('reject', (id, ctx) => desk.decline(id, 'rejected', formOf(ctx, reasonForm).reason));

  router.get('/members/:id', (ctx) => {
    const card = store.card(ctx.params.id ?? '') ?? ctx.throw(404);
    if (wantsJson(ctx)) ctx.body = card;
    else ctx.body = cardPage({ card, organisation: store.organisation(card.organisationId) });
  });
  const cardAct = (path: string, act: (id: string, ctx: Context) => boolean) =>
    router.post(`/members/:id/${path}`, (ctx) => {
      const id = ctx.params.id ?? '';
      if (!act(id, ctx)) ctx.throw(404);
      done(ctx, `/members/${encodeURIComponent(id)}`, store.card(id));
    });
  cardAct('ticket', (id, ctx) => {
    const { number, state } = formOf(ctx, ticketForm);
    return desk.setTicket(id, number, state);
  });
  cardAct('replace-ticket', (id) => desk.replaceTicket(id));
  cardAct('membership', (id, ctx) => desk.setMembership(id, formOf(ctx, membershipForm).membership));
  cardAct('consents', (id, ctx) => {
    const { consent, by } = formOf(ctx, consentsForm);
    return desk.setConsents(id, new Set(consent), by);
  });

  router.post('/power', (ctx) => {
    power.turn(formOf(ctx, powerForm).state);
    done(ctx, '/', { state: power.state() });
  });
  return router;
}

function formOf<T>(ctx: Context, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(ctx.request.body);
  if (parsed.success) return parsed.data;
  return ctx.throw(400, z.prettifyError(parsed.error));
}

const wantsJson = (ctx: Context): boolean => ctx.accepts('html', 'json') === 'json';

/** A person goes back to the page, a script is told how it is now. */
function done(ctx: Context, to: string, now: unknown): void {
  if (wantsJson(ctx)) {
    ctx.body = now;
    return;
  }
  ctx.status = 303;
  ctx.redirect(to);
}
