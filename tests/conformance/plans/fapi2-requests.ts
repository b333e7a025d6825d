/** fapi2-security-profile-final-test-plan: the modules about authorization requests, pushed as they must be. */
import assert from 'node:assert/strict';
import {
  authorizationRequest,
  browse,
  type Changes,
  codeOf,
  errorOf,
  newcomer,
} from '../support/authorize.ts';
import * as breaks from '../support/breaks.ts';
import type { Module } from '../support/run-plan.ts';
import type { Server } from '../support/server.ts';
import {
  assertNoCode,
  assertPushed,
  holder,
  proof,
  push,
  redeemBound,
  strictFlow,
  unpushable,
  visit,
} from '../support/strict-flow.ts';
import type { Answer } from '../support/token-endpoint.ts';
import { assertEndpoint, assertList, metadataOf } from './config.ts';

const succeeds = (changes: Changes) => async (server: Server) => {
  await strictFlow(server, changes);
};

/** What is said beside the reference counts for nothing. */
const ignoresBeside =
  (beside: Record<string, string>, changes: Changes = {}) =>
  async (server: Server) => {
    const { strict } = server;
    const pushed = await push(server, strict, changes);
    assertPushed(pushed);
    const authorization = await visit(server, strict, pushed, newcomer(server), beside);
    if (authorization.answer?.has('error')) return assertNoCode(server, authorization);
    codeOf(server, strict, authorization);
  };

const foreignResponseType = breaks.pushes('every response_type is code', (form) => {
  form.set('response_type', 'code');
});
const foreignRedirectUri = breaks.pushes('every redirect_uri is the registered one', (form, { strict }) => {
  form.set('redirect_uri', strict.redirectUri);
});
const reordered = breaks.pushes('the order of scopes matters', (form) => {
  if (form.get('scope')?.endsWith('openid')) form.set('scope', 'email');
});
const claimless = breaks.pushes('claims is ignored', (form) => form.delete('claims'));
const noncely = breaks.pushes('a nonce is made up', (form) => form.set('nonce', 'x'));

