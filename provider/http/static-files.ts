/**
 * Style sheets, scripts and pictures of the pages. All are read once at start and served from memory under an address
 * that holds a hash of their content, so that a browser keeps them for ever and never mixes two releases.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { GatewayError } from '../errors.ts';
import type { Middleware } from './context.ts';

const FOLDER = new URL('../../views/public/', import.meta.url);
/** Parts of the style sheets; a later part may change what stands in an earlier one. */
const STYLE = new URL('../../views/style/', import.meta.url);
/** Of all pages. */
const STYLE_PARTS = [
  ...['base', 'frame', 'pieces', 'forms', 'entrance', 'cabinet', 'joining', 'documents', 'desk'],
  ...['adapt', 'devices', 'print'],
];
/** Of the pages where staff works, beside that one. */
const STAFF_PARTS = [
  ...['numbers', 'guides', 'tickets', 'onboarding', 'consents', 'records'],
  ...['operators', 'folds', 'precise'],
].map((part) => `staff/${part}`);
const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};
/** Files that programs look for at a fixed address. */
const FIXED = ['favicon.ico', 'robots.txt'];
const KEPT_FOR_EVER = 'public, max-age=31536000, immutable';
const KEPT_A_DAY = 'public, max-age=86400';

const joined = (parts: readonly string[]): Buffer =>
  Buffer.concat(parts.map((part) => readFileSync(new URL(`${part}.css`, STYLE))));
const files = new Map([
  ...readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER))] as const),
  ['style.css', joined(STYLE_PARTS)],
  ['staff.css', joined(STAFF_PARTS)],
]);
// One hash for all: a style sheet names its pictures by their relative address.
const release = [...files]
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .reduce(
    (hash, [name, content]) => hash.update(`${name}\0${content.length}\0`).update(content),
    createHash('sha256'),
  )
  .digest('base64url')
  .slice(0, 12);

/** Address of a file of views/public. Throws RangeError when there is none of that name. */
export function asset(name: string): string {
  if (!files.has(name)) throw new RangeError(`no file «${name}» in views/public`);
  return `/assets/${release}/${name}`;
}

/** Answers below /assets/ and at the fixed addresses; sets no cookie and looks at no header (security.md class 16). */
export function staticFiles(): Middleware {
  const served = new Map<string, { readonly name: string; readonly cache: string }>();
  for (const name of files.keys()) served.set(asset(name), { name, cache: KEPT_FOR_EVER });
  for (const name of FIXED) served.set(`/${name}`, { name, cache: KEPT_A_DAY });
  return (ctx, next) => {
    const file = served.get(ctx.path);
    if (!file) {
      if (ctx.path.startsWith('/assets/')) throw new GatewayError('not_found');
      return next();
    }
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.set('Allow', 'GET, HEAD');
      throw new GatewayError('method_not_allowed');
    }
    ctx.set('Cache-Control', file.cache);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.type = TYPES[extname(file.name)] ?? 'application/octet-stream';
    ctx.body = files.get(file.name);
    return undefined;
  };
}
