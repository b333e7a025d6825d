/** Databases of one's own, copied from a template – migrated, with the job queue's tables – made once per server and schema. */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { migrate } from '../../../adapters/database/migrate.ts';
import { openPg } from '../../../adapters/database/pg.ts';
import { startPgBoss } from '../../../adapters/job-queue/pg-boss.ts';

const MIGRATIONS = new URL('../../../adapters/database/migrations/', import.meta.url);
const QUEUES = new URL('../../../adapters/job-queue/pg-boss.ts', import.meta.url);
const LOCK_FILE = new URL('../../../package-lock.json', import.meta.url);
const TEMPLATE_LOCK = 0x7e57;

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

/** `server` is the URL of any database there, of a user who may create databases. `empty`: no table at all. */
export async function createDatabase(
  server: string,
  options: { empty?: boolean } = {},
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(server, async (admin) => {
    const template = options.empty ? 'template0' : await ensureTemplate(server, admin);
    await admin.query(`create database ${name} template ${template}`);
  });
  return {
    url: databaseUrl(server, name),
    drop: () =>
      asAdmin(server, async (admin) => {
        await admin.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

/** Named after the migrations, so that a server that stays keeps no stale one. */
async function ensureTemplate(server: string, admin: pg.Client): Promise<string> {
  const name = `template_${await schemaDigest()}`;
  if (await exists(admin, name)) return name;
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  if (!(await exists(admin, name))) {
    const draft = `${name}_draft`;
    await admin.query(`drop database if exists ${draft} with (force)`);
    await admin.query(`create database ${draft} template template0`);
    const url = databaseUrl(server, draft);
    const database = openPg({ url, poolSize: 1 });
    await migrate(database).finally(() => database.close());
    const jobs = await startPgBoss({ on: { url }, onError: () => {} });
    await jobs.stop(1);
    await admin.query(`alter database ${draft} rename to ${name}`);
  }
  return name;
}

async function exists(admin: pg.Client, name: string): Promise<boolean> {
  return (await admin.query('select from pg_database where datname = $1', [name])).rowCount === 1;
}

/** Changes with every migration, queue and version of a library. */
export async function schemaDigest(): Promise<string> {
  const digest = createHash('sha256');
  for (const file of (await readdir(MIGRATIONS)).sort()) {
    digest.update(file).update(await readFile(new URL(file, MIGRATIONS)));
  }
  for (const file of [QUEUES, LOCK_FILE]) digest.update(await readFile(file));
  return digest.digest('hex').slice(0, 16);
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = name;
  return url.href;
}

/** The lock of `ensureTemplate` ends with the connection. */
async function asAdmin(server: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await work(admin).finally(() => admin.end());
}
