/**
 * The way to the gateway and back: sends a browser off with an authorization request, and hands the checked answer to
 * the purpose the request was made for. Knows no purpose itself; signing in is one of them.
 */
import * as oidc from 'openid-client';
import type { AuthorizationRequests } from './authorization-requests.ts';
import { type PortalContext, seeOther } from './context.ts';
import type { Cookies } from './cookies.ts';
import { PortalError } from './errors.ts';
import type { Answer, Gateway } from './gateway.ts';
import { randomValue } from './keyed-hash.ts';
import { withNotice } from './pages.ts';

/** What an authorization request is for. */
export interface Purpose {
  readonly scope: string;
  /** Uses the answer and answers the browser. `returnTo`: where the person wanted to go. */
  settle(ctx: PortalContext, answer: Answer, returnTo: string): Promise<void> | void;
  /** The person said no. */
  decline(ctx: PortalContext): void;
}

export type AskOptions = {
  readonly returnTo: string;
  /** With prompt=none, so that no page is shown there. */
  readonly silent?: boolean;
  /** Parameters of the gateway's own: `idp_hint`, `prompt=role`. */
  readonly further?: Readonly<Record<string, string>>;
};

export interface Authorization {
  /** Redirects to the gateway. */
  ask(ctx: PortalContext, purpose: string, options: AskOptions): Promise<void>;
  /** For the redirect URI. Throws PortalError when the answer is none of ours or is worth nothing. */
  receive(ctx: PortalContext): Promise<void>;
}

export type AuthorizationNeeds = {
  readonly gateway: Gateway;
  readonly requests: AuthorizationRequests;
  readonly cookies: Cookies;
  readonly purposes: Readonly<Record<string, Purpose>>;
};

/** «Not without a page» (OpenID Connect Core §3.1.2.6). */
const NEEDS_A_PAGE: ReadonlySet<string> = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
]);

export function authorization({ gateway, requests, cookies, purposes }: AuthorizationNeeds): Authorization {
  return {
    async ask(ctx, purpose, { returnTo, silent = false, further }) {
      const { scope } = purposeOf(purpose);
      const browser = cookies.get(ctx, 'browser') || randomValue();
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const codeVerifier = oidc.randomPKCECodeVerifier();
      const { language } = ctx.state;
      const url = await gateway.authorizationUrl({
        ...{ scope, state, nonce, codeVerifier, silent },
        // The gateway goes on in the language of the page she comes from.
        further: { ...(language !== undefined && { ui_locales: language }), ...further },
      });
      requests.add({ state, browser, nonce, codeVerifier, purpose, returnTo, silent });
      cookies.set(ctx, 'browser', browser);
      seeOther(ctx, url.href);
    },
    async receive(ctx) {
      const { state } = ctx.query;
      const browser = cookies.get(ctx, 'browser');
      const request = typeof state === 'string' && browser ? requests.take(state, browser) : undefined;
      if (!request) {
        // The back button, or the answer opened twice: nothing is missing for somebody who is signed in.
        if (ctx.state.session) return seeOther(ctx, '/');
        throw new PortalError('sign_in_expired');
      }
      const purpose = purposeOf(request.purpose);
      const answer = await gateway.redeem(ctx.search, request);
      if (!('refused' in answer)) return purpose.settle(ctx, answer, request.returnTo);

      const { refused } = answer;
      ctx.state.log.info({ purpose: request.purpose, refused }, 'authorization refused');
      if (request.silent && NEEDS_A_PAGE.has(refused)) return seeOther(ctx, request.returnTo);
      if (refused === 'access_denied') return purpose.decline(ctx);
      throw new PortalError(refused === 'temporarily_unavailable' ? 'gateway_unavailable' : 'sign_in_failed');
    },
  };

  function purposeOf(name: string): Purpose {
    const purpose = purposes[name];
    if (!purpose) throw new RangeError(`no purpose «${name}»`);
    return purpose;
  }
}

/** For most purposes: back to a page of the portal with a sentence. */
export function declineTo(address: string, notice: string): Purpose['decline'] {
  return (ctx) => seeOther(ctx, withNotice(address, notice));
}
