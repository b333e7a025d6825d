/**
 * The way back to the portal, kept outside the interaction: sealed, in a cookie of that interaction's path. When the
 * page has grown old it lets the person begin again without going to the portal first (design.md §3).
 */
import { z } from 'zod';
import { type Cipher, CipherError } from '../../adapters/cipher/cipher.ts';
import type { GatewayContext } from '../http/context.ts';
import { RETURN_SECONDS } from '../oidc/lifetimes.ts';

const CONTEXT = 'return-request';
const TYPED_CONTEXT = 'typed';
const TYPED_SECONDS = 10 * 60;
/** Browsers keep cookies of about 4 kB; a larger request is simply not remembered. */
const SEALED_LIMIT = 3_500;

const shape = z.object({ clientName: z.string(), params: z.record(z.string(), z.string()) });

export type ReturnRequest = z.output<typeof shape>;

export type ReturnRequests = {
  remember(ctx: GatewayContext, request: ReturnRequest): void;
  recall(ctx: GatewayContext): ReturnRequest | undefined;
  /** What was typed into a page that had grown old, for the page that follows it; never in an address. */
  keepTyped(ctx: GatewayContext, identifier: string): void;
  takeTyped(ctx: GatewayContext): string | undefined;
};

export function returnRequests(cipher: Cipher, secure: boolean): ReturnRequests {
  const cookie = secure ? '__Secure-return' : 'return';
  const typedCookie = secure ? '__Secure-typed' : 'typed';
  const options = { signed: false, httpOnly: true, sameSite: 'lax', secure } as const;
  const open = (sealed: string | undefined, context: string): string | undefined => {
    if (!sealed) return undefined;
    try {
      return cipher.open(sealed, context);
    } catch (error) {
      // Changed or sealed by a key that is gone: as if there were none.
      if (error instanceof CipherError) return undefined;
      throw error;
    }
  };
  return {
    remember(ctx, request) {
      const sealed = cipher.seal(JSON.stringify(request), CONTEXT);
      if (sealed.length > SEALED_LIMIT) return;
      const path = ctx.path.split('/').slice(0, 3).join('/');
      ctx.cookies.set(cookie, sealed, { ...options, path, maxAge: RETURN_SECONDS * 1_000 });
    },
    recall(ctx) {
      const opened = open(ctx.cookies.get(cookie, { signed: false }), CONTEXT);
      return opened === undefined ? undefined : shape.parse(JSON.parse(opened));
    },
    keepTyped(ctx, identifier) {
      const sealed = cipher.seal(identifier, TYPED_CONTEXT);
      ctx.cookies.set(typedCookie, sealed, {
        ...options,
        path: '/interaction',
        maxAge: TYPED_SECONDS * 1_000,
      });
    },
    takeTyped(ctx) {
      const sealed = ctx.cookies.get(typedCookie, { signed: false });
      if (sealed) ctx.cookies.set(typedCookie, null, { ...options, path: '/interaction' });
      return open(sealed, TYPED_CONTEXT);
    },
  };
}
