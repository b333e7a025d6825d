/**
 * Forms are answered only to the browser they were shown to: fetch metadata or Origin first, then a token bound to the
 * session; then the fields, read at the door.
 */
import { bodyParser } from '@koa/bodyparser';
import { z } from 'zod';
import type { Middleware, PortalContext } from './context.ts';
import { PortalError } from './errors.ts';
import { areEqual } from './keyed-hash.ts';

export type ReadForm = <Fields extends z.ZodRawShape>(
  ctx: PortalContext,
  fields: Fields,
) => z.output<z.ZodObject<Fields>>;

/** Refuses anything but `application/x-www-form-urlencoded` of at most 16 kB. */
export function formBody(): Middleware {
  return bodyParser({
    enableTypes: ['form'],
    encoding: 'utf-8',
    formLimit: '16kb',
    onError(error) {
      const { status } = error as { status?: number };
      throw new PortalError(status === 413 ? 'too_large' : 'bad_request', { cause: error });
    },
  }) as unknown as Middleware;
}

/** What was posted, unread. Strings are fields; anything else was repeated or nested. */
export function postedFields(ctx: PortalContext): Readonly<Record<string, unknown>> {
  return ((ctx.request as { body?: unknown }).body ?? {}) as Record<string, unknown>;
}

/** Throws PortalError: form_expired for a foreign or outdated form, bad_request for fields that are not ours. */
export function formReader(publicUrl: string): ReadForm {
  return (ctx, fields) => {
    const { form: token, ...posted } = postedFields(ctx);
    const expected = ctx.state.formToken;
    const known = typeof token === 'string' && expected !== undefined && areEqual(token, expected);
    if (isForeign(ctx, publicUrl) || !known) throw new PortalError('form_expired');
    return parsed(posted, fields);
  };
}

/** For forms that a visitor may send, whom no token can be bound to. */
export function visitorFormReader(publicUrl: string): ReadForm {
  return (ctx, fields) => {
    if (isForeign(ctx, publicUrl)) throw new PortalError('form_expired');
    return parsed(postedFields(ctx), fields);
  };
}

function parsed<Fields extends z.ZodRawShape>(posted: object, fields: Fields): z.output<z.ZodObject<Fields>> {
  const result = z.strictObject(fields).safeParse(posted);
  if (!result.success) throw new PortalError('bad_request', { cause: result.error });
  return result.data as never;
}

/** Our pages send no referrer, and so browsers send «Origin: null» with our own forms: fetch metadata decides first. */
function isForeign(ctx: PortalContext, publicUrl: string): boolean {
  const site = ctx.get('sec-fetch-site');
  if (site !== '') return site !== 'same-origin';
  return !['', 'null', publicUrl].includes(ctx.get('origin'));
}
