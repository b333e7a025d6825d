/** fapi2-security-profile-final-test-plan: the modules about codes, refresh tokens and how a client proves itself. */
import assert from 'node:assert/strict';
import { generateKeyPair } from 'jose';
import * as breaks from '../support/breaks.ts';
import { type IdToken, idTokenOf } from '../support/id-token.ts';
import type { Module } from '../support/run-plan.ts';
import type { Authentication, Client, Server } from '../support/server.ts';
import {
  codeInHand,
  type Holder,
  holder,
  proof,
  push,
  type Redemption,
  redeemBound,
  resource,
  strictFlow,
} from '../support/strict-flow.ts';
import {
  type Answer,
  assertionFields,
  assertionOf,
  assertRefused,
  claimsOf,
  post,
  tokensOf,
} from '../support/token-endpoint.ts';

type ByKey = Extract<Authentication, { by: 'private_key_jwt' }>;
const keyOf = ({ authentication }: Client): ByKey => authentication as ByKey;

const tokenProof = (server: Server, by: Holder): Promise<string> =>
  proof(by, 'POST', `${server.issuer}/token`);

/** A code in hand, redeemed in a way that must be refused. */
const unredeemable = (change: (honest: Redemption, server: Server) => Redemption, error: RegExp) =>
  async function check(server: Server): Promise<void> {
    const { client, code, verifier, by } = await codeInHand(server);
    const honest = { verifier, proof: await tokenProof(server, by) };
    assertRefused(await redeemBound(server, client, code, change(honest, server)), error);
  };

/** What the first client pushes with another assertion. */
async function pushWith(
  server: Server,
  changes: Readonly<Record<string, unknown>>,
  key: Partial<ByKey> = {},
): Promise<Answer> {
  const { strict, issuer } = server;
  const assertion = await assertionOf({ ...keyOf(strict), ...key }, strict.id, issuer, changes);
  return (await push(server, strict, assertionFields(assertion))).answer;
}

const refusesAssertion = (changes: () => Readonly<Record<string, unknown>>) => async (server: Server) => {
  assertRefused(await pushWith(server, changes()), /^invalid_client$/);
};

const now = (): number => Math.floor(Date.now() / 1_000);

async function refresh(
  server: Server,
  client: Client,
  refresh_token: string,
  dpop: string | undefined,
): Promise<Answer> {
  const fields = { grant_type: 'refresh_token', refresh_token };
  return post(server, client, '/token', fields, dpop === undefined ? {} : { dpop });
}

