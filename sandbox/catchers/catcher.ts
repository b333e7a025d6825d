/**
 * Whoever takes JSON from the gateway in life, on loopback: keeps each thing once by its id, shows all on a page and as
 * JSON, and can be told to refuse for a while.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa from 'koa';
import { compileFile } from 'pug';
import type { z } from 'zod';

const LOOPBACK = '127.0.0.1';
const KEPT = 1_000;
const VIEW = fileURLToPath(new URL('./views/list.pug', import.meta.url));
const STYLE = fileURLToPath(new URL('../mail-catcher/views/style.css', import.meta.url));
const POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";

export type CatcherOptions<Shape extends z.ZodType<{ id: string }>> = {
  /** 0 takes any free one. */
  readonly port: number;
  readonly token: string;
  readonly shape: Shape;
  readonly title: string;
  readonly about: string;
  /** One line of the page. */
  readonly line: (caught: z.output<Shape>) => readonly string[];
};

export type Catcher = {
  readonly webUrl: string;
  /** `POST` with the bearer token to hand something over, `GET` for everything so far as JSON. */
  readonly url: string;
  close(): Promise<void>;
};

/** Rejects when the port is taken. */
export async function startCatcher<Shape extends z.ZodType<{ id: string }>>(
  options: CatcherOptions<Shape>,
): Promise<Catcher> {
  const { shape, token, title, about, line } = options;
  const caught = new Map<string, z.output<Shape>>();
  const page = compileFile(VIEW);
  const style = readFileSync(STYLE, 'utf8');
  let refusedUntil = 0;
  const router = new Router();

  router.get('/', (ctx) => {
    ctx.body = page({ title, about, lines: [...caught.values()].toReversed().map(line) });
  });
  router.get('/style.css', (ctx) => {
    ctx.type = 'css';
    ctx.body = style;
  });
  router.get('/caught', (ctx) => {
    ctx.body = [...caught.values()];
  });
  router.post('/refuse', (ctx) => {
    refusedUntil = Date.now() + Number(ctx.query.seconds) * 1_000;
    ctx.status = 204;
  });
  router.post('/caught', bodyParser({ enableTypes: ['json'] }), (ctx) => {
    const refuse = (status: number): void => {
      ctx.status = status;
    };
    if (Date.now() < refusedUntil) return refuse(503);
    if (ctx.get('authorization') !== `Bearer ${token}`) return refuse(401);
    const parsed = shape.safeParse((ctx.request as { body?: unknown }).body);
    if (!parsed.success) return refuse(400);
    // The same one again: taken before, nothing to do.
    if (!caught.has(parsed.data.id)) caught.set(parsed.data.id, parsed.data);
    const [oldest] = caught.keys();
    if (caught.size > KEPT && oldest !== undefined) caught.delete(oldest);
    ctx.status = 204;
  });

  const app = new Koa();
  app.use(async (ctx, next) => {
    ctx.set('Content-Security-Policy', POLICY);
    ctx.set('Cache-Control', 'no-store');
    await next();
  });
  app.use(router.routes());
  const server = app.listen(options.port, LOOPBACK);
  await once(server, 'listening');
  const webUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    webUrl,
    url: `${webUrl}/caught`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
