/** The portal's cookies: never readable by scripts, never sent along with a foreign form, bound to this host by https. */
import type { PortalContext } from './context.ts';

export type Cookies = {
  get(ctx: PortalContext, name: CookieName): string | undefined;
  /** Without `maxAgeSeconds` it ends with the browser. */
  set(ctx: PortalContext, name: CookieName, value: string, maxAgeSeconds?: number): void;
  clear(ctx: PortalContext, name: CookieName): void;
};

/**
 * `session`: who is signed in. `browser`: who began an authorization request. `asked`: silent sign-in was tried.
 * `language`: chosen by hand.
 */
export type CookieName = 'session' | 'browser' | 'asked' | 'language';

/** `portal` keeps portals apart that share a host name, as on an integrator's laptop: ports do not separate cookies. */
export function portalCookies(portal: string, publicUrl: string): Cookies {
  const secure = publicUrl.startsWith('https:');
  const fullName = (name: CookieName) => `${secure ? '__Host-' : ''}${portal}_${name}`;
  // Written by hand because Koa refuses Secure on a connection that a proxy has decrypted.
  const write = (ctx: PortalContext, name: CookieName, value: string, maxAge: string) =>
    ctx.append(
      'Set-Cookie',
      `${fullName(name)}=${value}; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}${maxAge}`,
    );

  return {
    get: (ctx, name) => ctx.cookies.get(fullName(name), { signed: false }),
    set: (ctx, name, value, maxAgeSeconds) =>
      write(ctx, name, value, maxAgeSeconds === undefined ? '' : `; Max-Age=${maxAgeSeconds}`),
    clear: (ctx, name) => write(ctx, name, '', '; Max-Age=0'),
  };
}
