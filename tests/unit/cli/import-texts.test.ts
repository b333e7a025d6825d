import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copyLine } from '../../../provider/cli/import/copy-line.ts';
import { lines } from '../../../provider/cli/import/progress.ts';
import { type Reject, writeRejects } from '../../../provider/cli/import/rejects.ts';

test('COPY: what is special there is escaped, nothing is NULL, bytes are hexadecimal', () => {
  expect(copyLine([1, 'a\tb\\N\r\n', undefined, '', Buffer.from([0, 255])])).toBe(
    '1\ta\\tb\\\\N\\r\\n\t\\N\t\t\\\\x00ff',
  );
});

async function* batches(...all: Reject[][]): AsyncGenerator<Reject[]> {
  yield* all;
}

test('rejects: a file for the operator alone, harmless in a spreadsheet, gone when there are none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'union-id-rejects-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'rejects.csv');
  const count = await writeRejects(
    file,
    'member_id',
    batches([{ line: 2, id: '=cmd()', reason: 'says "no", twice' }], [{ line: 9, id: 'M-1', reason: 'no' }]),
  );
  expect(count).toBe(2);
  expect(await readFile(file, 'utf8')).toBe(
    `line,member_id,reason\r\n2,"'=cmd()","says ""no"", twice"\r\n9,"M-1","no"\r\n`,
  );
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await writeRejects(file, 'member_id', batches([]))).toBe(0);
  await expect(stat(file)).rejects.toThrow('ENOENT');
});

test('progress without a terminal: a line per tenth, and the end once', () => {
  const written: string[] = [];
  const progress = lines((text) => written.push(text));
  progress.begin('reading', 1_000);
  for (let done = 0; done <= 1_000; done += 10) progress.at(done);
  progress.end();
  progress.begin('writing', 0);
  progress.end();
  expect(written).toEqual([
    ...[10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) => `reading ${percent} %`),
    'writing 100 %',
  ]);
});
