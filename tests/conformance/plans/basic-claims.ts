/** The modules of the basic plan that ask for scopes: what is told, where, and that nothing else is. */
import assert from 'node:assert/strict';
import { authorizationRequest, browse, type Changes, newcomer } from '../support/authorize.ts';
import * as breaks from '../support/breaks.ts';
import { completed, type Flow, happyFlow } from '../support/flow.ts';
import { json } from '../support/id-token.ts';
import type { Module } from '../support/run-plan.ts';
import type { Server } from '../support/server.ts';

/** OpenID Connect Core 5.4, as far as accounts here have such claims. */
const CLAIMS: Readonly<Record<string, readonly string[]>> = {
  profile: ['name', 'family_name', 'given_name', 'locale', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
};

/** The claims of these scopes are told at userinfo, those of the others nowhere. */
const tells = (scope: string, flow = happyFlow) =>
  async function check(server: Server): Promise<void> {
    const { claims, idToken } = await flow(server, { scope });
    const scopes = scope.split(' ');
    for (const [name, members] of Object.entries(CLAIMS)) {
      for (const member of members) {
        assert.equal(member in claims, scopes.includes(name), `userinfo and ${member} of the scope ${name}`);
        assert.ok(!(member in idToken), `${member} in the id_token`);
      }
    }
  };

/** The suite skips what is not offered; then it must not be told either. */
const notOffered = (scope: string) =>
  async function check(server: Server): Promise<void> {
    const { scopes_supported: offered } = await json(server, '/.well-known/openid-configuration');
    assert.ok(
      !(offered as string[]).includes(scope),
      `the scope ${scope} is offered, and nobody has such claims`,
    );
    const { claims } = await happyFlow(server, { scope: `openid ${scope}` });
    assert.ok(!(scope in claims), `${scope} is told all the same`);
  };

/** The parameters in another order, too. */
async function backwards(server: Server, changes: Changes = {}): Promise<Flow> {
  const browser = newcomer(server);
  const request = new URLSearchParams([...authorizationRequest(server, server.first, changes)].reverse());
  const page = await browser.visitor.request(`${server.issuer}/auth?${request}`);
  return completed(server, server.first, browser, await browse(server, browser, request, page));
}

const offersAddress = breaks.metadata('discovery offers the scope address', (body) => {
  body.scopes_supported = [...(body.scopes_supported as string[]), 'address'];
});

export const claimsModules: readonly Module[] = [
  {
    name: 'oidcc-scope-profile',
    check: tells('openid profile'),
    brokenBy: [
      [breaks.withoutClaim('family_name'), /family_name of the scope profile/],
      [breaks.talkative('email'), /email of the scope email/],
    ],
  },
  {
    name: 'oidcc-scope-email',
    check: tells('openid email'),
    brokenBy: [
      [breaks.withoutClaim('email_verified'), /email_verified of the scope email/],
      [breaks.talkative('phone_number'), /phone_number of the scope phone/],
    ],
  },
  {
    name: 'oidcc-scope-address',
    check: notOffered('address'),
    brokenBy: [
      [offersAddress, /the scope address is offered/],
      [breaks.talkative('address'), /address is told all the same/],
    ],
  },
  {
    name: 'oidcc-scope-phone',
    check: tells('openid phone'),
    brokenBy: [[breaks.withoutClaim('phone_number'), /phone_number of the scope phone/]],
  },
  {
    name: 'oidcc-scope-all',
    check: tells('openid profile email phone'),
    brokenBy: [
      [breaks.withoutClaim('email'), /email of the scope email/],
      [breaks.withoutClaim('locale'), /locale of the scope profile/],
    ],
  },
  {
    // The name of the next module in earlier releases of the suite.
    name: 'oidcc-ensure-other-scope-order-succeeds',
    check: tells('email openid'),
    brokenBy: [[breaks.withoutClaim('email'), /email of the scope email/]],
  },
  {
    name: 'oidcc-alternate-happy-flow',
    check: tells('email openid', backwards),
    brokenBy: [
      [breaks.withoutClaim('email'), /email of the scope email/],
      [breaks.refuses('scope', /^email openid$/), /refused: invalid_request/],
    ],
  },
];
