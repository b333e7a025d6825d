/**
 * Pages: each template is compiled once, and sees a fresh object of named values without a prototype, so that nothing a
 * person typed can become an option of the template engine (security.md class 20).
 */
import type { Locals, Middleware } from './context.ts';
import { moments } from './moments.ts';
import { asset } from './static-files.ts';
import { openTemplates } from './templates.ts';
import { DEFAULT_LOCALE, LOCALES, type Locale, type Translate, translator } from './texts.ts';

/** What a page learns from its request. */
type Surroundings = {
  readonly locale: Locale;
  /** Absent before the middleware that makes it: such a page has no forms. */
  readonly csrf?: string | undefined;
  /** Where a GET shows this page again. */
  readonly path?: string | undefined;
  /** Whether the frame of the cabinet leads to a workplace, too. */
  readonly seated?: boolean | undefined;
};

type PageOptions = {
  readonly issuer: string;
  readonly translate?: (locale: Locale) => Translate;
};

/** HTML of a page of `screens.ts`. Throws RangeError for a view that does not exist. */
type RenderPage = (view: string, surroundings: Surroundings, locals?: Locals) => string;

export function compilePages({ issuer, translate = translator }: PageOptions): RenderPage {
  const templateOf = openTemplates();
  const issuerHost = new URL(issuer).host;

  return (view, { locale, csrf, path, seated }, locals = {}) => {
    const t = translate(locale);
    return templateOf(view)(
      // A page that answers a POST may say itself where a GET shows it again.
      Object.assign(Object.create(null), { path, seated }, locals, {
        view,
        t,
        locale,
        otherLocale: LOCALES.find((other) => other !== locale),
        ...moments(locale, t),
        asset,
        csrf,
        issuerHost,
        webLink,
      }),
    );
  };
}

/** Gives `ctx.render(view, locals)`; the locals of each view are in `screens.ts`. */
export function renderer(options: PageOptions): Middleware {
  const page = compilePages(options);
  return (ctx, next) => {
    ctx.render = (view, locals) => {
      const { locale = DEFAULT_LOCALE, csrf, seated } = ctx.state as Partial<typeof ctx.state>;
      const shown = ctx.method === 'GET' || ctx.method === 'HEAD';
      ctx.body = page(view, { locale, csrf, path: shown ? ctx.url : undefined, seated }, locals);
      ctx.type = 'text/html; charset=utf-8';
    };
    return next();
  };
}

/** An address that came with a client: a link only when it is one of the web, never `javascript:`. */
function webLink(uri: unknown): string | undefined {
  const url = typeof uri === 'string' ? URL.parse(uri) : null;
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}
