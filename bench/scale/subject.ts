/** A database with so many members, brought there by the import itself, and a gateway on it that people sign in to. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import { postgresClients } from '../../adapters/client-store/postgres.ts';
import { openPg } from '../../adapters/database/pg.ts';
import { argon2id } from '../../adapters/password-hasher/argon2id.ts';
import { readConfig } from '../../provider/config.ts';
import { createDatabase } from '../../tests/support/services/database.ts';
import { freePort } from '../../tests/support/services/free-port.ts';
import type { LoadClients } from '../clients.ts';
import { environmentOn, MAIN } from '../gateway.ts';
import { PASSWORD, person } from '../people.ts';
import { fillAccounts, fillSurroundings, openUnjudged, type Told } from '../population/fill.ts';
import { type Shape, shapeOf } from '../population/population.ts';
import { writeCsv } from '../population/write-csv.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';

const CLI = fileURLToPath(new URL('../../provider/cli/main.ts', import.meta.url));
const LOOK_EVERY_MS = 500;

export type Import = { readonly rows: number; readonly seconds: number; readonly peakMegabytes: number };

export type ScaledSubject = {
  readonly shape: Shape;
  readonly url: string;
  readonly accounts: number;
  readonly imported: Import;
  readonly server: ServerProcess;
};

export type SubjectOptions = {
  readonly members: number;
  readonly accounts: number;
  readonly postgres: string;
  readonly redis: string;
  readonly clients: LoadClients;
  readonly folder: string;
  readonly tell: Told;
};

export async function openSubject(options: SubjectOptions): Promise<ScaledSubject> {
  const { members, accounts, postgres, redis, clients, tell } = options;
  const folder = join(options.folder, String(members));
  mkdirSync(folder);
  const shape = shapeOf(members);
  const { url } = await createDatabase(postgres);
  const port = await freePort();
  const environment = environmentOn(`http://127.0.0.1:${port}`, port, url, redis);
  const files = await writeCsv(folder, shape, tell);
  tell('organisations import', 0, 1);
  await runImport(['organisations', 'import', files.organisations], environment, 0);
  tell('members import', 0, 1);
  const imported = await runImport(['members', 'import', files.members], environment, members);

  const config = readConfig(environment);
  const hasher = argon2id({ peppers: config.secrets.peppers, atOnce: 1, queueMilliseconds: 60_000 });
  const hash = await hasher.hash(PASSWORD);
  const unjudged = openUnjudged(url);
  const { givenName } = person(0);
  const email = (index: number): string => person(index).email;
  await fillAccounts(unjudged, shape, { count: accounts, hash, email, givenName }, tell);
  await fillSurroundings(unjudged, tell);
  await unjudged.close();

  const tables = openPg({ url, poolSize: 1 });
  const store = postgresClients(tables, aesGcm(config.secrets.encryptionKeys));
  for (const { metadata } of Object.values(clients)) await store.save(metadata, 'bench');
  await tables.close();
  const server = await startServerProcess({
    issuer: config.issuer,
    args: [MAIN],
    environment,
    logFile: join(folder, 'gateway.log'),
  });
  return { shape, url, accounts, imported, server };
}

/** As an operator runs it. Throws with its last words when it fails. */
async function runImport(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  rows: number,
): Promise<Import> {
  const started = performance.now();
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      words = `${words}${text}`.slice(-2_000);
    });
  }
  let peakMegabytes = 0;
  const looking = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    const [, kilobytes = '0'] = /^VmHWM:\s+(\d+) kB/m.exec(status) ?? [];
    peakMegabytes = Math.max(peakMegabytes, (Number(kilobytes) * 1_024) / 1e6);
  }, LOOK_EVERY_MS);
  const [code] = await once(child, 'exit');
  clearInterval(looking);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${words}`);
  return { rows, peakMegabytes, seconds: (performance.now() - started) / 1_000 };
}