export const tokenModules: readonly Module[] = [
  {
    name: 'fapi2-security-profile-final-happy-flow',
    async check(server) {
      const first = await strictFlow(server);
      const second = await strictFlow(server, {}, { client: server.otherStrict });
      const { status } = await resource(server, first.tokens.access_token, second.by);
      assert.equal(status, 401, 'the token is good for whoever has it');
    },
    brokenBy: [
      [breaks.anyProof, /good for whoever has it/],
      [breaks.foreignKey, /does not verify/],
      [breaks.foreignIssInAnswers, /iss of the answer/],
    ],
  },
  {
    name: 'fapi2-security-profile-final-ensure-client-id-in-token-endpoint',
    async check(server) {
      const { client, code, verifier, by } = await codeInHand(server);
      const more = { client_id: server.otherStrict.id };
      const redemption = { verifier, proof: await tokenProof(server, by), more };
      assertRefused(await redeemBound(server, client, code, redemption), /^invalid_(client|request|grant)$/);
    },
    brokenBy: [[breaks.anyAssertion, /endpoint answered 200/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client',
    async check(server) {
      const { code, verifier, by, client } = await codeInHand(server);
      const redemption = {
        verifier,
        proof: await tokenProof(server, by),
        more: { redirect_uri: client.redirectUri },
      };
      assertRefused(await redeemBound(server, server.otherStrict, code, redemption), 'invalid_grant');
    },
    brokenBy: [[breaks.anyAssertion, /endpoint answered 200/]],
  },
  {
    name: 'fapi2-security-profile-final-attempt-reuse-authorization-code-after-one-second',
    async check(server) {
      const { client, code, verifier, by, tokens } = await strictFlow(server);
      server.later(1);
      const redemption = { verifier, proof: await tokenProof(server, by) };
      assertRefused(await redeemBound(server, client, code, redemption), 'invalid_grant');
      const { status } = await resource(server, tokens.access_token, by);
      assert.equal(status, 401, 'the access token of a code that was used twice is still good');
    },
    brokenBy: [
      [breaks.codesTwice, /endpoint answered 200/],
      [breaks.tokensOutliveTheirCode, /still good/],
    ],
  },
  {
    name: 'fapi2-security-profile-final-ensure-token-endpoint-fails-with-expired-auth-code',
    async check(server) {
      const { client, code, verifier, by } = await codeInHand(server);
      server.later(62);
      const redemption = { verifier, proof: await tokenProof(server, by) };
      assertRefused(await redeemBound(server, client, code, redemption), 'invalid_grant');
    },
    brokenBy: [[breaks.clockStandsStill, /endpoint answered 200/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-pkce-code-verifier-required',
    check: unredeemable((honest) => ({ ...honest, verifier: undefined }), /^invalid_(grant|request)$/),
    brokenBy: [[breaks.anyVerifier, /endpoint answered 200/]],
  },
  {
    name: 'fapi2-security-profile-final-incorrect-pkce-code-verifier-rejected',
    check: unredeemable((honest) => ({ ...honest, verifier: 'w'.repeat(43) }), /^invalid_grant$/),
    brokenBy: [[breaks.anyVerifier, /endpoint answered 200/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails',
    async check(server) {
      const { privateKey } = await generateKeyPair('RS256');
      const answer = await pushWith(server, {}, { key: privateKey, alg: 'RS256' });
      assertRefused(answer, /^invalid_client$/);
    },
    brokenBy: [[breaks.anyAssertion, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint',
    check: unredeemable(
      (honest) => ({ ...honest, more: { client_assertion: '', client_assertion_type: '' } }),
      /^invalid_(client|request)$/,
    ),
    brokenBy: [[breaks.anyAssertion, /endpoint answered 200/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails',
    check: refusesAssertion(() => ({ iat: now() - 360, exp: now() - 300 })),
    brokenBy: [[breaks.anyAssertion, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-client-assertion-with-wrong-aud-fails',
    check: refusesAssertion(() => ({ aud: 'https://other.example.test' })),
    brokenBy: [[breaks.anyAssertion, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-client-assertion-with-no-sub-fails',
    check: refusesAssertion(() => ({ sub: undefined })),
    brokenBy: [[breaks.anyAssertion, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-invalid-client-assertions-fail',
    async check(server) {
      const { issuer, otherStrict } = server;
      const faults: Readonly<Record<string, unknown>>[] = [
        { iss: otherStrict.id },
        { sub: otherStrict.id },
        { iss: undefined },
        { aud: undefined },
        { aud: `${issuer}/token` },
        { aud: [issuer, 'https://other.example.test'] },
        { exp: undefined },
        { jti: undefined },
        { nbf: now() + 600 },
        { exp: now() + 86_400 },
      ];
      // Whoever says two names has not even made a request.
      const refused = /^invalid_(client|request)$/;
      for (const fault of faults) assertRefused(await pushWith(server, fault), refused);
      assertRefused(await pushWith(server, {}, keyOf(otherStrict)), refused);
      const { status } = await pushWith(server, {});
      assert.equal(status, 201, 'an assertion as it should be was refused');
    },
    brokenBy: [[breaks.anyAssertion, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-refresh-token',
    async check(server) {
      const { strict, otherStrict } = server;
      for (const client of [strict, otherStrict]) {
        const changes = { scope: 'openid offline_access', prompt: 'consent' };
        const { tokens, idToken, by } = await strictFlow(server, changes, { client });
        const old = tokens.refresh_token ?? '';
        assert.notEqual(old, '', 'no refresh token');
        const thief = client === strict ? otherStrict : strict;
        const stolen = await refresh(server, thief, old, await tokenProof(server, await holder()));
        assertRefused(stolen, 'invalid_grant');
        const unproved = await refresh(server, client, old, undefined);
        assertRefused(unproved, /^invalid_(dpop_proof|grant|request)$/);
        const dpop = await tokenProof(server, by);
        const fresh = tokensOf(await refresh(server, client, old, dpop));
        const refreshed = await idTokenOf(server, client, fresh, new URLSearchParams(nonceOf(idToken)));
        assert.equal(refreshed.sub, idToken.sub, 'sub is not the one of before');
        claimsOf(await resource(server, fresh.access_token, by), idToken.sub);
      }
    },
    brokenBy: [
      [breaks.anyAssertion, /endpoint answered 200/],
      [breaks.anyProof, /endpoint answered 200/],
      [breaks.subOfRefresh, /sub is not/],
    ],
  },
];

/** OpenID Connect Core 12.2: it need not come again, and must be the same if it does. */
function nonceOf({ nonce }: IdToken): Record<string, string> {
  return typeof nonce === 'string' ? { nonce } : {};
}
