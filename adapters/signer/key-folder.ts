/**
 * A folder of certificates and keys, looked at anew while it is used, so that a pair put there is found without a
 * restart. Looking instead of being told: mounted secrets change behind symbolic links, which no watcher reports.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
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

export type FolderContent = {
  /** Fresh objects when anything has changed. */
  readonly pairs: readonly KeyPair[];
  /** A sentence for each certificate that cannot be used; the others can. */
  readonly faults: readonly string[];
};

export type KeyFolder = {
  /** Throws RangeError with a sentence when the folder cannot be read. */
  look(): Promise<FolderContent>;
};

const CERTIFICATES = new Set(['.crt', '.cer', '.pem', '.der']);
const KEY = '.key';
const LOOK_EVERY_MS = 2_000;

export function keyFolder(folder: string): KeyFolder {
  let seen = '';
  let looked = Number.NEGATIVE_INFINITY;
  let known: FolderContent = { pairs: [], faults: [] };

  return {
    async look() {
      if (performance.now() - looked < LOOK_EVERY_MS) return known;
      const files = await filesOf(folder);
      const now = files.map(({ path, mark }) => `${path} ${mark}`).join('\n');
      if (now !== seen) {
        known = await readAll(files.map(({ path }) => path));
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

async function readAll(paths: readonly string[]): Promise<FolderContent> {
  const keys = new Set(paths.filter((path) => extname(path) === KEY));
  const pairs: KeyPair[] = [];
  const faults: string[] = [];
  for (const path of paths) {
    if (keys.has(path)) continue;
    const stem = path.slice(0, -extname(path).length);
    const keyPath = `${stem}${KEY}`;
    try {
      pairs.push({
        name: basename(stem),
        certificate: readCertificate(await readFile(path)),
        certificatePath: path,
        keyPath: keys.has(keyPath) ? keyPath : undefined,
      });
    } catch (error) {
      faults.push(`${path}: ${(error as Error).message}.`);
    }
  }
  return { pairs, faults };
}
