/** A throw-away PostgreSQL server that forgets everything and flushes nothing. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { createDirectory, type Server, startServer, unprivileged } from './server.ts';

const run = promisify(execFile);

/** `initdb` is the path of that program; the server lies beside it. The URL is the superuser's. */
export async function startPostgres(initdb: string): Promise<Server & { url: string }> {
  // It refuses to run as root.
  const owner = await unprivileged('postgres');
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
