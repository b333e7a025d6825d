/**
 * An answer that posts itself to the relying party (OAuth 2.0 Form Post Response Mode). The library writes the page and
 * allows its script by a hash; that the form may leave for the relying party is allowed here.
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Middleware } from '../http/context.ts';
import { allowFormsTo } from '../http/security-headers.ts';

export function formPostAnswers(): Middleware {
  return async (ctx, next) => {
    await next();
    const target = (ctx as unknown as KoaContextWithOIDC).oidc?.params?.redirect_uri;
    const postsItself = ctx.response.get('Content-Security-Policy').includes("'sha256-");
    if (postsItself && typeof target === 'string') allowFormsTo(ctx, target);
  };
}
