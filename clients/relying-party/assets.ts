/**
 * Style sheets, scripts and pictures: read once at start and served from memory under an address that holds a hash of
 * the content, so that a browser keeps them and never mixes two releases.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Middleware } from './context.ts';
import { PortalError } from './errors.ts';

export type Assets = {
  /** Address of a file. Throws RangeError when no folder has it. */
  address(name: string): string;
  /** Addresses of the style sheets, in the order they overrule one another. */
  readonly styles: readonly string[];
  readonly serve: Middleware;
};

const PREFIX = '/assets/';
const FOR_EVER = 'public, max-age=31536000, immutable';

export function loadAssets(folders: readonly URL[]): Assets {
  const addresses = new Map<string, string>();
  const files = new Map<string, { type: string; content: Buffer }>();
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      const content = readFileSync(new URL(name, folder));
      const hash = createHash('sha256').update(content).digest('base64url').slice(0, 12);
      const address = `${PREFIX}${hash}/${name}`;
      addresses.set(name, address);
      files.set(address, { type: extname(name), content });
    }
  }
  return {
    styles: [...addresses].filter(([name]) => extname(name) === '.css').map(([, address]) => address),
    address(name) {
      const address = addresses.get(name);
      if (address === undefined) throw new RangeError(`no asset «${name}»`);
      return address;
    },
    serve(ctx, next) {
      if (!ctx.path.startsWith(PREFIX)) return next();
      const file = files.get(ctx.path);
      if (!file) throw new PortalError('not_found');
      if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw new PortalError('method_not_allowed');
      ctx.set('Cache-Control', FOR_EVER);
      ctx.type = file.type;
      ctx.body = file.content;
      return undefined;
    },
  };
}
