/**
 * oidcc-basic-certification-test-plan: variant discovery, static client. The plan of form posts runs the same modules.
 * Not applicable to a static client, and so not here: oidcc-idtoken-signature, oidcc-idtoken-unsigned,
 * oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported.
 */
import assert from 'node:assert/strict';
import {
  assertErrorPage,
  authorizationRequest,
  authorize,
  browse,
  errorOf,
  newcomer,
} from '../support/authorize.ts';
import * as breaks from '../support/breaks.ts';
import { completed, happyFlow } from '../support/flow.ts';
import { idTokenOf, json } from '../support/id-token.ts';
import type { Module } from '../support/run-plan.ts';
import type { Client, Server } from '../support/server.ts';
import { assertRefused, claimsOf, post, redeem, tokensOf, userinfo } from '../support/token-endpoint.ts';
import { claimsModules } from './basic-claims.ts';
import { sessionModules } from './basic-sessions.ts';

const DISCOVERY = '/.well-known/openid-configuration';

/** Whoever does not know a parameter, or cannot serve it, goes on without (OpenID Connect Core 3.1.2.1, 15.1). */
const tolerates = (name: string, parameters: Readonly<Record<string, string>>): Module => ({
  name,
  async check(server) {
    await happyFlow(server, parameters);
  },
  brokenBy: [[breaks.refuses(Object.keys(parameters)[0] ?? ''), /refused: invalid_request/]],
});

const happy = (client: (server: Server) => Client) =>
  async function check(server: Server): Promise<void> {
    const { idToken } = await happyFlow(server, {}, { client: client(server) });
    // OpenID Connect Core 5.4: with an access token to ask by, they are told at userinfo.
    for (const name of ['name', 'email']) assert.ok(!(name in idToken), `${name} in the id_token`);
  };

const byUserinfo = (by: 'get' | 'post-header' | 'post-body') => async (server: Server) => {
  const { tokens, idToken } = await happyFlow(server);
  claimsOf(await userinfo(server, tokens.access_token, by), idToken.sub);
};

