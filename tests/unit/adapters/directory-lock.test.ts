import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DirectoryInUse, lockDirectory } from '../../../adapters/database/directory-lock.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'lock-'));
const lockOf = (directory: string, pid: number) =>
  writeFileSync(join(directory, '.gateway.pid'), String(pid));

it('is held until it is given back', () => {
  const directory = fresh();
  const unlock = lockDirectory(directory);
  expect(readdirSync(directory)).toHaveLength(1);
  unlock();
  expect(readdirSync(directory)).toHaveLength(0);
});

it('refuses while another process lives, and takes over from one that was killed', () => {
  const directory = fresh();
  lockOf(directory, process.ppid);
  expect(() => lockDirectory(directory)).toThrow(DirectoryInUse);
  lockOf(directory, 2 ** 22 + 1);
  expect(() => lockDirectory(directory)()).not.toThrow();
});
