/** The simulator's pages, rendered. Their own few views and rules: it must not depend on the gateway it tries out. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Context, Middleware } from 'koa';
import { compileFile } from 'pug';

const VIEWS = fileURLToPath(new URL('./views/', import.meta.url));
const NAMES = ['login', 'consent', 'error', 'developer', 'help'] as const;
/** Forms lead back to systems on other hosts. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' http: https:; base-uri 'none'; frame-ancestors 'none'";

export type Page = (ctx: Context, name: (typeof NAMES)[number], locals?: Record<string, unknown>) => void;

export function pages(): { page: Page; headers: Middleware; style: Middleware } {
  const views = Object.fromEntries(NAMES.map((name) => [name, compileFile(`${VIEWS}${name}.pug`)]));
  const css = readFileSync(`${VIEWS}style.css`, 'utf8');
  return {
    page(ctx, name, locals = {}) {
      ctx.type = 'html';
      ctx.body = views[name]?.(locals);
    },
    async headers(ctx, next) {
      ctx.set('Content-Security-Policy', POLICY);
      ctx.set('X-Content-Type-Options', 'nosniff');
      ctx.set('Referrer-Policy', 'no-referrer');
      await next();
    },
    style(ctx) {
      ctx.type = 'css';
      ctx.body = css;
    },
  };
}
