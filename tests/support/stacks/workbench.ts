/** The files of a stack on a developer's disk, and the program they make: exactly what the developer pages show. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { filesOf, fill, type Stack, type Values } from '../../../clients/developers/snippets/snippets.ts';
import { createDirectory, type Owner, type Server, startServer } from '../services/server.ts';
import { DEBIAN_PATH } from './tools.ts';

const PACKAGES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

const PATH = `${dirname(process.execPath)}:${DEBIAN_PATH}`;

/** A folder with the files in it; npm's packages lie beside them, as after `npm install`. */
export async function layOut(stack: Stack, values: Values, owner?: Owner): Promise<string> {
  const directory = await createDirectory(stack.id, owner);
  await symlink(PACKAGES, join(directory, 'node_modules'));
  for (const { name, text } of filesOf(stack, values)) await writeFile(join(directory, name), text);
  await mkdir(join(directory, 'state'), { mode: 0o700 });
  return directory;
}

/** Runs the command that the stack names to its end; `heard` may act on a line before the next is read. */
export async function runStack(
  stack: Stack,
  values: Values,
  heard: (line: string) => Promise<void> = async () => undefined,
): Promise<{ readonly code: unknown; readonly said: readonly string[] }> {
  const directory = await layOut(stack, values);
  const program = spawn('/bin/sh', ['-c', `exec env ${fill(stack.run ?? '', values)}`], {
    cwd: directory,
    env: { PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(program, 'exit');
  const said: string[] = [];
  program.stderr.on('data', (text) => said.push(String(text)));
  for await (const line of createInterface(program.stdout)) {
    said.push(line);
    await heard(line);
  }
  const [code] = await ended;
  await rm(directory, { recursive: true });
  return { code, said };
}

/** Runs the command that the stack names: it listens at the port of the redirect address. */
export async function startStack(stack: Stack, values: Values, port: number): Promise<Server> {
  const directory = await layOut(stack, values);
  const command = fill(stack.run ?? '', values).replace('/var/lib/union-id', join(directory, 'state'));
  return startServer({
    // `env` becomes the program: what is asked to end is the program itself.
    command: ['/bin/sh', '-c', `exec env PATH=${PATH} ${command}`],
    directory,
    readyLine: new RegExp(`(localhost|127\\.0\\.0\\.1):${port}`),
  });
}
