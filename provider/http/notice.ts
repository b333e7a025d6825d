/** One sentence for the next page of this browser: what the step before a redirect has done. Shown once. */
import type { GatewayContext } from './context.ts';
import { catalogues, type NoticeCode } from './texts.ts';

const SECONDS = 10 * 60;
const NOTICES: ReadonlySet<string> = new Set(Object.keys(catalogues.ru.notice));

export type Notices = {
  leave(ctx: GatewayContext, notice: NoticeCode): void;
  take(ctx: GatewayContext): NoticeCode | undefined;
};

export function notices(secure: boolean): Notices {
  const cookie = secure ? '__Host-notice' : 'notice';
  const options = { signed: false, httpOnly: true, sameSite: 'lax', secure, path: '/' } as const;
  return {
    leave(ctx, notice) {
      ctx.cookies.set(cookie, notice, { ...options, maxAge: SECONDS * 1_000 });
    },
    take(ctx) {
      const left = ctx.cookies.get(cookie, { signed: false });
      if (!left) return undefined;
      ctx.cookies.set(cookie, null, options);
      return NOTICES.has(left) ? (left as NoticeCode) : undefined;
    },
  };
}
