/**
 * What another system would have stored for a password, by its own recipe. Whatever takes longer than a moment is done
 * beside the event loop.
 */
import { createHash, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import type { Recipe } from './foreign-hash.ts';
import type { Done, Task } from './foreign-sha512-thread.ts';

const derive = promisify(pbkdf2);
const DIGEST_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 };
/** crypt(3) and bcrypt end at a zero; nobody has typed one. */
const BCRYPT_SALT = 29;
/** Base64 in another order than everybody's. */
const BCRYPT_SIGNS = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export type ForeignDigests = { digest(recipe: Recipe, password: string): Promise<string> };

export function foreignDigests(): ForeignDigests {
  const thread = sha512Thread();
  return {
    async digest({ scheme, cost, salt }, password) {
      const typed = Buffer.from(password, 'utf8');
      switch (scheme) {
        case 'bcrypt': {
          return (await bcryptHash(typed, cost, bcryptSalt(salt))).slice(BCRYPT_SALT);
        }
        case 'sha512-crypt':
          return thread.digest(typed, salt, cost);
        case 'pbkdf2-sha1':
        case 'pbkdf2-sha256':
        case 'pbkdf2-sha512': {
          const algorithm = scheme.slice('pbkdf2-'.length);
          return (await derive(typed, salt, cost, DIGEST_BYTES[algorithm] ?? 0, algorithm)).toString('hex');
        }
        default: {
          const [algorithm = '', order] = scheme.split('-');
          const parts = order === 'sp' ? [salt, typed] : [typed, salt];
          return createHash(algorithm).update(Buffer.concat(parts)).digest('hex');
        }
      }
    },
  };
}

/** The 16 bytes of a salt that is written as 22 signs. */
function bcryptSalt(written: Buffer): Buffer {
  const base64 = written
    .toString('latin1')
    .replace(/./g, (sign) => BASE64_SIGNS[BCRYPT_SIGNS.indexOf(sign)] ?? '');
  return Buffer.from(base64, 'base64');
}

/** Started when first needed; does not keep the process alive; one that has died is replaced. */
function sha512Thread() {
  let worker: Worker | undefined;
  let last = 0;
  const waiting = new Map<number, PromiseWithResolvers<string>>();

  const start = (): Worker => {
    const started = new Worker(new URL('foreign-sha512-thread.ts', import.meta.url), { env: {} });
    started.on('message', ({ id, digest }: Done) => {
      waiting.get(id)?.resolve(digest);
      waiting.delete(id);
    });
    started.on('error', (error) => {
      worker = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    started.unref();
    return started;
  };

  return {
    digest(password: Buffer, salt: Buffer, rounds: number): Promise<string> {
      worker ??= start();
      last += 1;
      const promise = Promise.withResolvers<string>();
      waiting.set(last, promise);
      worker.postMessage({ id: last, password, salt, rounds } satisfies Task);
      return promise.promise;
    },
  };
}
