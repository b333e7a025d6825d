/** The forms that values of the environment have: text that is read once, at the start. */
import { z } from 'zod';

const SECRET_BYTES = 32;
export const SECRET_HINT = `${SECRET_BYTES} random bytes in base64url; «npm run union-id init» makes them`;

export const text = z.string().trim().min(1);
export const list = text.transform((value) => value.split(',').map((item) => item.trim()));
export const port = z.coerce.number().int().min(0).max(65_535);
export const count = z.coerce.number().int().min(1);
export const secret = text
  .transform((value) => Buffer.from(value, 'base64url'))
  .refine((bytes) => bytes.length >= SECRET_BYTES, { message: SECRET_HINT });
const namedSecret = text.regex(/^[A-Za-z0-9_-]+:/, 'write it as «id:secret»').transform((value, context) => {
  const colon = value.indexOf(':');
  const key = Buffer.from(value.slice(colon + 1), 'base64url');
  if (key.length !== SECRET_BYTES) {
    context.issues.push({ code: 'custom', message: `after «id:» put ${SECRET_HINT}`, input: value });
    return z.NEVER;
  }
  return { id: value.slice(0, colon), key };
});
export const namedSecrets = list
  .pipe(z.array(namedSecret).min(1))
  .transform((keys) => keys as [(typeof keys)[number], ...typeof keys]);

export const url = (protocols: readonly string[]) =>
  text.refine((value) => protocols.includes(URL.parse(value)?.protocol ?? ''), {
    message: `must be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

export const headerName = text.regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be the name of a header');

export const redisUrls = list.pipe(z.array(url(['redis:', 'rediss:'])).min(1));
