/** No line of the checklist for ESIA's clients and simulators is without a test that bears its number in its name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const LINES = 42;

/** The name of a test or of a group, also of one that is made from a table. Not of one that is skipped. */
const NAMED = /(?:\b(?:describe|test|it)|\))\(\s*(['"`])(no\. .+?)\1,/g;

it('each line of the checklist has a test of its number, and there are no others', () => {
  const files = readdirSync('tests', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(join('tests', file), 'utf8'));
  const names = files.flatMap((text) => [...text.matchAll(NAMED)].map(([, , name = '']) => name));
  const numbers = names.flatMap((name) =>
    [...name.matchAll(/\bno\. (\d+)/g)].map(([, number]) => Number(number)),
  );
  const found = [...new Set(numbers)].sort((a, b) => a - b);
  expect(found).toEqual(Array.from({ length: LINES }, (_, at) => at + 1));
});
