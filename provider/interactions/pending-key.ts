/**
 * Only the browser that came back from the upstream may prove an account for what it brought: whoever knows the
 * interaction's own cookie – it was there before – finds nothing (resume-binding.ts guards the end of the way likewise).
 */
import { randomBytes } from 'node:crypto';
import type { GatewayContext } from '../http/context.ts';

/** A little longer than the identity waits. */
const SECONDS = 20 * 60;

export type PendingKeys = {
  /** For an identity that begins to wait; together with the answer. */
  fresh(ctx: GatewayContext, uid: string): string;
  /** Undefined when nothing can wait for this browser. */
  of(ctx: GatewayContext, uid: string): string | undefined;
};

export function pendingKeys(secure: boolean): PendingKeys {
  const cookie = secure ? '__Secure-waiting' : 'waiting';
  return {
    fresh(ctx, uid) {
      const secret = randomBytes(32).toString('base64url');
      ctx.cookies.set(cookie, secret, {
        ...{ signed: false, httpOnly: true, sameSite: 'lax', secure, path: `/interaction/${uid}` },
        maxAge: SECONDS * 1_000,
      });
      return `${uid}:${secret}`;
    },
    of(ctx, uid) {
      const secret = ctx.cookies.get(cookie, { signed: false });
      return secret === undefined || !/^[\w-]{43}$/.test(secret) ? undefined : `${uid}:${secret}`;
    },
  };
}
