/** Headers that every answer carries, and the one that a page with a form may widen. */
import type { GatewayContext, Middleware } from './context.ts';

const YEAR_SECONDS = 31_536_000;

const POLICY = Object.entries({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  // The search of an organisation while one types.
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
})
  .map((directive) => directive.join(' '))
  .join('; ');

const HEADERS = {
  'Content-Security-Policy': POLICY,
  // Whoever may be cached says so; everything else must not be.
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  // JWKS, discovery and the token endpoint are for every origin; CORS says who may read.
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'Origin-Agent-Cluster': '?1',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-DNS-Prefetch-Control': 'off',
  'X-Frame-Options': 'DENY',
  'X-Permitted-Cross-Domain-Policies': 'none',
  'X-XSS-Protection': '0',
};

/** One object, written as it is: this runs before every answer, the token endpoint's included. */
export function securityHeaders(secure: boolean): Middleware {
  const headers = {
    ...HEADERS,
    ...(secure && { 'Strict-Transport-Security': `max-age=${YEAR_SECONDS}; includeSubDomains` }),
  };
  return (ctx, next) => {
    ctx.set(headers);
    return next();
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
