/** The modules of the basic plan that ask twice in one browser: who is asked for the password again, and who is not. */
import assert from 'node:assert/strict';
import { authorize, type Changes, errorOf } from '../support/authorize.ts';
import * as breaks from '../support/breaks.ts';
import { completed, happyFlow } from '../support/flow.ts';
import type { Module } from '../support/run-plan.ts';
import type { Server } from '../support/server.ts';

const again = (changes: (first: Awaited<ReturnType<typeof happyFlow>>) => Changes, signIns: number) =>
  async function check(server: Server): Promise<void> {
    const first = await happyFlow(server);
    server.later(2);
    const authorization = await authorize(server, server.first, changes(first), first.browser);
    const second = await completed(server, server.first, first.browser, authorization);
    assert.equal(authorization.signIns, signIns, `asked for the password ${authorization.signIns} times`);
    assert.equal(second.idToken.sub, first.idToken.sub, 'sub is not the one of before');
    const [before, after] = [first.idToken.auth_time ?? 0, second.idToken.auth_time ?? 0];
    if (signIns === 0) assert.equal(after, before, 'auth_time is not that of the one sign-in');
    else assert.ok(after > before, 'auth_time is not that of the second sign-in');
  };

export const sessionModules: readonly Module[] = [
  {
    name: 'oidcc-prompt-login',
    check: again(() => ({ prompt: 'login' }), 1),
    brokenBy: [
      [breaks.ignores('prompt'), /password 0 times/],
      [breaks.withoutAuthTime, /auth_time is not that of the second/],
    ],
  },
  {
    name: 'oidcc-prompt-none-not-logged-in',
    async check(server) {
      const authorization = await authorize(server, server.first, { prompt: 'none' });
      assert.match(
        errorOf(server, authorization),
        /^(login_required|interaction_required|consent_required|account_selection_required)$/,
      );
      assert.equal(authorization.signIns, 0, 'a page was shown');
    },
    brokenBy: [[breaks.ignores('prompt'), /a code where an error was expected/]],
  },
  {
    name: 'oidcc-prompt-none-logged-in',
    check: again(() => ({ prompt: 'none' }), 0),
    brokenBy: [
      [breaks.nobodyIsSignedIn, /refused: login_required/],
      [breaks.authTimeIsNow, /auth_time is not that of the one/],
    ],
  },
  {
    name: 'oidcc-max-age-1',
    check: again(() => ({ max_age: '1' }), 1),
    brokenBy: [
      [breaks.ignores('max_age'), /password 0 times/],
      [breaks.withoutAuthTime, /there is no auth_time/],
    ],
  },
  {
    name: 'oidcc-max-age-10000',
    check: again(() => ({ max_age: '10000' }), 0),
    brokenBy: [
      [breaks.asksAlways, /password 1 times/],
      [breaks.withoutAuthTime, /there is no auth_time/],
    ],
  },
  {
    name: 'oidcc-id-token-hint',
    check: again(({ tokens }) => ({ prompt: 'none', id_token_hint: tokens.id_token }), 0),
    brokenBy: [
      [breaks.refuses('id_token_hint'), /refused: invalid_request/],
      [breaks.nobodyIsSignedIn, /refused: login_required/],
    ],
  },
];
