import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import {
  exampleEnvironment,
  freshEnvironment,
  toEnvironmentFile,
} from '../../../provider/cli/environment-file.ts';
import { readConfig } from '../../../provider/config.ts';
import { describeVariables } from '../../../provider/variables.ts';

test('.env.example is what «union-id init --example» prints', async () => {
  const committed = await readFile(new URL('../../../.env.example', import.meta.url), 'utf8');
  expect(committed).toBe(exampleEnvironment());
});

test('the example names every variable, sets none, and keeps its lines short', () => {
  const example = exampleEnvironment();
  expect(parseEnv(example)).toEqual({});
  for (const { name } of describeVariables()) expect(example).toMatch(new RegExp(`^#${name}=`, 'm'));
  expect(example.split('\n').filter((line) => line.length > 110)).toEqual([]);
});

test('a fresh file is a complete configuration', () => {
  const written = toEnvironmentFile(freshEnvironment('https://id.example.test'));
  expect(readConfig(parseEnv(written)).issuer).toBe('https://id.example.test');
});
