/** One process per embedded database: two would destroy it. The lock is a file with the process id of its holder. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export class DirectoryInUse extends Error {
  override name = 'DirectoryInUse';

  constructor(directory: string, holder: number) {
    super(`the embedded database in ${directory} is in use by process ${holder}; stop it first`);
  }
}

/** Returns what gives the lock back. Throws DirectoryInUse while another living process holds it. */
export function lockDirectory(directory: string): () => void {
  const file = join(directory, '.gateway.pid');
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(readFileSync(file, 'utf8'));
    if (holder !== process.pid && isAlive(holder)) throw new DirectoryInUse(directory, holder);
    // Left behind by a process that was killed.
    rmSync(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
