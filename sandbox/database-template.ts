/**
 * A migrated, empty database, made once per machine and copied at each start: making one takes seconds, copying it
 * a moment. Kept beside the other caches of this checkout; deleting it costs nothing but those seconds.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../adapters/database/migrate.ts';
import { openPglite } from '../adapters/database/pglite.ts';
import { startPgBoss } from '../adapters/job-queue/pg-boss.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules', '.cache', 'union-id');
/** Whatever changes the content of a fresh database. */
const INGREDIENTS = ['adapters/database/migrations', 'package-lock.json'];

/** Fills `directory` with a fresh database, unless there is one already. */
export async function freshDatabase(directory: string): Promise<void> {
  if (existsSync(directory)) return;
  const template = join(CACHE, `database-${await digest()}`);
  if (!existsSync(template)) await makeTemplate(template);
  await mkdir(dirname(directory), { recursive: true });
  await cp(template, directory, { recursive: true });
}

async function makeTemplate(template: string): Promise<void> {
  await rm(CACHE, { recursive: true, force: true });
  const draft = `${template}.${process.pid}`;
  const database = await openPglite(draft);
  await migrate(database);
  const jobs = await startPgBoss({ on: { pglite: database.handle }, onError: () => {} });
  await jobs.stop(1);
  await database.close();
  // Two sandboxes may be making it at once: whoever comes first wins, the other's is as good.
  await rename(draft, template).catch(() => rm(draft, { recursive: true, force: true }));
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
