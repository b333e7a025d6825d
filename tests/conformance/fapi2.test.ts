/** The OP plan of the OpenID Foundation's conformance suite for the FAPI 2.0 Security Profile. */
import { afterAll, beforeAll } from 'vitest';
import { possessionModules } from './plans/fapi2-possession.ts';
import { pushedModules } from './plans/fapi2-pushed.ts';
import { requestModules } from './plans/fapi2-requests.ts';
import { tokenModules } from './plans/fapi2-tokens.ts';
import { type OpenServer, openServer } from './support/open-server.ts';
import { runPlan } from './support/run-plan.ts';

let opened: OpenServer;
beforeAll(async () => {
  opened = await openServer();
});
afterAll(() => opened.close());

// Variant: private_key_jwt, dpop, plain_fapi, openid_connect, unsigned requests, plain answers.
runPlan(
  'fapi2-security-profile-final-test-plan',
  [...requestModules, ...pushedModules, ...possessionModules, ...tokenModules],
  () => opened.server,
);
