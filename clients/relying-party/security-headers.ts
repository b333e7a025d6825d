/** Headers that every answer of a portal carries. */
import type { Middleware } from './context.ts';

const YEAR_SECONDS = 31_536_000;

/** Forms that sign in or out end at the gateway, and browsers hold a form's whole redirect chain to `form-action`. */
export function securityHeaders(publicUrl: string, issuer: string): Middleware {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `form-action 'self' ${issuer}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers: Record<string, string> = {
    // Whatever may be cached says so itself.
    'Cache-Control': 'no-store',
    'Content-Security-Policy': policy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  };
  if (publicUrl.startsWith('https:')) {
    headers['Strict-Transport-Security'] = `max-age=${YEAR_SECONDS}; includeSubDomains`;
  }
  return (ctx, next) => {
    ctx.set(headers);
    return next();
  };
}