export const requestModules: readonly Module[] = [
  {
    name: 'fapi2-security-profile-final-discovery-end-point-verification',
    async check(server) {
      const metadata = await metadataOf(server);
      assertEndpoint(metadata, 'pushed_authorization_request_endpoint');
      assertList(metadata, 'code_challenge_methods_supported', ['S256']);
      assertList(metadata, 'token_endpoint_auth_methods_supported', ['private_key_jwt']);
      assertList(metadata, 'token_endpoint_auth_signing_alg_values_supported', ['PS256', 'ES256']);
      assertList(metadata, 'dpop_signing_alg_values_supported', ['ES256']);
      assertList(metadata, 'id_token_signing_alg_values_supported', ['ES256']);
      assert.equal(metadata.authorization_response_iss_parameter_supported, true, 'no iss in answers');
      for (const name of ['token_endpoint_auth', 'dpop', 'id_token']) {
        const offered = metadata[`${name}_signing_alg_values_supported`] as string[];
        assert.ok(!offered.includes('none'), `${name}: alg none is offered`);
      }
    },
    brokenBy: [
      [
        breaks.metadata('plain PKCE alone is offered', (body) => {
          body.code_challenge_methods_supported = ['plain'];
        }),
        /lacks S256/,
      ],
      [
        breaks.metadata('requests cannot be pushed', (body) => {
          delete body.pushed_authorization_request_endpoint;
        }),
        /pushed_authorization_request_endpoint is no https/,
      ],
      [
        breaks.metadata('unsigned assertions are offered', (body) => {
          body.token_endpoint_auth_signing_alg_values_supported = ['PS256', 'ES256', 'none'];
        }),
        /alg none is offered/,
      ],
    ],
  },
  {
    name: 'fapi2-security-profile-final-user-rejects-authentication',
    async check(server) {
      for (const client of [server.strict, server.otherStrict]) {
        const browser = newcomer(server);
        const pushed = await push(server, client);
        const authorization = await visit(server, client, pushed, { ...browser, rejects: true });
        assert.equal(errorOf(server, authorization), 'access_denied', 'the refusal was not told as one');
      }
    },
    brokenBy: [[breaks.anotherError, /was not told as one/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-authorization-request-without-state-success',
    check: succeeds({ state: null }),
    brokenBy: [[breaks.inventedState, /state is not/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-authorization-request-without-nonce-success',
    check: succeeds({ nonce: null }),
    brokenBy: [[noncely, /nonce is not/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-authorization-request-with-64-char-nonce-success',
    check: succeeds({ nonce: 'n'.repeat(64) }),
    brokenBy: [[breaks.shortNonce, /nonce is not/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-other-scope-order-succeeds',
    check: succeeds({ scope: 'email openid' }),
    brokenBy: [[reordered, /no id_token|invalid_scope|refused|pushing was answered/]],
  },
  {
    name: 'fapi2-security-profile-final-test-claims-parameter-identity-claims',
    async check(server) {
      const wanted = ['name', 'family_name', 'given_name', 'email', 'phone_number', 'locale'];
      assertList(await metadataOf(server), 'claims_supported', wanted);
      const userinfo = Object.fromEntries(wanted.map((name) => [name, null]));
      const { claims } = await strictFlow(server, { claims: JSON.stringify({ userinfo }) });
      for (const name of wanted) assert.ok(name in claims, `${name} was asked for, and not told`);
    },
    brokenBy: [
      [claimless, /name was asked for/],
      [breaks.withoutClaim('email'), /email was asked for/],
    ],
  },
  {
    name: 'fapi2-security-profile-final-ensure-different-nonce-inside-and-outside-request-object',
    async check(server) {
      const { strict } = server;
      const pushed = await push(server, strict);
      const browser = newcomer(server);
      const authorization = await visit(server, strict, pushed, browser, { nonce: 'outside' });
      if (authorization.answer?.has('error')) return assertNoCode(server, authorization);
      const code = codeOf(server, strict, authorization);
      const dpop = await proof(await holder(), 'POST', `${server.issuer}/token`);
      const answer = await redeemBound(server, strict, code, { verifier: pushed.verifier, proof: dpop });
      assert.equal(nonceOf(answer), pushed.request.get('nonce'), 'nonce is the one from outside');
    },
    brokenBy: [[breaks.outsideCounts, /nonce is the one from outside/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-different-state-inside-and-outside-request-object',
    check: ignoresBeside({ state: 'outside' }),
    brokenBy: [[breaks.outsideCounts, /state is not/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-authorization-request-with-long-nonce',
    check: succeeds({ nonce: 'n'.repeat(384) }),
    brokenBy: [[breaks.shortNonce, /nonce is not/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-authorization-request-with-long-state',
    check: succeeds({ state: 's'.repeat(1_000) }),
    brokenBy: [[breaks.shortState, /state is not/]],
  },
  {
    name: 'fapi2-security-profile-final-state-only-outside-request-object-not-used',
    check: ignoresBeside({ state: 'outside' }, { state: null }),
    brokenBy: [[breaks.outsideCounts, /state is not/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails',
    check: unpushable({ redirect_uri: null }, /^invalid_request$/),
    brokenBy: [[foreignRedirectUri, /endpoint answered 201/]],
  },
  {
    // An unregistered address may be taken from a client that has proved itself, or refused; here it is refused.
    name: 'fapi2-security-profile-final-plain-fapi-tolerate-unregistered-redirect-uri',
    check: unpushable(
      { redirect_uri: 'https://elsewhere.example.test/callback' },
      /^invalid_(request|redirect_uri)$/,
    ),
    brokenBy: [[foreignRedirectUri, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails',
    async check(server) {
      const browser = newcomer(server);
      const request = authorizationRequest(server, server.strict, {
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
      });
      const page = await browser.visitor.request(`${server.issuer}/auth?${request}`);
      assertNoCode(server, await browse(server, browser, request, page));
    },
    brokenBy: [[breaks.unpushed, /a code where an error was expected/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-redirect-uri-in-authorization-request',
    check: unpushable({ redirect_uri: null }, /^invalid_request$/),
    brokenBy: [[foreignRedirectUri, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-response-type-code-idtoken-fails',
    check: unpushable(
      { response_type: 'code id_token' },
      /^(unsupported_response_type|unauthorized_client|invalid_request)$/,
    ),
    brokenBy: [[foreignResponseType, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-response-type-token-fails',
    check: unpushable(
      { response_type: 'token' },
      /^(unsupported_response_type|unauthorized_client|invalid_request)$/,
    ),
    brokenBy: [[foreignResponseType, /endpoint answered 201/]],
  },
];

function nonceOf({ body }: Answer): unknown {
  const [, payload = ''] = String(body.id_token).split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}') as { nonce?: unknown }).nonce;
}
