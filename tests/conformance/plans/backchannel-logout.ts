/** oidcc-backchannel-rp-initiated-logout-certification-test-plan: OpenID Connect Back-Channel Logout 1.0. */
import assert from 'node:assert/strict';
import * as breaks from '../support/breaks.ts';
import { happyFlow } from '../support/flow.ts';
import { verified } from '../support/id-token.ts';
import type { Module } from '../support/run-plan.ts';
import type { Server } from '../support/server.ts';
import { signOut } from '../support/sign-out.ts';
import { metadataOf } from './config.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/** §2.4, §2.6. */
async function check(server: Server): Promise<void> {
  const { listening } = server;
  const flow = await happyFlow(server, {}, { client: listening });
  await signOut(server, flow, { id_token_hint: flow.tokens.id_token });
  const token = await server.logoutToken();
  const { payload } = await verified(server, listening, token, 'logout+jwt');
  const { events, sub, sid, nonce, jti, iat, exp } = payload as typeof payload & { events?: object };
  assert.deepEqual(events, { [EVENT]: {} }, 'events do not name the logout');
  assert.ok(jti, 'no jti');
  assert.ok(iat !== undefined && Math.abs(Date.now() / 1_000 - iat) < 60, 'iat is not now');
  assert.ok(exp !== undefined && exp > iat, 'no exp');
  assert.equal(nonce, undefined, 'a nonce: it could pass for an id_token');
  assert.equal(sub, flow.idToken.sub, 'sub is not the one of the id_token');
  assert.ok(sid, 'no sid, though the client wants one');
  assert.equal(sid, flow.idToken.sid, 'sid is not the one of the id_token');
}

const offersNoSid = breaks.metadata('sid is not offered', (body) => {
  body.backchannel_logout_session_supported = false;
});

export const backchannelLogout: readonly Module[] = [
  {
    name: 'oidcc-backchannel-logout-discovery-endpoint-verification',
    async check(server) {
      const metadata = await metadataOf(server);
      assert.equal(metadata.backchannel_logout_supported, true, 'backchannel_logout_supported is not true');
      assert.equal(metadata.backchannel_logout_session_supported, true, 'no sid in logout tokens');
    },
    brokenBy: [[offersNoSid, /no sid/]],
  },
  {
    name: 'oidcc-backchannel-rp-initiated-logout',
    check,
    brokenBy: [
      [breaks.foreignKey, /does not verify/],
      [breaks.logoutWithoutEvents, /events do not/],
      [breaks.logoutWithNonce, /a nonce/],
      [breaks.logoutWithoutJti, /no jti/],
      [breaks.logoutOfAnotherSession, /sid is not/],
      [breaks.withoutSid, /no sid/],
      [breaks.logoutForAnother, /"aud"/],
    ],
  },
];
