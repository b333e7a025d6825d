/** Headers that every answer carries, and the one that a page with a form may widen. */
import helmet from 'koa-helmet';
import type { GatewayContext, Middleware } from './context.ts';

const YEAR_SECONDS = 31_536_000;

const POLICY = Object.entries({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
})
  .map((directive) => directive.join(' '))
  .join('; ');

export function securityHeaders(secure: boolean): Middleware {
  const shield = helmet({
    contentSecurityPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: secure && { maxAge: YEAR_SECONDS, includeSubDomains: true },
    // JWKS, discovery and the token endpoint are for every origin; CORS says who may read.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  return async (ctx, next) => {
    ctx.set('Content-Security-Policy', POLICY);
    ctx.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    // Whoever may be cached says so; everything else must not be.
    ctx.set('Cache-Control', 'no-store');
    await shield(ctx as Parameters<typeof shield>[0], next);
  };
}

/** Browsers hold a form's whole redirect chain to `form-action`; it ends at the relying party. */
export function allowFormsTo(ctx: GatewayContext, redirectUri: string): void {
  const url = URL.parse(redirectUri);
  if (!url) return;
  const target = url.origin === 'null' ? url.protocol : url.origin;
  const policy = ctx.response.get('Content-Security-Policy');
  ctx.set(
    'Content-Security-Policy',
    policy.replace("form-action 'self'", (own) => `${own} ${target}`),
  );
}
