/** The pages of the mail catcher for people, and MailDev's JSON for scripts. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import Router from '@koa/router';
import Koa from 'koa';
import { compileFile } from 'pug';
import type { LetterBox } from './letter-box.ts';
import { ADDRESS_CODES, type Refusal } from './refusal.ts';

const VIEWS = fileURLToPath(new URL('./views/', import.meta.url));
const LONGEST_REFUSAL_SECONDS = 24 * 60 * 60;
/** A letter is somebody else's HTML: no scripts, nothing fetched, its links open in a tab of their own. */
const LETTER_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export function webPages(letters: LetterBox, refusal: Refusal): Koa {
  const list = compileFile(`${VIEWS}list.pug`);
  const letterPage = compileFile(`${VIEWS}letter.pug`);
  const style = readFileSync(`${VIEWS}style.css`, 'utf8');
  const moment = new Intl.DateTimeFormat('ru', { dateStyle: 'short', timeStyle: 'medium' });
  const shown = (date: string | Date): string => moment.format(new Date(date));
  const router = new Router();

  router.get('/', (ctx) => {
    const until = refusal.until();
    ctx.body = list({
      letters: letters.all().toReversed(),
      shown,
      refusedUntil: until && shown(until),
      refused: [...refusal.addresses()],
    });
  });
  router.get('/style.css', (ctx) => {
    ctx.type = 'css';
    ctx.body = style;
  });
  router.get('/letters/:id', (ctx) => {
    const letter = letters.find(ctx.params.id ?? '') ?? ctx.throw(404);
    ctx.body = letterPage({ letter, shown });
  });
  router.post('/refuse', (ctx) => {
    const seconds = Number(ctx.query.seconds);
    if (!isDuration(seconds)) ctx.throw(400);
    refusal.refuseFor(seconds);
    answer(ctx, { until: refusal.until() ?? null });
  });
  router.post('/refuse-address', async (ctx) => {
    const { address, code: typed } = await addressIn(ctx);
    const code = typed === undefined ? 550 : ADDRESS_CODES.find((known) => String(known) === typed);
    refusal.refuse(address, code ?? ctx.throw(400));
    answer(ctx, { refused: Object.fromEntries(refusal.addresses()) });
  });
  router.post('/accept-address', async (ctx) => {
    const { address } = await addressIn(ctx);
    refusal.accept(address);
    answer(ctx, { refused: Object.fromEntries(refusal.addresses()) });
  });

  router.get('/email', (ctx) => {
    ctx.body = letters.all();
  });
  router.delete('/email/all', (ctx) => {
    letters.clear();
    ctx.body = true;
  });
  router.get('/email/:id', (ctx) => {
    const letter = letters.find(ctx.params.id ?? '') ?? ctx.throw(404);
    ctx.body = letter;
  });
  router.get('/email/:id/html', (ctx) => {
    const letter = letters.find(ctx.params.id ?? '') ?? ctx.throw(404);
    ctx.set('Content-Security-Policy', LETTER_POLICY);
    ctx.type = 'html';
    ctx.body = `<base target="_blank">${letter.html}`;
  });

  const app = new Koa();
  app.use(async (ctx, next) => {
    ctx.set('Content-Security-Policy', PAGE_POLICY);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('Cache-Control', 'no-store');
    await next();
  });
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}

/** A script gets JSON, a browser its list again. */
function answer(ctx: Koa.Context, state: object): void {
  if (ctx.accepts('json', 'html') === 'json') {
    ctx.body = state;
  } else {
    ctx.status = 303;
    ctx.redirect('/');
  }
}

/** From the query of a script, or the form of the page. */
async function addressIn(ctx: Koa.Context): Promise<{ address: string; code: string | undefined }> {
  const form = new URLSearchParams(await text(ctx.req));
  const field = (name: string) => form.get(name) ?? ctx.URL.searchParams.get(name) ?? undefined;
  const address = field('address');
  if (address === undefined || !/^[^\s@]+@[^\s@]+$/.test(address.trim())) ctx.throw(400);
  return { address, code: field('code') };
}

const isDuration = (seconds: number): boolean =>
  Number.isInteger(seconds) && seconds >= 0 && seconds <= LONGEST_REFUSAL_SECONDS;
