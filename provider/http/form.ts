/** A posted form, read at the door: small, flat, of known fields only, and from a page of ours. */
import { bodyParser } from '@koa/bodyparser';
import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import type { GatewayContext, Middleware } from './context.ts';
import type { Csrf } from './csrf.ts';

export type ReadForm = <Fields extends z.ZodRawShape>(
  ctx: GatewayContext,
  fields: Fields,
) => z.output<z.ZodObject<Fields>>;

/** Refuses anything but `application/x-www-form-urlencoded` of at most 64 kB. */
export function formBody(): Middleware {
  const parse = bodyParser({
    enableTypes: ['form'],
    encoding: 'utf-8',
    formLimit: '64kb',
    onError(error) {
      const status = (error as { status?: number }).status;
      throw new GatewayError(status === 413 ? 'too_large' : 'bad_request', { cause: error });
    },
  });
  return parse as unknown as Middleware;
}

/** A repeated or nested field is an array or object after parsing, and so no string: refused (security.md class 21). */
export function formReader(csrf: Csrf): ReadForm {
  // A schema is compiled at its first use, which costs more than all the rest of a form.
  const schemas = new WeakMap<z.ZodRawShape, z.ZodType>();
  const schemaOf = (fields: z.ZodRawShape): z.ZodType => {
    const schema = schemas.get(fields) ?? z.strictObject(fields);
    schemas.set(fields, schema);
    return schema;
  };

  return (ctx, fields) => {
    const { csrf: token, ...posted } = ((ctx.request as { body?: unknown }).body ?? {}) as Record<
      string,
      unknown
    >;
    csrf.check(ctx, token);
    const parsed = schemaOf(fields).safeParse(posted);
    if (!parsed.success) throw new GatewayError('bad_request', { cause: parsed.error });
    return parsed.data as never;
  };
}
