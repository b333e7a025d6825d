/**
 * The way back to the portal, kept outside the interaction: sealed, in a cookie of that interaction's path. When the
 * page has grown old it lets the person begin again without going to the portal first (design.md §3).
 */
import { z } from 'zod';
import type { Cipher } from '../../adapters/cipher/cipher.ts';
import type { GatewayContext } from '../http/context.ts';
import { RETURN_SECONDS } from '../oidc/lifetimes.ts';

const CONTEXT = 'return-request';
/** Browsers keep cookies of about 4 kB; a larger request is simply not remembered. */
const SEALED_LIMIT = 3_500;

const shape = z.object({ clientName: z.string(), params: z.record(z.string(), z.string()) });

export type ReturnRequest = z.output<typeof shape>;

export type ReturnRequests = {
  remember(ctx: GatewayContext, request: ReturnRequest): void;
  recall(ctx: GatewayContext): ReturnRequest | undefined;
};

export function returnRequests(cipher: Cipher, secure: boolean): ReturnRequests {
  const cookie = secure ? '__Secure-return' : 'return';
  return {
    remember(ctx, request) {
      const sealed = cipher.seal(JSON.stringify(request), CONTEXT);
      if (sealed.length > SEALED_LIMIT) return;
      ctx.cookies.set(cookie, sealed, {
        signed: false,
        httpOnly: true,
        sameSite: 'lax',
        secure,
        path: ctx.path.split('/').slice(0, 3).join('/'),
        maxAge: RETURN_SECONDS * 1_000,
      });
    },
    recall(ctx) {
      const sealed = ctx.cookies.get(cookie, { signed: false });
      if (!sealed) return undefined;
      try {
        return shape.parse(JSON.parse(cipher.open(sealed, CONTEXT)));
      } catch {
        // Changed or sealed by a key that is gone: as if there were none.
        return undefined;
      }
    },
  };
}
