/** The sandbox's template database: two processes may make it at once, and nobody clears what another works on. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const MODULE = new URL('../../../sandbox/database-template.ts', import.meta.url).href;
const TIMEOUT_MS = 120_000;
const LONG_AGO = new Date(Date.now() - 2 * 3_600_000);

const room = await mkdtemp(join(tmpdir(), 'template-'));
afterAll(() => rm(room, { recursive: true }));

it(
  'is made by two processes at once, each with a whole copy; what is forgotten goes, what is new stays',
  async () => {
    const cache = join(room, 'cache');
    for (const name of ['database-of-old', 'draft-dead', 'draft-live']) {
      await mkdir(join(cache, name), { recursive: true });
      if (name !== 'draft-live') await utimes(join(cache, name), LONG_AGO, LONG_AGO);
    }
    const copies = [join(room, 'one'), join(room, 'other')];
    await Promise.all(
      copies.map((copy) => {
        const script = `const { freshDatabase } = await import('${MODULE}'); await freshDatabase('${copy}', '${cache}');`;
        return promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
      }),
    );
    const [one, other] = await Promise.all(copies.map((copy) => readdir(copy)));
    expect(one).toContain('PG_VERSION');
    expect(other).toEqual(one);
    expect((await readdir(cache)).sort()).toEqual([expect.stringMatching(/^database-\w{16}$/), 'draft-live']);
  },
  TIMEOUT_MS,
);
