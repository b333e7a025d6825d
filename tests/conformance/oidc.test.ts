/** The OP plans of the OpenID Foundation's conformance suite that are about OpenID Connect. */
import { afterAll, beforeAll } from 'vitest';
import { backchannelLogout } from './plans/backchannel-logout.ts';
import { basic } from './plans/basic.ts';
import { config } from './plans/config.ts';
import { rpInitiatedLogout } from './plans/rp-initiated-logout.ts';
import { thirdPartyInitiatedLogin } from './plans/third-party-initiated-login.ts';
import { type OpenServer, openServer } from './support/open-server.ts';
import { runPlan } from './support/run-plan.ts';

let opened: OpenServer;
beforeAll(async () => {
  opened = await openServer();
});
afterAll(() => opened.close());

const server = () => opened.server;

runPlan('oidcc-config-certification-test-plan', config, server);
runPlan('oidcc-basic-certification-test-plan', basic, server);
runPlan('oidcc-formpost-basic-certification-test-plan', basic, () => ({
  ...server(),
  responseMode: 'form_post',
}));
runPlan('oidcc-rp-initiated-logout-certification-test-plan', rpInitiatedLogout, server);
runPlan('oidcc-backchannel-rp-initiated-logout-certification-test-plan', backchannelLogout, server);
runPlan('oidcc-3rdparty-init-login-certification-test-plan', thirdPartyInitiatedLogin, server);
