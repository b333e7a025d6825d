/**
 * The phone's side of a sign-in by QR code: who is asked signs in here first, sees what asks, and names the number on the
 * computer's screen. A picture that somebody sends her shows no number she could see (relayed codes).
 */
import Router from '@koa/router';
import type Provider from 'oidc-provider';
import type { Session } from 'oidc-provider';
import { z } from 'zod';
import type { AccountStore } from '../../adapters/account-store/account-store.ts';
import type { ClientMetadata } from '../../adapters/client-store/client-store.ts';
import type { Limiter } from '../../adapters/limiter/limiter.ts';
import type { Events } from '../events/events.ts';
import type { GatewayContext, GatewayState } from '../http/context.ts';
import { formBody, type ReadForm } from '../http/form.ts';
import type { FieldProblem } from '../http/screens/shared.ts';
import { clientView } from '../interactions/client-view.ts';
import { liveSession } from '../interactions/finish.ts';
import { looksLikeLink } from '../login/fresh-secret.ts';
import { looksLikeSpokenCode, typedSpokenCode } from '../login/spoken-code.ts';
import type { ClientDirectory } from '../oidc/clients.ts';
import { type OwnPages, ownClient, ownRequest } from '../oidc/own-pages.ts';
import { signsIn } from '../oidc/standing.ts';
import { markOf, QR_SECONDS, type QrAnswer, type QrQuestion, type QrSignIns } from './qr-sign-ins.ts';

export const QR_CLIENT_ID = 'qr';
const QR: OwnPages = { clientId: QR_CLIENT_ID, name: 'Вход по QR-коду', entryPath: '/qr/enter' };

/** How often codes may be typed from one network: a whole school sits behind one address. */
export const TYPED_CODES_PER_SOURCE = { points: 60, seconds: 10 * 60 } as const;

export const qrClient = (issuer: string): ClientMetadata => ownClient(QR, issuer);

export type QrRoutesNeeds = {
  readonly provider: Provider;
  readonly accounts: Pick<AccountStore, 'find'>;
  readonly clients: ClientDirectory;
  readonly qrSignIns: QrSignIns;
  readonly typedCodes: Limiter;
  readonly events: Pick<Events, 'qrAnswered'>;
  readonly readForm: ReadForm;
  readonly secure: boolean;
};

const codeForm = { code: z.string().max(100) };
const REFUSE = 'refuse';
const answerForm = { question: z.string().max(64), answer: z.string().regex(/^(\d\d|refuse)$/) };

type Asked = { readonly secret: string; readonly question: QrQuestion };

