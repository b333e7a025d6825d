/** oidcc-rp-initiated-logout-certification-test-plan: OpenID Connect RP-Initiated Logout 1.0. */

import assert from 'node:assert/strict';
import * as breaks from '../support/breaks.ts';
import { type Flow, happyFlow } from '../support/flow.ts';
import type { Module } from '../support/run-plan.ts';
import type { Server } from '../support/server.ts';
import { assertSentTo, assertSignedOut, assertStays, signOut } from '../support/sign-out.ts';
import { assertEndpoint, metadataOf } from './config.ts';

const STATE = 'a-state-of-the-suite';
const endpointIsMissing = breaks.metadata('there is no end_session_endpoint', (body) => {
  delete body.end_session_endpoint;
});

type Parameters = Readonly<Record<string, string>>;

const everything = ({ first }: Server, { tokens }: Flow): Parameters => ({
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: first.postLogoutRedirectUri,
  state: STATE,
});

/** Whoever proves who she is leaves at once, to where she asked to be sent. */
const leaves = (changes: (all: Parameters) => Parameters, state: string | null) =>
  async function check(server: Server): Promise<void> {
    const flow = await happyFlow(server);
    const page = await signOut(server, flow, changes(everything(server, flow)));
    const answer = assertSentTo(page, server.first.postLogoutRedirectUri);
    assert.equal(answer.get('state'), state, 'state is not the one that was sent');
    await assertSignedOut(server, flow);
  };

/** Signed out, and nobody is sent anywhere. */
const stays = (changes: (all: Parameters) => Parameters) =>
  async function check(server: Server): Promise<void> {
    const flow = await happyFlow(server);
    const page = await signOut(server, flow, changes(everything(server, flow)));
    assertStays(server, page, 200);
    await assertSignedOut(server, flow);
  };

const refused = (changes: (all: Parameters) => Parameters) =>
  async function check(server: Server): Promise<void> {
    const flow = await happyFlow(server);
    assertStays(server, await signOut(server, flow, changes(everything(server, flow))), 400);
  };

const without =
  (...names: readonly string[]) =>
  (all: Parameters): Parameters =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));

/** Other claims under the same signature. */
function modified(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'somebody-else' })).toString('base64url');
  return [header, changed, signature].join('.');
}

export const rpInitiatedLogout: readonly Module[] = [
  {
    name: 'oidcc-rp-initiated-logout-discovery-endpoint-verification',
    check: async (server) => assertEndpoint(await metadataOf(server), 'end_session_endpoint'),
    brokenBy: [[endpointIsMissing, /end_session_endpoint is no https/]],
  },
  {
    name: 'oidcc-rp-initiated-logout',
    check: leaves((all) => all, STATE),
    brokenBy: [
      [breaks.sessionsGoOn, /a code where an error was expected/],
      [breaks.withoutState, /state is not/],
    ],
  },
  {
    name: 'oidcc-rp-initiated-logout-bad-post-logout-redirect-uri',
    check: refused((all) => ({ ...all, post_logout_redirect_uri: 'https://bad.example.test/signed-out' })),
    brokenBy: [[breaks.anyPostLogoutRedirectUri, /was sent to https:\/\/bad/]],
  },
  {
    name: 'oidcc-rp-initiated-logout-modified-id-token-hint',
    check: refused((all) => ({ ...all, id_token_hint: modified(all.id_token_hint ?? '') })),
    brokenBy: [[breaks.unverifiedSignOut, /was sent to/]],
  },
  {
    name: 'oidcc-rp-initiated-logout-no-id-token-hint',
    check: stays(without('id_token_hint')),
    brokenBy: [
      [breaks.unverifiedSignOut, /was sent to/],
      [breaks.sessionsGoOn, /a code where an error was expected/],
    ],
  },
  {
    name: 'oidcc-rp-initiated-logout-no-params',
    check: stays(without('id_token_hint', 'post_logout_redirect_uri', 'state')),
    brokenBy: [[breaks.sessionsGoOn, /a code where an error was expected/]],
  },
  {
    name: 'oidcc-rp-initiated-logout-no-post-logout-redirect-uri',
    check: stays(without('post_logout_redirect_uri', 'state')),
    brokenBy: [[breaks.sessionsGoOn, /a code where an error was expected/]],
  },
  {
    name: 'oidcc-rp-initiated-logout-no-state',
    check: leaves(without('state'), null),
    brokenBy: [[breaks.inventedState, /state is not/]],
  },
  {
    name: 'oidcc-rp-initiated-logout-only-state',
    check: stays(without('id_token_hint', 'post_logout_redirect_uri')),
    brokenBy: [[breaks.sessionsGoOn, /a code where an error was expected/]],
  },
  {
    name: 'oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri',
    check: refused((all) => ({
      ...all,
      post_logout_redirect_uri: `${all.post_logout_redirect_uri}?foo=bar`,
    })),
    brokenBy: [[breaks.anyPostLogoutRedirectUri, /was sent to/]],
  },
  {
    name: 'oidcc-rp-initiated-logout-bad-id-token-hint',
    check: refused((all) => ({ ...all, id_token_hint: 'no.id.token' })),
    brokenBy: [[breaks.unverifiedSignOut, /was sent to/]],
  },
];
