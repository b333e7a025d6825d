/** In which language a person is answered: her own choice, then the portal's wish, then the browser's. */
import { z } from 'zod';
import type { GatewayContext, Middleware } from './context.ts';
import { formBody, type ReadForm } from './form.ts';
import { offer } from './offer.ts';
import { DEFAULT_LOCALE, isLocale, LOCALES, type Locale } from './texts.ts';

export type { Locale };

const CHOICE_DAYS = 365;
/** More than any browser sends; what is longer was made to cost time (security.md class 19). */
const LANGUAGES_LIMIT = 256;
const PATH_LIMIT = 2_048;

type LocaleWishes = {
  /** Value of our cookie. */
  readonly chosen?: string | undefined;
  /** OpenID Connect Core 3.1.2.1: language tags separated by spaces, the dearest first. */
  readonly uiLocales?: unknown;
  /** RFC 9110 §12.5.4. */
  readonly acceptLanguage?: string | undefined;
};

export function localeFor({ chosen, uiLocales, acceptLanguage = '' }: LocaleWishes): Locale {
  if (isLocale(chosen)) return chosen;
  const portal = typeof uiLocales === 'string' ? uiLocales.slice(0, LANGUAGES_LIMIT).split(' ') : [];
  return (
    firstKnown(portal) ?? firstKnown(byQuality(acceptLanguage.slice(0, LANGUAGES_LIMIT))) ?? DEFAULT_LOCALE
  );
}

/** Sets `ctx.state.locale`; again where the portal's wish is known from elsewhere than the address. */
export function setLocale(ctx: GatewayContext, secure: boolean, uiLocales: unknown): void {
  offer(ctx.state, 'locale', () =>
    localeFor({
      chosen: ctx.cookies.get(cookieName(secure), { signed: false }),
      uiLocales,
      acceptLanguage: ctx.get('accept-language'),
    }),
  );
}

export function localeOf(secure: boolean): Middleware {
  return (ctx, next) => {
    setLocale(ctx, secure, ctx.query.ui_locales);
    return next();
  };
}

/** POST /locale: remembers the choice and leads back to the page it was made on. */
export function localeRoutes(secure: boolean, readForm: ReadForm): Middleware {
  const parse = formBody();
  const fields = { locale: z.enum(LOCALES), return_to: z.string() };
  const choose = (ctx: GatewayContext) => {
    const { locale, return_to } = readForm(ctx, fields);
    ctx.cookies.set(cookieName(secure), locale, {
      signed: false,
      httpOnly: true,
      sameSite: 'lax',
      secure,
      path: '/',
      maxAge: CHOICE_DAYS * 24 * 3_600 * 1_000,
    });
    ctx.status = 303;
    ctx.redirect(ownPath(return_to));
  };
  return (ctx, next) => {
    if (ctx.path !== '/locale' || ctx.method !== 'POST') return next();
    return parse(ctx, async () => choose(ctx));
  };
}

/** The path when it stays on this site, else the start page: never a way out (security.md class 2). */
export function ownPath(value: string): string {
  const here = 'http://here.invalid';
  // A browser reads `//host` and `/\host` as another host, and drops tabs and line breaks before it looks.
  const plain =
    /^\/(?![/\\])[\x21-\x7e]*$/.test(value) && !value.includes('\\') && value.length <= PATH_LIMIT;
  const url = plain ? URL.parse(value, here) : null;
  // Dot segments may leave `//host` behind, so the parsed path is looked at again.
  return url?.origin === here && !url.pathname.startsWith('//') ? url.pathname + url.search : '/';
}

const cookieName = (secure: boolean): string => (secure ? '__Host-locale' : 'locale');

/** `ru-RU` is Russian, too. */
function firstKnown(tags: readonly string[]): Locale | undefined {
  return tags.map((tag) => tag.trim().toLowerCase().split('-', 1)[0]).find(isLocale);
}

function byQuality(header: string): string[] {
  return header
    .split(',')
    .map((range) => {
      const [tag = '', ...params] = range.split(';');
      const quality = params.map((param) => param.trim()).find((param) => param.startsWith('q='));
      return { tag, quality: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}
