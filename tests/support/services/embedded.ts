/**
 * A migrated embedded database in memory, filled from a copy that is made once per schema: making one takes seconds,
 * which a few dozen files would each pay.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPglite } from '../../../adapters/database/pglite.ts';
import { startPgBoss } from '../../../adapters/job-queue/pg-boss.ts';
import { TEST_CACHE } from '../process-environment.ts';
import { schemaDigest } from './database.ts';

export async function openEmbedded(): ReturnType<typeof openPglite> {
  const file = join(TEST_CACHE, `embedded-${await schemaDigest()}.tar`);
  if (!existsSync(file)) await makeCopy(file);
  return openPglite(undefined, new Blob([await readFile(file)]));
}

async function makeCopy(file: string): Promise<void> {
  await mkdir(TEST_CACHE, { recursive: true });
  const database = await openPglite();
  await migrate(database);
  const jobs = await startPgBoss({ on: { pglite: database.handle }, onError: () => {} });
  await jobs.stop(1);
  const contents = await database.handle.dumpDataDir('none');
  await database.close();
  // Several workers may be making it at once; each copy is as good.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, new Uint8Array(await contents.arrayBuffer()));
  await rename(draft, file);
}
