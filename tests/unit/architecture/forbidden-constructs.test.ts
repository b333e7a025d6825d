/** Our files keep the rules of `forbidden-constructs.ts`, and every rule tells its bad examples from its good ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RULES } from './forbidden-constructs.ts';

const files = ['provider', 'adapters', 'clients', 'views'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
);

describe.each(RULES)('$name', ({ files: judged, except, finds, bad, good }) => {
  it.each(bad)('finds %s', (example) => {
    expect(finds(example)).toEqual([1]);
  });

  it.each(good)('lets pass %s', (example) => {
    expect(finds(example)).toEqual([]);
  });

  it('holds in our files', () => {
    const mine = files.filter((file) => judged.test(file));
    expect(mine.length).toBeGreaterThan(10);
    const places = mine
      .filter((file) => !except?.test(file))
      .flatMap((file) => finds(readFileSync(file, 'utf8')).map((line) => `${file}:${line}`));
    expect(places).toEqual([]);
  });
});
