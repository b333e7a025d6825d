/** In which language a portal speaks: the person's own choice, then her browser's wish, then the portal's first. */
import Router from '@koa/router';
import { z } from 'zod';
import { type Middleware, type PortalContext, type PortalState, seeOther } from './context.ts';
import type { Cookies } from './cookies.ts';
import { visitorFormReader } from './forms.ts';
import { pathWithin } from './sign-in.ts';
import type { Language } from './texts.ts';

const CHOICE_SECONDS = 365 * 24 * 3_600;

/** Sets `ctx.state.language`. */
export function chosenLanguage(languages: readonly Language[], cookies: Cookies): Middleware {
  const known = (name: unknown) => languages.find((language) => language === name);
  return (ctx, next) => {
    const chosen = cookies.get(ctx, 'language');
    ctx.vary('Accept-Language');
    const wished = ctx.acceptsLanguages([...languages]);
    ctx.state.language = [chosen, wished].map(known).find(Boolean) ?? languages[0];
    return next();
  };
}

/** `POST /language`: remembers the choice and leads back to the page it was made on. */
export function languageRoutes(
  languages: readonly Language[],
  publicUrl: string,
  cookies: Cookies,
): Router<PortalState> {
  const readForm = visitorFormReader(publicUrl);
  const fields = { language: z.enum(languages), return_to: z.string() };
  const router = new Router<PortalState>();
  router.post('/language', (raw) => {
    const ctx = raw as unknown as PortalContext;
    const { language, return_to } = readForm(ctx, fields);
    cookies.set(ctx, 'language', language, CHOICE_SECONDS);
    seeOther(ctx, pathWithin(publicUrl, return_to));
  });
  return router;
}
