/**
 * Pages: each template is compiled once, and sees a fresh object of named values without a prototype, so that nothing a
 * person typed can become an option of the template engine (security.md class 20).
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileFile, type compileTemplate } from 'pug';
import type { Locals, Middleware } from './context.ts';
import { moments } from './moments.ts';
import { asset } from './static-files.ts';
import { DEFAULT_LOCALE, LOCALES, type Locale, type Translate, translator } from './texts.ts';

const FOLDER = fileURLToPath(new URL('../../views/', import.meta.url));
/** Parts of pages, and letters: no pages themselves. */
const PARTS = /(^|\/)layout\.pug$|^(mixins|mail)\//;

/** A process that has been up for so long is no longer busy with starting. */
const SETTLED_MILLISECONDS = 20_000;
const PAUSE_MILLISECONDS = 50;

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

/**
 * Compiling all of them takes a second of a core, and a process that has just started has better uses for it: whoever
 * asks first for a page compiles it, and what nobody has asked for follows in idle moments. Half a minute after its
 * start, files which change under a running process cannot change its pages any more.
 */
function openTemplates() {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.pug') && !PARTS.test(path));
  const views = files.map((path) => path.slice(0, -'.pug'.length));
  const compiled = new Map<string, compileTemplate>();

  const templateOf = (view: string): compileTemplate => {
    const known = compiled.get(view);
    if (known) return known;
    if (!views.includes(view)) throw new RangeError(`no view «${view}»`);
    const made = compileFile(`${FOLDER}${view}.pug`, { compileDebug: false, doctype: 'html' });
    compiled.set(view, made);
    return made;
  };
  const compileRest = (): void => {
    const next = views.find((view) => !compiled.has(view));
    if (next === undefined) return;
    templateOf(next);
    setTimeout(compileRest, PAUSE_MILLISECONDS).unref();
  };
  setTimeout(compileRest, SETTLED_MILLISECONDS).unref();
  return templateOf;
}

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