const unsigned = (claims: object): string =>
  [{ alg: 'none' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.');

export const basic: readonly Module[] = [
  {
    name: 'oidcc-server',
    check: happy(({ first }) => first),
    brokenBy: [
      [breaks.foreignKey, /does not verify/],
      [breaks.noKeys, /does not verify/],
      [breaks.foreignIss, /"iss"/],
      [breaks.foreignAud, /"aud"/],
      [breaks.severalAud, /aud is not this client alone/],
      [breaks.expired, /"exp"/],
      [breaks.withoutNonce, /nonce is not/],
      [breaks.wrongAtHash, /at_hash/],
      [breaks.foreignSub, /sub of userinfo/],
      [breaks.personalIdToken, /name in the id_token/],
      [breaks.withoutState, /state is not/],
      [breaks.inventedState, /state is not/],
      [breaks.foreignIssInAnswers, /iss of the answer/],
      [breaks.shortCode, /too short/],
    ],
  },
  {
    name: 'oidcc-response-type-missing',
    async check(server) {
      const authorization = await authorize(server, server.first, { response_type: null });
      if (authorization.answer === undefined) return assertErrorPage(authorization);
      assert.match(errorOf(server, authorization), /^(invalid_request|unsupported_response_type)$/);
    },
    brokenBy: [[breaks.assumes('response_type', 'code'), /a code where an error was expected/]],
  },
  {
    name: 'oidcc-userinfo-get',
    check: byUserinfo('get'),
    brokenBy: [
      [breaks.userinfoOfSomebodyElse, /sub of userinfo/],
      [breaks.emptyClaim('name'), /name is empty/],
    ],
  },
  {
    name: 'oidcc-userinfo-post-header',
    check: byUserinfo('post-header'),
    brokenBy: [[breaks.userinfoByGetOnly, /userinfo answered 405/]],
  },
  {
    name: 'oidcc-userinfo-post-body',
    check: byUserinfo('post-body'),
    brokenBy: [[breaks.bearerOnlyInHeader, /userinfo answered 4/]],
  },
  {
    name: 'oidcc-ensure-request-without-nonce-succeeds-for-code-flow',
    async check(server) {
      await happyFlow(server, { nonce: null });
    },
    brokenBy: [
      [breaks.inventedNonce, /nonce is not/],
      [breaks.assumes('nonce', 'x'), /nonce is not/],
    ],
  },
  ...claimsModules,
  tolerates('oidcc-display-page', { display: 'page' }),
  tolerates('oidcc-display-popup', { display: 'popup' }),
  ...sessionModules,
  tolerates('oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }),
  tolerates('oidcc-login-hint', { login_hint: 'buffy@example.test' }),
  tolerates('oidcc-ui-locales', { ui_locales: 'se' }),
  tolerates('oidcc-claims-locales', { claims_locales: 'se' }),
  {
    name: 'oidcc-ensure-request-with-acr-values-succeeds',
    async check(server) {
      const offered = (await json(server, DISCOVERY)).acr_values_supported as string[];
      assert.ok(offered.length > 0, 'no acr_values_supported');
      const { idToken } = await happyFlow(server, { acr_values: offered.join(' ') });
      assert.ok(offered.includes(idToken.acr ?? ''), 'acr is none of those asked for');
    },
    brokenBy: [
      [breaks.refuses('acr_values'), /refused: invalid_request/],
      [breaks.withoutAcr, /acr is none/],
    ],
  },
  {
    name: 'oidcc-codereuse',
    async check(server) {
      const { authorization, code } = await happyFlow(server);
      assertRefused(await redeem(server, server.first, authorization, code), 'invalid_grant');
    },
    brokenBy: [[breaks.codesTwice, /endpoint answered 200/]],
  },
  {
    name: 'oidcc-codereuse-30seconds',
    async check(server) {
      const { authorization, code, tokens } = await happyFlow(server);
      server.later(30);
      assertRefused(await redeem(server, server.first, authorization, code), 'invalid_grant');
      const { status } = await userinfo(server, tokens.access_token);
      assert.equal(status, 401, 'the access token of a code that was used twice is still good');
    },
    brokenBy: [
      [breaks.codesTwice, /endpoint answered 200/],
      [breaks.tokensOutliveTheirCode, /still good/],
    ],
  },
  {
    name: 'oidcc-ensure-registered-redirect-uri',
    async check(server) {
      const redirect_uri = `${server.first.redirectUri}/unregistered`;
      assertErrorPage(await authorize(server, server.first, { redirect_uri }));
    },
    brokenBy: [[breaks.anyRedirectUri, /an answer was sent to .*unregistered/]],
  },
  {
    name: 'oidcc-ensure-post-request-succeeds',
    async check(server) {
      const browser = newcomer(server);
      const request = authorizationRequest(server, server.first);
      const headers = { origin: new URL(server.first.redirectUri).origin, 'sec-fetch-site': 'cross-site' };
      const posted = { method: 'POST', body: request, headers };
      const page = await browser.visitor.request(`${server.issuer}/auth`, posted);
      await completed(server, server.first, browser, await browse(server, browser, request, page));
    },
    brokenBy: [[breaks.getOnly, /ended on a page of the gateway \(405/]],
  },
  {
    name: 'oidcc-server-client-secret-post',
    check: happy(({ posting }) => posting),
    brokenBy: [[breaks.unreadSecretInBody, /answered 4.. invalid_/]],
  },
  {
    name: 'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
    async check(server) {
      const { first } = server;
      const inside = { client_id: first.id, nonce: 'inside', state: 'inside' };
      const authorization = await authorize(server, first, { request: unsigned(inside), nonce: null });
      const { answer, page } = authorization;
      if (answer === undefined) return assertErrorPage(authorization);
      if (answer.has('error')) {
        const rejected = /^(request_not_supported|invalid_request_object|invalid_request)$/;
        return assert.match(answer.get('error') ?? '', rejected, `at ${page.url.pathname}`);
      }
      const code = answer.get('code') ?? '';
      const tokens = tokensOf(await redeem(server, first, authorization, code));
      await idTokenOf(server, first, tokens, new URLSearchParams(inside));
    },
    brokenBy: [[breaks.ignores('request'), /nonce is not/]],
  },
  {
    name: 'oidcc-claims-essential',
    async check(server) {
      const wanted = JSON.stringify({ userinfo: { name: { essential: true } } });
      const { claims } = await happyFlow(server, { claims: wanted });
      const { claims_parameter_supported: isSupported } = await json(server, DISCOVERY);
      assert.equal(isSupported, true, 'the claims parameter is not offered');
      assert.ok(claims.name, 'no name, though it was called essential');
    },
    brokenBy: [
      [breaks.ignores('claims'), /no name/],
      [breaks.withoutClaim('name'), /no name/],
    ],
  },
  {
    name: 'oidcc-ensure-request-object-with-redirect-uri',
    async check(server) {
      const { first } = server;
      const authorization = await authorize(server, first, {
        redirect_uri: `${first.redirectUri}/unregistered`,
        request: unsigned({ client_id: first.id, redirect_uri: first.redirectUri }),
      });
      if (authorization.answer === undefined) return assertErrorPage(authorization);
      const { origin, pathname } = authorization.page.url;
      assert.equal(
        `${origin}${pathname}`,
        first.redirectUri,
        'the answer was sent to an unregistered address',
      );
    },
    brokenBy: [[breaks.anyRedirectUri, /sent to an unregistered address/]],
  },
  {
    name: 'oidcc-refresh-token',
    async check(server) {
      const { first, second } = server;
      const changes = { scope: 'openid offline_access', prompt: 'consent' };
      const { tokens, idToken, authorization } = await happyFlow(server, changes);
      assert.ok(tokens.refresh_token, 'no refresh token');
      const fields = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
      assertRefused(await post(server, second, '/token', fields), 'invalid_grant');
      const fresh = tokensOf(await post(server, first, '/token', fields));
      assert.notEqual(fresh.access_token, tokens.access_token, 'the same access token once more');
      // OpenID Connect Core 12.2: a nonce need not come again, and must be the same if it does.
      const withNonce = idToken.nonce !== undefined ? authorization.request : new URLSearchParams();
      const refreshed = await idTokenOf(server, first, fresh, withNonce);
      assert.equal(refreshed.sub, idToken.sub, 'sub is not the one of before');
      assert.equal(refreshed.auth_time, idToken.auth_time, 'auth_time is not that of the sign-in');
      claimsOf(await userinfo(server, fresh.access_token), idToken.sub);
    },
    brokenBy: [
      [breaks.refreshForEverybody, /endpoint answered 200/],
      [breaks.subOfRefresh, /sub is not the one of before/],
    ],
  },
  {
    name: 'oidcc-ensure-request-with-valid-pkce-succeeds',
    async check(server) {
      // RFC 7636 appendix B.
      const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
      const code_verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
      const authorization = await authorize(server, server.first, {
        code_challenge: challenge,
        code_challenge_method: 'S256',
      });
      const code = authorization.answer?.get('code') ?? '';
      assert.equal(
        authorization.answer?.get('error'),
        null,
        `refused: ${authorization.answer?.get('error')}`,
      );
      tokensOf(await redeem(server, server.first, authorization, code, { code_verifier }));
    },
    brokenBy: [
      [breaks.refuses('code_challenge'), /refused: invalid_request/],
      [breaks.assumes('code_challenge', 'x'.repeat(43)), /answered 400 invalid_grant/],
    ],
  },
];
