/**
 * Forms are answered only to the browser they were shown to: fetch metadata or Origin first, then a token bound to a
 * cookie. Knows no session: it must hold before anybody has signed in (login CSRF).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, Middleware } from './context.ts';

export type CsrfOptions = {
  readonly issuer: string;
  /** The newest first; the others still verify. */
  readonly keys: readonly string[];
  readonly secure: boolean;
};

export type Csrf = {
  /** Makes `ctx.state.csrf` available. */
  readonly offer: Middleware;
  /** Throws form_expired unless the posted `csrf` field and the request's origin are ours. */
  check(ctx: GatewayContext, posted: unknown): void;
};

export function csrf({ issuer, keys, secure }: CsrfOptions): Csrf {
  const cookie = secure ? '__Host-form' : 'form';
  const tokens = (value: string) =>
    keys.map((key) => createHmac('sha256', key).update(`form:${value}`).digest());

  return {
    offer(ctx, next) {
      let token: string | undefined;
      Object.defineProperty(ctx.state, 'csrf', {
        configurable: true,
        get: () => {
          token ??= tokens(cookieValue(ctx))[0]?.toString('base64url');
          return token;
        },
      });
      return next();
    },
    check(ctx, posted) {
      const site = ctx.get('sec-fetch-site');
      const origin = ctx.get('origin');
      const foreign = site === '' ? origin !== '' && origin !== issuer : site !== 'same-origin';
      const value = ctx.cookies.get(cookie, { signed: false });
      const given = typeof posted === 'string' ? Buffer.from(posted, 'base64url') : Buffer.alloc(0);
      const ours = value ? tokens(value) : [];
      const known = ours.some((token) => token.length === given.length && timingSafeEqual(token, given));
      if (foreign || !known) throw new GatewayError('form_expired');
    },
  };

  function cookieValue(ctx: GatewayContext): string {
    const present = ctx.cookies.get(cookie, { signed: false });
    if (present) return present;
    const fresh = randomBytes(16).toString('base64url');
    ctx.cookies.set(cookie, fresh, { signed: false, httpOnly: true, sameSite: 'lax', secure, path: '/' });
    return fresh;
  }
}
