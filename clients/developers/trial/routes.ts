/**
 * «Попробовать»: the authorization code flow with the developer's own application, one step at a time. Only while it is
 * in stage `test`, and only when she has let this page in as a redirect address of it.
 */
import { createHash } from 'node:crypto';
import Router from '@koa/router';
import { z } from 'zod';
import { type PortalContext, type PortalState, seeOther } from '../../relying-party/context.ts';
import { PortalError } from '../../relying-party/errors.ts';
import type { ReadForm } from '../../relying-party/forms.ts';
import { randomValue } from '../../relying-party/keyed-hash.ts';
import type { ManagementApi } from '../api/management-api.ts';
import { type Integration, integrationShape } from '../api/shapes.ts';
import { redirects } from '../applications/application-form.ts';
import { applicationOf, idOf } from '../applications/applications.ts';
import { type FieldProblem, placed } from '../field-problems.ts';
import { done } from '../notices.ts';
import { scopeOf } from '../quick-start/suiting.ts';
import type { Page, Visit } from '../visit.ts';
import { askForTokens, askForUserinfo, metadataOf, type Proof } from './exchanges.ts';
import { claimLines, parameterLines, takenApart, textIn } from './explained.ts';
import type { Trial, Trials } from './trials.ts';

const CALLBACK = '/try/callback';

const REMEMBERED = 'offline_access';

export type TrialNeeds = {
  readonly page: Page;
  readonly readForm: ReadForm;
  readonly trials: Trials;
  readonly issuer: string;
  readonly publicUrl: string;
};

