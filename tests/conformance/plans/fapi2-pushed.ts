/** fapi2-security-profile-final-test-plan: the modules about the reference that stands for a pushed request. */
import assert from 'node:assert/strict';
import { authorizationRequest, codeOf, newcomer } from '../support/authorize.ts';
import * as breaks from '../support/breaks.ts';
import type { Module } from '../support/run-plan.ts';
import { assertNoCode, push, strictFlow, unpushable, visit } from '../support/strict-flow.ts';
import { post } from '../support/token-endpoint.ts';

export const pushedModules: readonly Module[] = [
  {
    name: 'fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds',
    async check(server) {
      const { strict } = server;
      const pushed = await push(server, strict);
      const reference = new URLSearchParams({ client_id: strict.id, request_uri: pushed.uri });
      const browser = newcomer(server);
      const look = await browser.visitor.open(`${server.issuer}/auth?${reference}`);
      assert.equal(look.status, 200, `the first visit ended with ${look.status}`);
      codeOf(server, strict, await visit(server, strict, pushed, browser));
    },
    brokenBy: [[breaks.oneVisit, /ended on a page of the gateway/]],
  },
  {
    name: 'fapi2-security-profile-final-par-attempt-reuse-request_uri',
    async check(server) {
      const { strict } = server;
      const pushed = await push(server, strict);
      const browser = newcomer(server);
      codeOf(server, strict, await visit(server, strict, pushed, browser));
      assertNoCode(server, await visit(server, strict, pushed, browser));
    },
    brokenBy: [[breaks.requestUrisForEver, /a code where an error was expected/]],
  },
  {
    name: 'fapi2-security-profile-final-par-attempt-to-use-expired-request_uri',
    async check(server) {
      const { strict } = server;
      const pushed = await push(server, strict);
      server.later(Number(pushed.answer.body.expires_in) + 1);
      assertNoCode(server, await visit(server, strict, pushed));
    },
    brokenBy: [
      [breaks.clockStandsStill, /a code where an error was expected/],
      [breaks.requestUrisForEver, /a code where an error was expected/],
    ],
  },
  {
    name: 'fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client',
    async check(server) {
      const pushed = await push(server, server.strict);
      assertNoCode(server, await visit(server, server.otherStrict, pushed));
    },
    brokenBy: [[breaks.requestUrisForEver, /a code where an error was expected/]],
  },
  {
    name: 'fapi2-security-profile-final-par-authorization-request-containing-request_uri-form-param',
    check: unpushable(
      { request_uri: 'urn:ietf:params:oauth:request_uri:another' },
      /^(invalid_request|invalid_request_object|request_uri_not_supported)$/,
    ),
    brokenBy: [
      [breaks.pushes('request_uri is overlooked', (form) => form.delete('request_uri')), /answered 201/],
    ],
  },
  {
    name: 'fapi2-security-profile-final-par-attempt-invalid-http-method',
    async check(server) {
      const { strict } = server;
      const pkce = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
      const fields = Object.fromEntries(authorizationRequest(server, strict, pkce));
      const { status } = await post(server, strict, '/request', fields, {}, 'PUT');
      assert.ok(status >= 400 && status < 500, `PUT was answered by ${status}`);
    },
    brokenBy: [[breaks.putIsPost, /PUT was answered by 201/]],
  },
  {
    name: 'fapi2-security-profile-final-par-ensure-pkce-required',
    check: unpushable({ code_challenge: null, code_challenge_method: null }, /^invalid_request$/),
    brokenBy: [[breaks.anyVerifier, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-par-plain-pkce-rejected',
    check: unpushable({ code_challenge_method: 'plain' }, /^invalid_request$/),
    brokenBy: [[breaks.anyVerifier, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-par-without-duplicate-parameters',
    check: async (server) => void (await strictFlow(server)),
    brokenBy: [[breaks.saidTwice, /ended on a page of the gateway/]],
  },
];
