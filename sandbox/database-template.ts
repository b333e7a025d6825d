/**
 * A migrated, empty database, made once per machine and copied at each start: making one takes seconds, copying it
 * a moment. Kept beside the other caches of this checkout; deleting it costs nothing but those seconds.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../adapters/database/migrate.ts';
import { openPglite } from '../adapters/database/pglite.ts';
import { startPgBoss } from '../adapters/job-queue/pg-boss.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache', 'union-id');
/** Whatever changes the content of a fresh database. */
const INGREDIENTS = ['adapters/database/migrations', 'package-lock.json'];

/** A draft takes seconds and a copy a moment: what nobody has touched for so long, nobody is working on. */
const FORGOTTEN_MS = 3_600_000;

/** Fills `directory` with a fresh database, unless there is one already. */
export async function freshDatabase(directory: string, cache = CACHE): Promise<void> {
  if (existsSync(directory)) return;
  const template = join(cache, `database-${await digest()}`);
  if (!existsSync(template)) await makeTemplate(template, cache);
  const now = new Date();
  await utimes(template, now, now);
  await clearForgotten(cache);
  await mkdir(dirname(directory), { recursive: true });
  await cp(template, directory, { recursive: true });
}

async function makeTemplate(template: string, cache: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'draft-'));
  const database = await openPglite(draft);
  await migrate(database);
  const jobs = await startPgBoss({ on: { pglite: database.handle }, onError: () => {} });
  await jobs.stop(1);
  await database.close();
  // Two sandboxes may be making it at once: whoever comes first wins, the other's is as good.
  await rename(draft, template).catch((err: unknown) => {
    if (!existsSync(template)) throw err;
    return rm(draft, { recursive: true, force: true });
  });
}

/** Templates of older schemas, and drafts of processes that died over them. */
async function clearForgotten(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    // Another process may have cleared it meanwhile.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > FORGOTTEN_MS) await rm(path, { recursive: true, force: true });
  }
}

async function digest(): Promise<string> {
  const hash = createHash('sha256');
  for (const ingredient of INGREDIENTS) {
    const path = join(ROOT, ingredient);
    const files = ingredient.includes('.')
      ? [path]
      : (await readdir(path)).sort().map((file) => join(path, file));
    for (const file of files) hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}
