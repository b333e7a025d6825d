/** Finds the servers the tests need; installs Debian's packages when it may; else says what to install. */
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

type Wanted = {
  /** Any of these names will do. */
  readonly names: readonly string[];
  readonly packages: readonly string[];
};

const WANTED = {
  /** Its programs lie side by side; this one stands for all. */
  postgres: { names: ['initdb'], packages: ['postgresql'] },
  redis: { names: ['redis-server'], packages: ['redis-server'] },
  /** Without a window it needs two thirds of the time. */
  chromium: {
    names: [
      'chromium-headless-shell',
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
    ],
    packages: ['chromium-headless-shell', 'fonts-dejavu-core'],
  },
} satisfies Record<string, Wanted>;

type Kind = keyof typeof WANTED;
export type Need = { readonly [kind in Kind]?: boolean };
/** Paths. */
export type Binaries = { [kind in Kind]?: string };

/** Throws one sentence when something is missing and cannot be installed. */
export async function findBinaries(need: Need): Promise<Binaries> {
  const kinds = (Object.keys(WANTED) as Kind[]).filter((kind) => need[kind]);
  const found: Binaries = {};
  const missing: Kind[] = [];
  for (const kind of kinds) {
    const path = await locate(WANTED[kind]);
    if (path === undefined) missing.push(kind);
    else found[kind] = path;
  }
  if (missing.length > 0) await install(missing.flatMap((kind) => WANTED[kind].packages));
  for (const kind of missing) {
    const path = await locate(WANTED[kind]);
    if (path === undefined)
      throw new Error(`${WANTED[kind].packages[0]} is installed, but without its program`);
    found[kind] = path;
  }
  return found;
}

async function locate({ names }: Wanted): Promise<string | undefined> {
  for (const directory of await searchPath()) {
    for (const name of names) {
      const path = join(directory, name);
      const usable = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (usable) return path;
    }
  }
  return undefined;
}

/** Debian keeps PostgreSQL's programs out of PATH; the newest version comes first. */
async function searchPath(): Promise<string[]> {
  const home = '/usr/lib/postgresql';
  const versions = await readdir(home).catch(() => []);
  const newestFirst = versions.sort((a, b) => Number(b) - Number(a));
  return [
    ...(process.env.PATH ?? '').split(delimiter),
    ...newestFirst.map((version) => join(home, version, 'bin')),
  ];
}

export async function install(packages: readonly string[]): Promise<void> {
  const apt = await access('/usr/bin/apt-get', constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!apt || process.getuid?.() !== 0) {
    const elsewhere = packages.some((name) => name === 'postgresql' || name === 'redis-server')
      ? ', or name running servers in TEST_DATABASE_URL and TEST_REDIS_URL'
      : '';
    throw new Error(`The tests need ${packages.join(', ')}: install them (Debian's names)${elsewhere}.`);
  }
  console.log(`Installing ${packages.join(', ')} for the tests …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Somebody else may be installing just now.
  const options = ['-qq', '-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', [...options, 'update'], { env });
  await run('apt-get', [...options, 'install', '-y', '--no-install-recommends', ...packages], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
}
