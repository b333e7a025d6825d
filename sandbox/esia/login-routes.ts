/** The pages a person sees at Gosuslugi: login by phone, e-mail or SNILS, and consent at the first use. */
import { randomUUID } from 'node:crypto';
import Router from '@koa/router';
import type { Context } from 'koa';
import { breakCall } from './break-call.ts';
import { EsiaError } from './esia-error.ts';
import { trim } from './grants.ts';
import type { Page } from './pages.ts';
import { readForm } from './read-form.ts';
import type { AuthorizationRequest } from './read-request.ts';
import type { Scene } from './scene.ts';
import { isScope, SCOPE_TEXTS } from './scopes.ts';
import { type BrowserSession, makeCode } from './tokens.ts';

export const SESSION_COOKIE = 'esia_session';

export function loginRoutes(scene: Scene, page: Page): Router {
  const router = new Router({ prefix: '/login' });
  router.use(breakCall(() => scene.faults.now().login));

  router.get('/:id', (ctx) => {
    const { request } = waitingFor(ctx);
    const way = ctx.query.way === 'qr' || ctx.query.way === 'signature' ? ctx.query.way : 'password';
    page(ctx, 'login', { id: ctx.params.id, way, system: request.system.mnemonic, people: scene.people.all });
  });

  router.post('/:id', async (ctx) => {
    const { request } = waitingFor(ctx);
    const form = await readForm(ctx);
    const { id = '' } = ctx.params;
    if (form?.get('action') === 'cancel') return refuse(ctx, id, request, new EsiaError('ESIA-007004'));
    const login = form?.get('login') ?? '';
    const bySignature = form?.get('way') === 'signature';
    const person = scene.people.byLogin(login);
    if (!person || (!bySignature && form?.get('password') !== scene.password)) {
      ctx.status = 422;
      return page(ctx, 'login', {
        id,
        way: bySignature ? 'signature' : 'password',
        login,
        wrong: true,
        system: request.system.mnemonic,
        people: scene.people.all,
      });
    }
    const session: BrowserSession = {
      sid: randomUUID(),
      person,
      authTime: Math.floor(scene.now().getTime() / 1_000),
      method: bySignature ? 'DS' : 'PWD',
    };
    scene.sessions.set(session.sid, session);
    trim(scene.sessions);
    ctx.cookies.set(SESSION_COOKIE, session.sid, { httpOnly: true, sameSite: 'lax' });
    scene.waiting.set(id, { request, session });
    ctx.redirect(`/login/${id}/consent`);
  });

  router.get('/:id/consent', (ctx) => {
    const { request, session } = signedIn(ctx);
    const missing = notAgreed(request, session);
    const { id = '' } = ctx.params;
    if (request.confirmedOnly && session.person.level !== 'confirmed') {
      return refuse(ctx, id, request, new EsiaError('ESIA-007055'));
    }
    if (missing.length > 0) {
      const { person } = session;
      return page(ctx, 'consent', {
        id,
        person,
        system: request.system.mnemonic,
        scopes: missing.map(textOf),
      });
    }
    scene.waiting.delete(id);
    answerWithCode(ctx, scene, request, session);
  });

  router.post('/:id/consent', async (ctx) => {
    const { request, session } = signedIn(ctx);
    const { id = '' } = ctx.params;
    const form = await readForm(ctx);
    if (form?.get('action') !== 'agree') return refuse(ctx, id, request, new EsiaError('ESIA-007004'));
    for (const scope of request.scopes) scene.consents.add(agreement(request, session, scope));
    ctx.redirect(`/login/${id}/consent`);
  });
  return router;

  function waitingFor(ctx: Context) {
    return scene.waiting.get(ctx.params.id ?? '') ?? ctx.throw(404);
  }

  function signedIn(ctx: Context): { request: AuthorizationRequest; session: BrowserSession } {
    const { request, session } = waitingFor(ctx);
    return session ? { request, session } : ctx.throw(404);
  }

  function notAgreed(request: AuthorizationRequest, session: BrowserSession): readonly string[] {
    return request.scopes.filter((scope) => !scene.consents.has(agreement(request, session, scope)));
  }

  function refuse(ctx: Context, id: string, request: AuthorizationRequest, error: EsiaError): void {
    scene.waiting.delete(id);
    answerWithError(ctx, request.redirectUri, request.state, error);
  }
}

/** Back to the system with a code. */
export function answerWithCode(
  ctx: Context,
  scene: Scene,
  request: AuthorizationRequest,
  session: BrowserSession,
): void {
  const now = scene.now();
  if (request.confirmedOnly && session.person.level !== 'confirmed') {
    answerWithError(ctx, request.redirectUri, request.state, new EsiaError('ESIA-007055'));
    return;
  }
  const granted = { ...request, session };
  const { authority, issuer } = scene;
  const browser = { state: request.state, ip: ctx.ip, agent: ctx.get('user-agent') };
  const code = makeCode(granted, browser, { authority, issuer, now, faults: scene.faults.now() });
  scene.grants.keepCode(code, granted, now);
  const address = new URL(request.redirectUri);
  address.searchParams.set('code', code);
  address.searchParams.set('state', request.state);
  ctx.redirect(address.href);
}

export function answerWithError(
  ctx: Context,
  redirectUri: string,
  state: string | undefined,
  { error, message }: EsiaError,
): void {
  const address = new URL(redirectUri);
  address.searchParams.set('error', error);
  address.searchParams.set('error_description', message);
  if (state !== undefined) address.searchParams.set('state', state);
  ctx.redirect(address.href);
}

const agreement = ({ system }: AuthorizationRequest, { person }: BrowserSession, scope: string): string =>
  `${system.mnemonic} ${person.oid} ${scope}`;

const textOf = (scope: string): string => (isScope(scope) ? SCOPE_TEXTS[scope] : scope);
