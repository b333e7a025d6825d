import { readdirSync, readFileSync } from 'node:fs';
import Koa from 'koa';
import supertest from 'supertest';
import { expect, it } from 'vitest';
import { GatewayError } from '../../../provider/errors.ts';
import type { Middleware } from '../../../provider/http/context.ts';
import { asset, staticFiles } from '../../../provider/http/static-files.ts';

const app = new Koa();
const faults: Middleware = async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    ctx.status = error.status;
  }
};
app.use(faults as never).use(staticFiles() as never);
const site = supertest(app.callback());

it.each([
  ['style.css', 'text/css; charset=utf-8'],
  ['page.js', 'text/javascript; charset=utf-8'],
  ['emblem.svg', 'image/svg+xml'],
])('serves %s for ever, without a cookie', async (name, type) => {
  const { headers } = await site.get(asset(name)).expect(200);
  expect(headers['content-type']).toBe(type);
  expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['set-cookie']).toBeUndefined();
});

it.each([
  ['style.css', ''],
  ['staff.css', 'staff/'],
])('joins every part of %s, once', async (name, place) => {
  const { text } = await site.get(asset(name)).expect(200);
  const folder = new URL(`../../../views/style/${place}`, import.meta.url);
  const parts = readdirSync(folder)
    .filter((part) => part.endsWith('.css'))
    .map((part) => readFileSync(new URL(part, folder), 'utf8'));
  for (const part of parts) expect(text.split(part)).toHaveLength(2);
  expect(text).toHaveLength(parts.join('').length);
});

it.each(['/favicon.ico', '/robots.txt'])('serves %s at its fixed address', async (path) => {
  const { headers } = await site.get(path).expect(200);
  expect(headers['cache-control']).toBe('public, max-age=86400');
});

it.each([
  '/assets/',
  '/assets/style.css',
  '/assets/000000000000/style.css',
  `${asset('style.css')}/`,
  asset('style.css').replace('style.css', '../../package.json'),
  asset('style.css').replace('style.css', '..%2f..%2fpackage.json'),
  asset('style.css').replace('style.css', 'STYLE.css'),
])('has nothing at %s', async (path) => {
  await site.get(path).expect(404);
});

it('only reads', async () => {
  await site.post(asset('style.css')).expect(405).expect('Allow', 'GET, HEAD');
  await site.head(asset('style.css')).expect(200);
});

it('does not name a file that is not there', () => {
  expect(() => asset('none.css')).toThrow(RangeError);
});
