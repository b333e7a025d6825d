/**
 * Pages: every template is compiled at start and sees a fresh object of named values without a prototype, so that
 * nothing from outside can become an option of the template engine.
 */
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFile, type compileTemplate } from 'pug';
import type { Assets } from './assets.ts';
import type { Middleware } from './context.ts';
import type { Language, Translate } from './texts.ts';

/** Absolute paths in templates begin here: `extends /relying-party/views/parts/layout`. */
const BASE = fileURLToPath(new URL('..', import.meta.url));

export type PagesNeeds = {
  /** Of two views with one name the one in the later folder counts. */
  readonly folders: readonly URL[];
  /** Of the portal's languages; the first speaks where nothing else is known. */
  readonly texts: ReadonlyMap<Language, Translate>;
  readonly assets: Assets;
  /** Address of the gateway, to be named on pages. */
  readonly issuer: string;
  /** Those that this portal has a sentence for. */
  readonly notices: readonly string[];
  /** Named in every page besides what a route hands over. */
  readonly always: Readonly<Record<string, unknown>>;
};

/** Gives `ctx.render(view, locals)`. */
export function pages({ folders, texts, assets, issuer, notices, always }: PagesNeeds): Middleware {
  const templates = new Map<string, compileTemplate>();
  for (const folder of folders) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.pug'))) {
      const template = compileFile(fileURLToPath(new URL(file, folder)), { basedir: BASE, doctype: 'html' });
      templates.set(basename(file, '.pug'), template);
    }
  }
  const shared = {
    languages: [...texts.keys()],
    asset: assets.address,
    styles: assets.styles,
    issuer,
    issuerHost: new URL(issuer).host,
    ...always,
  };

  const [first] = texts.keys();
  return (ctx, next) => {
    ctx.render = (view, locals = {}) => {
      const template = templates.get(view);
      if (!template) throw new RangeError(`no view «${view}»`);
      const { session, formToken } = ctx.state;
      const language = ctx.state.language ?? first!;
      const values = {
        ...shared,
        language,
        t: texts.get(language),
        // A page that a form was answered with has no address of its own to come back to.
        here: ctx.method === 'GET' ? ctx.path + ctx.search : undefined,
        formToken,
        profile: session?.profile,
        notice: notices.find((notice) => notice === ctx.query.notice),
        ...locals,
      };
      ctx.type = 'html';
      ctx.body = template(Object.assign(Object.create(null), values));
    };
    return next();
  };
}

/** Sentences that a redirect carries to the next page; anything that is no such key is nothing. */
export const NOTICES = [
  'access_denied',
  'session_ended',
  'signed_out_here',
  'time_over',
  'already_finished',
  'name_refused',
  'name_missing',
] as const;

/** `address` with the notice added. */
export function withNotice(address: string, notice: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}notice=${notice}`;
}
