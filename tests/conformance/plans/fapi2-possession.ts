/** fapi2-security-profile-final-test-plan: the modules about proofs of possession, variant dpop (RFC 9449). */
import assert from 'node:assert/strict';
import { generateKeyPair, SignJWT } from 'jose';
import * as breaks from '../support/breaks.ts';
import type { Module } from '../support/run-plan.ts';
import type { Server } from '../support/server.ts';
import {
  codeInHand,
  holder,
  proof,
  push,
  redeemBound,
  resource,
  strictFlow,
} from '../support/strict-flow.ts';
import { assertRefused, claimsOf } from '../support/token-endpoint.ts';

const now = (): number => Math.floor(Date.now() / 1_000);

const acceptsProofs = (proofs: () => Readonly<Record<string, unknown>>) => async (server: Server) => {
  await strictFlow(server, {}, { proofs, pushWithProof: true });
};

const REFUSED = /^(invalid_dpop_proof|invalid_grant|invalid_request)$/;

export const possessionModules: readonly Module[] = [
  {
    name: 'fapi2-security-profile-final-access-token-type-header-case-sensitivity',
    async check(server) {
      const { tokens, by, idToken } = await strictFlow(server);
      for (const scheme of ['dpop', 'DPOP']) {
        claimsOf(await resource(server, tokens.access_token, by, { scheme }), idToken.sub);
      }
    },
    brokenBy: [[breaks.oneSpellingOfTheScheme, /userinfo answered 401/]],
  },
  {
    name: 'fapi2-security-profile-final-check-dpop-proof-nbf-exp',
    check: acceptsProofs(() => ({ nbf: now() - 10, exp: now() + 60 })),
    brokenBy: [[breaks.refusesExp, /invalid_dpop_proof/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-before-succeeds',
    check: acceptsProofs(() => ({ iat: now() - 10 })),
    brokenBy: [[breaks.impatient, /invalid_dpop_proof/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-after-succeeds',
    check: acceptsProofs(() => ({ iat: now() + 10 })),
    brokenBy: [[breaks.impatient, /invalid_dpop_proof/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails',
    async check(server) {
      const [mine, other] = [await holder(), await holder()];
      const dpop = await proof(mine, 'POST', `${server.issuer}/request`);
      const { answer } = await push(server, server.strict, { dpop_jkt: other.thumbprint }, { dpop });
      assertRefused(answer, REFUSED);
    },
    brokenBy: [[breaks.anyProof, /endpoint answered 201/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt',
    async check(server) {
      const { client, code, verifier } = await codeInHand(server, {}, { pushWithProof: true });
      const dpop = await proof(await holder(), 'POST', `${server.issuer}/token`);
      assertRefused(await redeemBound(server, client, code, { verifier, proof: dpop }), REFUSED);
    },
    brokenBy: [[breaks.anyProof, /endpoint answered 200/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-jkt',
    async check(server) {
      const by = await holder();
      const { client, code, verifier } = await codeInHand(server, { dpop_jkt: by.thumbprint });
      const dpop = await proof(await holder(), 'POST', `${server.issuer}/token`);
      assertRefused(await redeemBound(server, client, code, { verifier, proof: dpop }), REFUSED);
    },
    brokenBy: [[breaks.anyProof, /endpoint answered 200/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-dpopproof-at-par-endpoint-binding-success',
    check: acceptsProofs(() => ({})),
    brokenBy: [[breaks.refusesProofAtPush, /pushing was answered by 400/]],
  },
  {
    name: 'fapi2-security-profile-final-ensure-dpop-auth-code-binding-success',
    async check(server) {
      const by = await holder();
      await strictFlow(server, { dpop_jkt: by.thumbprint }, { by, pushWithProof: true });
    },
    brokenBy: [
      [breaks.refusesProofAtPush, /pushing was answered by 400/],
      [breaks.pushes('dpop_jkt is another', (form) => form.set('dpop_jkt', 'x'.repeat(43))), /pushing was/],
    ],
  },
  {
    name: 'fapi2-security-profile-final-ensure-holder-of-key-required',
    async check(server) {
      const { client, code, verifier } = await codeInHand(server);
      assertRefused(await redeemBound(server, client, code, { verifier }), REFUSED);
    },
    brokenBy: [[breaks.anyProof, /endpoint answered 200/]],
  },
  {
    name: 'fapi2-security-profile-final-dpop-negative-tests',
    async check(server) {
      const { issuer } = server;
      const by = await holder();
      const url = `${issuer}/token`;
      const replayed = await proof(by, 'POST', url);
      const { privateKey } = await generateKeyPair('ES256');
      const symmetric = new SignJWT({ htm: 'POST', htu: url, jti: crypto.randomUUID(), iat: now() })
        .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: by.jwk })
        .sign(Buffer.from(JSON.stringify(by.jwk)));
      const wrong: Readonly<Record<string, string>> = {
        'for another method': await proof(by, 'GET', url),
        'for another address': await proof(by, 'POST', `${issuer}/request`),
        'of another host': await proof(by, 'POST', 'https://other.example.test/token'),
        'without htm': await proof(by, 'POST', url, { htm: undefined }),
        'without htu': await proof(by, 'POST', url, { htu: undefined }),
        'without jti': await proof(by, 'POST', url, { jti: undefined }),
        'without iat': await proof(by, 'POST', url, { iat: undefined }),
        'of yesterday': await proof(by, 'POST', url, { iat: now() - 86_400 }),
        'of tomorrow': await proof(by, 'POST', url, { iat: now() + 86_400 }),
        'of another type': await proof(by, 'POST', url, {}, { typ: 'JWT' }),
        'without a key': await proof(by, 'POST', url, {}, { jwk: undefined }),
        'with the private key': await proof(by, 'POST', url, {}, { jwk: { ...by.jwk, d: 'x' } }),
        'signed by another key': await proof({ ...by, key: privateKey }, 'POST', url),
        'signed by the public key': await symmetric,
        'no proof at all': 'x',
        'two of them': `${await proof(by, 'POST', url)}, ${await proof(by, 'POST', url)}`,
      };
      for (const [what, dpop] of Object.entries(wrong)) {
        const { client, code, verifier } = await codeInHand(server);
        const answer = await redeemBound(server, client, code, { verifier, proof: dpop });
        assert.equal(answer.status, 400, `a proof ${what} was answered by ${answer.status}`);
        // Whose clock is wrong may take ours: a nonce (RFC 9449 §8).
        assertRefused(answer, what.startsWith('of ') ? /^(invalid_dpop_proof|use_dpop_nonce)$/ : REFUSED);
      }
      for (const status of [200, 400]) {
        const { client, code, verifier } = await codeInHand(server);
        const answer = await redeemBound(server, client, code, { verifier, proof: replayed });
        assert.equal(answer.status, status, `a proof that came before was answered by ${answer.status}`);
      }
    },
    brokenBy: [[breaks.anyProof, /a proof for another method was answered by 200/]],
  },
];
