/** Answers as a system in trouble does, where it is told to. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Middleware, Response } from 'koa';
import { EsiaError } from './esia-error.ts';
import type { CallFault } from './faults.ts';

const SLOW_MS = 3_000;
const HUGE_BYTES = 40 * 1024 * 1024;
const HTML = '<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

export function breakCall(told: () => CallFault | null | undefined): Middleware {
  return async (ctx, next) => {
    switch (told()) {
      case '503':
        ctx.status = 503;
        ctx.body = 'Service Unavailable';
        return;
      case '502-html':
        ctx.status = 502;
        ctx.type = 'html';
        ctx.body = HTML;
        return;
      case 'hang':
        // Nobody answers; the connection stays until one side gives up.
        ctx.respond = false;
        return;
      case 'reset':
        ctx.respond = false;
        ctx.req.socket.resetAndDestroy();
        return;
      case 'slow':
        await sleep(SLOW_MS);
        return next();
      case 'empty':
        ctx.status = 200;
        ctx.body = '';
        return;
      case 'garbage':
        ctx.type = 'json';
        ctx.body = randomBytes(512);
        return;
      case 'huge':
        // Written past Koa, which would complain about whoever hangs up in the middle.
        ctx.respond = false;
        ctx.res.writeHead(200, { 'content-type': 'application/json' });
        await pipeline(Readable.from(blanks()), ctx.res).catch(() => {});
        return;
      case 'truncated':
        cutPages(ctx);
        await next();
        if (!isPage(ctx.response)) ctx.body = halfOf(textOf(ctx.body));
        return;
      default:
        return next();
    }
  };
}

/** The connection breaks in the middle of a page, be it one that tells of an error: less comes than was announced. */
function cutPages({ req, res, response }: Context): void {
  const end = res.end.bind(res);
  const cut = (text: string) =>
    isPage(response) ? res.write(halfOf(text), () => req.socket.destroy()) : end(text);
  res.end = cut as typeof res.end;
}

function isPage({ type }: Response): boolean {
  return type === 'text/html' || type === 'text/plain';
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body ?? '');
}

function halfOf(text: string): string {
  return text.slice(0, text.length / 2);
}

/** For faults that are an answer of ESIA's. */
export function throwIfTold(fault: CallFault | null | undefined): void {
  if (fault === 'ESIA-007007' || fault === 'ESIA-007008') {
    throw new EsiaError(fault, { why: ['Включено на странице разработчика.'] });
  }
}

function* blanks() {
  const piece = Buffer.alloc(64 * 1024, ' ');
  for (let sent = 0; sent < HUGE_BYTES; sent += piece.length) yield piece;
}

/** For a Koa app's `error`: a page that is not there, and whoever hangs up on a broken answer, are no news. */
export function tellUnlessHungUp(error: NodeJS.ErrnoException & { expose?: boolean }): void {
  if (error.code !== 'ECONNRESET' && !error.expose) console.error(error);
}
