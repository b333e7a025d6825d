/** A throw-away server: a child process with a directory of its own, both gone when we are, even by SIGKILL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Whom to be; undefined: who we are. */
export type Owner = { readonly uid: number; readonly gid: number };

export type Server = { stop(): Promise<void> };

export type ServerOptions = {
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  /** The line of output after which the server answers. */
  readonly readyLine: RegExp;
  readonly stopSignal?: 'TERM' | 'INT';
  readonly owner?: Owner;
};

const START_MILLISECONDS = 30_000;

// The shell reads our end of a pipe, which closes when this process ends in whatever way.
const WATCH = `
exec 3<&0
directory=$1; signal=$2; shift 2
"$@" 3<&- & server=$!
(read -r _ <&3; kill -"$signal" "$server") 2>/dev/null & watcher=$!
wait "$server"; status=$?
rm -rf "$directory"
kill "$watcher" 2>/dev/null
exit "$status"`;

/** Whom to be when we are root: the first of these names there is, or «nobody». Undefined: we are not root. */
export async function unprivileged(...names: readonly string[]): Promise<Owner | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const people = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const person = [...names, 'nobody']
    .map((name) => people.find(([known]) => known === name))
    .find((found) => found);
  if (person === undefined) throw new Error('no server runs as root here, and there is no user «nobody»');
  return { uid: Number(person[2]), gid: Number(person[3]) };
}

export async function createDirectory(name: string, owner?: Owner): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `union-id-${name}-`));
  if (owner) await chown(directory, owner.uid, owner.gid);
  return directory;
}

/** Resolves when the server is ready; rejects with its last words when it ends before. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { command, directory, readyLine, stopSignal = 'TERM', owner } = options;
  const child = spawn('/bin/sh', ['-c', WATCH, 'sh', directory, stopSignal, ...command], {
    ...owner,
    cwd: directory,
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C reaches us alone; the servers end when we do.
    detached: true,
  });
  const exited = once(child, 'exit');
  const words: string[] = [];
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      words.push(line);
      if (words.length > 20) words.shift();
      if (readyLine.test(line)) resolve();
    });
  }
  exited.then(() => reject(new Error(`${command[0]} ended:\n${words.join('\n')}`)), reject);
  const patience = setTimeout(() => {
    child.stdin.end();
    reject(new Error(`${command[0]} is not ready after ${START_MILLISECONDS} ms:\n${words.join('\n')}`));
  }, START_MILLISECONDS);
  await ready.finally(() => clearTimeout(patience));
  return {
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
