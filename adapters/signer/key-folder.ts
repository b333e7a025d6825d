/**
 * A folder of certificates and keys, looked at anew while it is used, so that a pair put there is found without a
 * restart. Looking instead of being told: mounted secrets change behind symbolic links, which no watcher reports.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { readCertificate } from './certificate.ts';
import type { Certificate } from './signer.ts';

export type KeyPair = {
  /** The file name without its end. */
  readonly name: string;
  readonly certificate: Certificate;
  readonly certificatePath: string;
  /** Absent: the key is kept elsewhere. */
  readonly keyPath: string | undefined;
};

export type KeyFolder = {
  /** Fresh objects when anything has changed. Throws RangeError with a sentence about the file that is wrong. */
  pairs(): Promise<readonly KeyPair[]>;
};

const CERTIFICATES = new Set(['.crt', '.cer', '.pem', '.der']);
const KEY = '.key';
const LOOK_EVERY_MS = 2_000;

export function keyFolder(folder: string): KeyFolder {
  let seen = '';
  let looked = Number.NEGATIVE_INFINITY;
  let known: readonly KeyPair[] = [];

  return {
    async pairs() {
      if (performance.now() - looked < LOOK_EVERY_MS) return known;
      const files = await filesOf(folder);
      const now = files.map(({ path, mark }) => `${path} ${mark}`).join('\n');
      if (now !== seen) {
        known = await readPairs(files.map(({ path }) => path));
        seen = now;
      }
      looked = performance.now();
      return known;
    },
  };
}

async function filesOf(folder: string): Promise<readonly { path: string; mark: string }[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new RangeError(`The folder ${folder} cannot be read (${error.code}).`);
  });
  const wanted = names.filter((name) => CERTIFICATES.has(extname(name)) || extname(name) === KEY).sort();
  return Promise.all(
    wanted.map(async (name) => {
      const path = join(folder, name);
      const { mtimeMs, size, ino } = await stat(path);
      return { path, mark: `${mtimeMs} ${size} ${ino}` };
    }),
  );
}

async function readPairs(paths: readonly string[]): Promise<readonly KeyPair[]> {
  const keys = new Set(paths.filter((path) => extname(path) === KEY));
  return Promise.all(
    paths
      .filter((path) => !keys.has(path))
      .map(async (path) => {
        const stem = path.slice(0, -extname(path).length);
        const keyPath = `${stem}${KEY}`;
        return {
          name: stem.slice(stem.lastIndexOf('/') + 1),
          certificate: await certificateAt(path),
          certificatePath: path,
          keyPath: keys.has(keyPath) ? keyPath : undefined,
        };
      }),
  );
}

async function certificateAt(path: string): Promise<Certificate> {
  const content = await readFile(path);
  try {
    return readCertificate(content);
  } catch (cause) {
    throw new RangeError(`${path}: ${(cause as Error).message}.`, { cause });
  }
}
