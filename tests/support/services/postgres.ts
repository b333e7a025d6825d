/** A throw-away PostgreSQL server that forgets everything and flushes nothing. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { createDirectory, type Owner, type Server, startServer } from './server.ts';

const run = promisify(execFile);

/** `initdb` is the path of that program; the server lies beside it. The URL is the superuser's. */
export async function startPostgres(initdb: string): Promise<Server & { url: string }> {
  const owner = process.getuid?.() === 0 ? await somebodyElse() : undefined;
  const directory = await createDirectory('postgres', owner);
  await run(
    initdb,
    ['-D', directory, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...owner, cwd: directory },
  );
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 300,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  };
  const server = await startServer({
    command: [
      join(dirname(initdb), 'postgres'),
      ...['-D', directory],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    directory,
    readyLine: /database system is ready to accept connections/,
    stopSignal: 'INT',
    ...(owner ? { owner } : {}),
  });
  return { ...server, url: `postgres://postgres@127.0.0.1:${port}/postgres` };
}

/** PostgreSQL refuses to run as root. */
async function somebodyElse(): Promise<Owner> {
  const people = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const person = ['postgres', 'nobody']
    .map((name) => people.find(([known]) => known === name))
    .find((found) => found);
  if (person === undefined)
    throw new Error('PostgreSQL refuses to run as root, and there is no user «nobody»');
  return { uid: Number(person[2]), gid: Number(person[3]) };
}
