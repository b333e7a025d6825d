/** The groups of events are spread into one object: a name that two of them have would silently be the later one's. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const FOLDER = new URL('../../../provider/events/', import.meta.url);

it('no two groups tell different facts under one name', () => {
  const names = readdirSync(FOLDER).flatMap((file) => {
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    return [...text.matchAll(/^ {4}(?:async )?(\w+)\(\s*where: Where/gm)].map(([, name = '']) => name);
  });
  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
