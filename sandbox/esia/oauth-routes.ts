/** The endpoints of both generations: authorize, token, logout, and the published certificates. */
import { randomUUID } from 'node:crypto';
import Router from '@koa/router';
import type { Context } from 'koa';
import type { Protocol } from '../../adapters/upstream/esia/layouts.ts';
import { ENDPOINTS } from '../../adapters/upstream/esia/requests.ts';
import { breakCall, throwIfTold } from './break-call.ts';
import { EsiaError } from './esia-error.ts';
import { trim } from './grants.ts';
import { answerWithCode, answerWithError, SESSION_COOKIE } from './login-routes.ts';
import { readForm } from './read-form.ts';
import {
  isWithin,
  type Rules,
  readAuthorization,
  readReturnAddress,
  readTokenRequest,
} from './read-request.ts';
import type { Scene } from './scene.ts';
import { type BrowserSession, makeTokens } from './tokens.ts';

export function oauthRoutes(scene: Scene): Router {
  const router = new Router();
  const { faults, log } = scene;

  for (const protocol of ['v1', 'v2'] as const) {
    const { authorize, token } = ENDPOINTS[protocol];
    router.get(
      authorize,
      breakCall(() => faults.now().ac),
      (ctx) => authorizeBy(ctx, protocol),
    );
    router.use(
      token,
      breakCall(() => faults.now().te),
    );
    router.post(token, (ctx) => tokenBy(ctx, protocol));
    router.get(token, (ctx) => {
      ctx.status = 405;
    });
  }

  router.get('/idp/ext/Logout', (ctx) => {
    scene.sessions.delete(ctx.cookies.get(SESSION_COOKIE) ?? '');
    ctx.cookies.set(SESSION_COOKIE, null);
    const address = URL.parse(String(ctx.query.redirect_url ?? ''));
    const domains = scene.systems.get(String(ctx.query.client_id))?.redirect_domains ?? [];
    if (address && domains.some((domain) => isWithin(address.hostname, domain)))
      return ctx.redirect(address.href);
    ctx.body = 'Вы вышли из учётной записи стенда.';
  });

  router.get('/public/', (ctx) => {
    ctx.body = ['esia.zip', ...scene.authority.published().map(({ name }) => name)].join('\n');
  });
  router.get('/public/esia.zip', (ctx) => {
    ctx.type = 'application/zip';
    ctx.body = scene.authority.archive();
  });
  router.get('/public/:name', (ctx) => {
    const file = scene.authority.published().find(({ name }) => name === ctx.params.name);
    ctx.body = file?.pem ?? ctx.throw(404);
    ctx.type = 'application/x-pem-file';
  });
  return router;

  async function authorizeBy(ctx: Context, protocol: Protocol): Promise<void> {
    const params = new URLSearchParams(ctx.search);
    const mnemonic = params.get('client_id') ?? '';
    const rules = rulesFor(protocol);
    const told = (outcome: string, why: readonly string[] = []) =>
      log.add({ endpoint: ENDPOINTS[protocol].authorize, mnemonic, outcome, why });
    let returnTo: string | undefined;
    try {
      returnTo = readReturnAddress(params, rules).redirectUri;
      throwIfTold(faults.now().ac);
      const request = readAuthorization(params, rules);
      told('ok');
      const session = sessionOf(ctx);
      if (session && scene.autoLogin) return answerWithCode(ctx, scene, request, session);
      const id = randomUUID();
      scene.waiting.set(id, { request, ...(session && { session }) });
      trim(scene.waiting);
      ctx.redirect(session ? `/login/${id}/consent` : `/login/${id}`);
    } catch (error) {
      if (!(error instanceof EsiaError)) throw error;
      told(error.code, error.why);
      // Without an address that is known to be the system's, the person stays on ESIA's own page.
      if (returnTo === undefined) throw error;
      answerWithError(ctx, returnTo, params.get('state') ?? undefined, error);
    }
  }

  async function tokenBy(ctx: Context, protocol: Protocol): Promise<void> {
    const form = await readForm(ctx);
    const told = (outcome: string, why: readonly string[] = []) =>
      log.add({ endpoint: ENDPOINTS[protocol].token, mnemonic: form?.get('client_id') ?? '', outcome, why });
    ctx.set('Cache-Control', 'no-store');
    try {
      throwIfTold(faults.now().te);
      const request = readTokenRequest(form, rulesFor(protocol));
      const now = scene.now();
      const { granted, refreshToken } = scene.grants.redeem(request, now);
      told('ok');
      ctx.body = {
        ...makeTokens(granted, request.state, {
          authority: scene.authority,
          issuer: scene.issuer,
          now,
          faults: faults.now(),
        }),
        ...(refreshToken !== undefined && { refresh_token: refreshToken }),
      };
    } catch (error) {
      if (!(error instanceof EsiaError)) throw error;
      const notForm = form ? [] : ['Тело запроса – не application/x-www-form-urlencoded.'];
      told(error.code, [...notForm, ...error.why]);
      ctx.status = { 'ESIA-007007': 500, 'ESIA-007008': 503 }[error.code as string] ?? 400;
      ctx.body = {
        error: error.error,
        error_description: error.message,
        ...(form?.get('state') && { state: form.get('state') }),
      };
    }
  }

  function rulesFor(protocol: Protocol): Rules {
    const { systems, toleranceSeconds } = scene;
    return { systems, protocol, now: scene.now(), toleranceSeconds };
  }

  function sessionOf(ctx: Context): BrowserSession | undefined {
    const { autoLogin } = scene;
    if (!autoLogin) return scene.sessions.get(ctx.cookies.get(SESSION_COOKIE) ?? '');
    return {
      sid: randomUUID(),
      person: autoLogin,
      authTime: Math.floor(scene.now().getTime() / 1_000),
      method: 'PWD',
    };
  }
}