export function trialRoutes({ page, readForm, trials, issuer, publicUrl }: TrialNeeds): Router<PortalState> {
  const router = new Router<PortalState>();
  const redirectUri = `${publicUrl}${CALLBACK}`;

  router.get(
    '/applications/:id/try',
    page(async ({ ctx, api, session, cookie }) => {
      const application = await applicationOf(ctx, api);
      await show(ctx, application, trials.find(session.id, cookie, application.client_id));
    }),
  );

  router.post(
    '/applications/:id/try/allow',
    page(async ({ ctx, api }) => {
      readForm(ctx, {});
      const { value: application, version } = await api.read(`/integrations/${idOf(ctx)}`, integrationShape);
      const problems = await allow(api, application, version);
      if (problems.length > 0) return show(ctx, application, undefined, problems);
      return done(ctx, `/applications/${application.client_id}/try`, 'try_allowed');
    }),
  );

  router.post(
    '/applications/:id/try/begin',
    page(async ({ ctx, api, session, cookie }) => {
      const { scope } = readForm(ctx, { scope: z.string().trim().max(500) });
      const application = await applicationOf(ctx, api);
      trials.keep(session.id, cookie, {
        ...{ clientId: application.client_id, scope },
        ...{ state: randomValue(), nonce: randomValue(), codeVerifier: randomValue() },
      });
      seeOther(ctx, `/applications/${application.client_id}/try`);
    }),
  );

  router.get(
    CALLBACK,
    page(({ ctx, session, cookie }) => {
      const { state } = ctx.query;
      const trial = typeof state === 'string' ? trials.withState(session.id, cookie, state) : undefined;
      if (!trial) throw new PortalError('sign_in_expired');
      const returned = [...new URLSearchParams(ctx.search)];
      // The answer opened twice, by the Back button: what was done with it stays.
      if (!trial.returned) trials.keep(session.id, cookie, { ...trial, returned });
      seeOther(ctx, `/applications/${trial.clientId}/try#returned`);
    }),
  );

  const step = (
    name: string,
    take: (visit: Visit, trial: Trial, application: Integration) => Promise<Trial>,
  ) =>
    router.post(
      `/applications/:id/try/${name}`,
      page(async (visit) => {
        const { ctx, api, session, cookie } = visit;
        const application = await applicationOf(ctx, api);
        const trial = trials.find(session.id, cookie, application.client_id);
        if (!trial) return seeOther(ctx, `/applications/${application.client_id}/try`);
        trials.keep(session.id, cookie, await take(visit, trial, application));
        return seeOther(ctx, `/applications/${application.client_id}/try#${name}`);
      }),
    );

  step('token', async ({ ctx }, trial, application) => {
    const proof = proofIn(ctx, readForm, application);
    const code = trial.returned?.find(([name]) => name === 'code')?.[1];
    if (code === undefined) throw new PortalError('bad_request');
    const { token_endpoint } = await metadataOf(issuer);
    const grant = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
    const token = await askForTokens(token_endpoint, { ...grant, code_verifier: trial.codeVerifier }, proof);
    return { ...trial, token, ...tokensIn(token.answer) };
  });

  step('userinfo', async ({ ctx }, trial) => {
    readForm(ctx, {});
    if (trial.accessToken === undefined) throw new PortalError('bad_request');
    const { userinfo_endpoint } = await metadataOf(issuer);
    return { ...trial, userinfo: await askForUserinfo(userinfo_endpoint, trial.accessToken) };
  });

  step('refresh', async ({ ctx }, trial, application) => {
    const proof = proofIn(ctx, readForm, application);
    if (trial.refreshToken === undefined) throw new PortalError('bad_request');
    const { token_endpoint } = await metadataOf(issuer);
    const grant = { grant_type: 'refresh_token', refresh_token: trial.refreshToken };
    const refresh = await askForTokens(token_endpoint, grant, proof);
    return { ...trial, refresh, ...tokensIn(refresh.answer) };
  });

  return router;

  async function show(
    ctx: PortalContext,
    application: Integration,
    trial: Trial | undefined,
    problems: readonly FieldProblem[] = [],
  ): Promise<void> {
    const allowed = application.redirect_uris.includes(redirectUri);
    const metadata = allowed ? await metadataOf(issuer) : undefined;
    const url = metadata && trial && authorizationUrl(metadata.authorization_endpoint, trial);
    const logout = metadata && trial?.idToken && logoutUrl(metadata.end_session_endpoint, trial.idToken);
    ctx.render('try', {
      ...{ application, allowed, redirectUri, problems, trial, isProofWrong },
      possible: application.stage === 'test' && redirects(application.kind),
      scope: trial?.scope ?? `${scopeOf(application)} ${REMEMBERED}`,
      address: url && {
        href: url.href,
        endpoint: url.origin + url.pathname,
        lines: parameterLines(url.searchParams),
      },
      returned: trial?.returned && parameterLines(trial.returned),
      hasCode: trial?.returned?.some(([name]) => name === 'code'),
      token: exchanged(trial?.token),
      idToken: takenApart(textIn(trial?.token?.answer ?? '', 'id_token')),
      userinfo: exchanged(trial?.userinfo),
      refresh: exchanged(trial?.refresh),
      logout: logout && { href: logout.href, lines: parameterLines(logout.searchParams) },
    });
  }

  function authorizationUrl(endpoint: string, { clientId, scope, state, nonce, codeVerifier }: Trial): URL {
    const url = new URL(endpoint);
    url.search = new URLSearchParams({
      ...{ client_id: clientId, redirect_uri: redirectUri, response_type: 'code', scope, state, nonce },
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
      // A refresh token that outlives the session is a promise the person is asked for (OpenID Connect Core §11).
      ...(scope.split(' ').includes(REMEMBERED) && { prompt: 'consent' }),
    }).toString();
    return url;
  }

  function logoutUrl(endpoint: string, idToken: string): URL {
    const url = new URL(endpoint);
    url.search = new URLSearchParams({ id_token_hint: idToken }).toString();
    return url;
  }

  /** The one address of this portal that an application may name, and only while it is tried out. */
  async function allow(api: ManagementApi, application: Integration, version: string) {
    if (application.redirect_uris.includes(redirectUri)) return [];
    const sent = await api.send('PATCH', `/integrations/${application.client_id}`, {
      body: { redirect_uris: [...application.redirect_uris, redirectUri] },
      ifMatch: version,
    });
    return 'problem' in sent ? placed(sent.problem, []) : [];
  }
}

/** Used for this one request and kept nowhere. */
function proofIn(
  ctx: PortalContext,
  readForm: ReadForm,
  { client_id: clientId, authentication }: Integration,
): Proof {
  const typed = z.string().trim().max(8_000);
  if (authentication === 'secret') {
    const { client_secret: secret } = readForm(ctx, { client_secret: typed });
    return { kind: 'secret', clientId, secret };
  }
  if (authentication === 'keys') {
    const { client_assertion: assertion } = readForm(ctx, { client_assertion: typed });
    return { kind: 'assertion', clientId, assertion };
  }
  readForm(ctx, {});
  return { kind: 'none', clientId };
}

/** A failed answer has none: those from before stay. */
function tokensIn(answer: string): Partial<Trial> {
  const accessToken = textIn(answer, 'access_token');
  const refreshToken = textIn(answer, 'refresh_token');
  const idToken = textIn(answer, 'id_token');
  return {
    ...(accessToken !== undefined && { accessToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(idToken !== undefined && { idToken }),
  };
}

/** RFC 6749 §5.2: refused before the code or the token was looked at. */
const isProofWrong = ({ answer }: { readonly answer: string }): boolean =>
  textIn(answer, 'error') === 'invalid_client';

function exchanged(exchange: Trial['token']) {
  return (
    exchange && {
      ...exchange,
      sent: parameterLines(exchange.sent),
      lines: claimLines(exchange.answer),
    }
  );
}
