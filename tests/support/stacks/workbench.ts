/** The files of a stack on a developer's disk, and the program they make: exactly what the developer pages show. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesOf, fill, type Stack, type Values } from '../../../clients/developers/snippets/snippets.ts';
import { createDirectory, type Owner, type Server, startServer } from '../services/server.ts';
import { DEBIAN_PATH } from './tools.ts';

const PACKAGES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** A folder with the files in it; npm's packages lie beside them, as after `npm install`. */
export async function layOut(stack: Stack, values: Values, owner?: Owner): Promise<string> {
  const directory = await createDirectory(stack.id, owner);
  await symlink(PACKAGES, join(directory, 'node_modules'));
  for (const { name, text } of filesOf(stack, values)) await writeFile(join(directory, name), text);
  await mkdir(join(directory, 'state'), { mode: 0o700 });
  return directory;
}

/** Runs the command that the stack names, on another port than everybody's. */
export async function startStack(stack: Stack, values: Values, port: number): Promise<Server> {
  const directory = await layOut(stack, values);
  const command = fill(stack.run ?? '', values)
    .replace('localhost:8080', `localhost:${port}`)
    .replace('/var/lib/union-id', join(directory, 'state'));
  const path = `${dirname(process.execPath)}:${DEBIAN_PATH}`;
  return startServer({
    // `env` becomes the program: what is asked to end is the program itself.
    command: ['/bin/sh', '-c', `exec env PATH=${path} PORT=${port} ${command}`],
    directory,
    readyLine: new RegExp(`(localhost|127\\.0\\.0\\.1):${port}`),
  });
}
