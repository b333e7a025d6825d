/**
 * Only the browser that finished an interaction may resume it. Otherwise somebody could plant the cookies of her own
 * interaction in a victim's browser, wait for the sign-in and go on as the victim (security.md §0).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, Middleware } from '../http/context.ts';
import { RESUME_SECONDS } from '../oidc/lifetimes.ts';

/** `/device/auth` is where a device asks for its code: no browser, nothing to resume. */
const RESUME_PATH = /^\/(?:auth\/|device\/(?!auth$))([^/]+)$/;

export type ResumeBinding = {
  /** Together with the redirect to the resumed request. */
  bind(ctx: GatewayContext, uid: string): void;
  /** Before the library sees the resumed request. */
  readonly require: Middleware;
};

export function resumeBinding(keys: readonly string[], secure: boolean): ResumeBinding {
  // One cookie per interaction, so that two tabs do not take it from each other.
  const cookieOf = (uid: string) => `${secure ? '__Host-' : ''}bound.${uid.slice(0, 8)}`;
  const options = { signed: false, httpOnly: true, sameSite: 'lax', secure, path: '/' } as const;
  const sign = (key: string, uid: string) => createHmac('sha256', key).update(`resume:${uid}`).digest();

  return {
    bind(ctx, uid) {
      const value = sign(keys[0] as string, uid).toString('base64url');
      ctx.cookies.set(cookieOf(uid), value, { ...options, maxAge: RESUME_SECONDS * 1_000 });
    },
    require(ctx, next) {
      const uid = RESUME_PATH.exec(ctx.path)?.[1];
      if (uid === undefined) return next();
      const given = Buffer.from(ctx.cookies.get(cookieOf(uid), { signed: false }) ?? '', 'base64url');
      const known = keys.some((key) => {
        const expected = sign(key, uid);
        return expected.length === given.length && timingSafeEqual(expected, given);
      });
      if (!known) throw new GatewayError('form_expired');
      ctx.cookies.set(cookieOf(uid), null, options);
      return next();
    },
  };
}