export function qrRoutes(needs: QrRoutesNeeds): Router<GatewayState> {
  const { provider, accounts, clients, qrSignIns, typedCodes, events, readForm, secure } = needs;
  const router = new Router<GatewayState>({ prefix: '/qr', exclusive: true });
  const cookie = secure ? '__Secure-qr-question' : 'qr-question';
  const options = { signed: false, httpOnly: true, sameSite: 'lax', secure, path: '/qr' } as const;

  const lead = (ctx: GatewayContext, path: string) => {
    ctx.status = 303;
    ctx.redirect(path);
  };
  const keep = (ctx: GatewayContext, secret: string) => {
    ctx.cookies.set(cookie, secret, { ...options, maxAge: QR_SECONDS * 1_000 });
    lead(ctx, '/qr');
  };
  const askForCode = (ctx: GatewayContext, problem?: FieldProblem<'code'>) => {
    ctx.render('qr/code', { action: '/qr/code', ...(problem && { problem }) });
  };
  const gone = (ctx: GatewayContext) => {
    ctx.cookies.set(cookie, null, options);
    ctx.status = 410;
    ctx.render('qr/gone', {});
  };
  /** Undefined after the answer. */
  const asked = async (ctx: GatewayContext): Promise<Asked | undefined> => {
    const secret = ctx.cookies.get(cookie, { signed: false });
    const question = secret === undefined ? undefined : await qrSignIns.question(secret);
    if (secret !== undefined && question && question.consumed === undefined) return { secret, question };
    gone(ctx);
    return undefined;
  };
  /** Who answers; undefined after having sent the phone to sign in. */
  const answering = async (ctx: GatewayContext, { question }: Asked) => {
    const session = await liveSession(provider, ctx);
    const account = session && (await accounts.find(session.accountId));
    const isIn = session && account && signsIn(account, session);
    if (isIn && (session.loginTs ?? 0) >= question.notBefore) return session;
    // Signed in, but too long ago for the portal that the computer is on the way to.
    lead(ctx, ownRequest(QR, provider.issuer, '/qr', isIn ? { prompt: 'login' } : {}));
    return undefined;
  };
  const show = async (ctx: GatewayContext, { secret, question }: Asked) => {
    const { clientId, device, network, choices } = question;
    ctx.render('qr/question', {
      client: clientView(clientId, await clients.record(clientId)),
      ...{ device, network, choices, question: markOf(secret), action: '/qr' },
    });
  };

  router.get('/', async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    if (ctx.cookies.get(cookie, { signed: false }) === undefined) return askForCode(ctx);
    const found = await asked(ctx);
    if (found && (await answering(ctx, found))) await show(ctx, found);
  });

  router.post('/', formBody() as never, async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const form = readForm(ctx, answerForm);
    const found = await asked(ctx);
    const session = found && (await answering(ctx, found));
    if (!found || !session) return;
    // Another code was scanned since this page was shown: it is not the one that was read.
    if (form.question !== markOf(found.secret)) return lead(ctx, '/qr');
    const answer = answerOf(found.question, session, form.answer);
    if (!(await qrSignIns.answer(found.secret, answer))) return gone(ctx);
    await events.qrAnswered(ctx.state.origin, {
      ...{ accountId: session.accountId, clientId: found.question.clientId, answer: answer.kind },
    });
    ctx.cookies.set(cookie, null, options);
    lead(ctx, `/qr/${answer.kind}`);
  });

  router.post('/code', formBody() as never, async (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const code = typedSpokenCode(readForm(ctx, codeForm).code);
    const { allowed, retryAfter } = await typedCodes.take(ctx.state.origin.source);
    if (!allowed) {
      ctx.status = 429;
      const params = { minutes: Math.ceil(retryAfter / 60) };
      return askForCode(ctx, { field: 'form', code: 'throttled', params });
    }
    const secret = looksLikeSpokenCode(code) ? await qrSignIns.secretOf(code) : undefined;
    if (secret !== undefined) return keep(ctx, secret);
    ctx.status = 422;
    askForCode(ctx, { field: 'code', code: code === '' ? 'code_missing' : 'qr_code_unknown' });
  });

  /**
   * What the picture leads to: the secret leaves the address bar at once. Nothing is spent by
   * looking. Before the others, because of several matches the last one counts.
   */
  router.get('/:secret', (raw) => {
    const ctx = raw as unknown as GatewayContext;
    const secret = ctx.path.slice('/qr/'.length);
    return looksLikeLink(secret) ? keep(ctx, secret) : gone(ctx);
  });

  for (const kind of ['confirmed', 'refused', 'wrong_number'] as const) {
    router.get(`/${kind}`, (raw) => {
      (raw as unknown as GatewayContext).render('qr/answered', { kind });
    });
  }
  /** Back from signing in on the phone. */
  router.get('/enter', (raw) => {
    const ctx = raw as unknown as GatewayContext;
    lead(ctx, ctx.query.error === undefined ? '/qr' : '/');
  });

  return router;
}

function answerOf({ number }: QrQuestion, session: Session & { accountId: string }, given: string): QrAnswer {
  if (given === REFUSE) return { kind: 'refused' };
  if (Number(given) !== number) return { kind: 'wrong_number' };
  const { accountId, acr, amr = [], loginTs: since = 0 } = session;
  return { kind: 'confirmed', accountId, amr, since, ...(acr !== undefined && { acr }) };
}
