/** The body of a POST as a form; undefined when it is something else, which ESIA does not read. */
import { text } from 'node:stream/consumers';
import type { Context } from 'koa';

const LARGEST_FORM = 256 * 1024;

export async function readForm(ctx: Context): Promise<URLSearchParams | undefined> {
  if (Number(ctx.get('content-length')) > LARGEST_FORM) ctx.throw(413);
  const body = await text(ctx.req);
  return ctx.is('application/x-www-form-urlencoded') ? new URLSearchParams(body) : undefined;
}
