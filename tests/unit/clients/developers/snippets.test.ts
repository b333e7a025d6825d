/** The snippets as files: all listed, each place known, each well-formed; who says it is executed is. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { integrationShape } from '../../../../clients/developers/api/shapes.ts';
import { filledStack } from '../../../../clients/developers/quick-start/suiting.ts';
import { filesOf, fill, PLACEHOLDERS, stacks } from '../../../../clients/developers/snippets/snippets.ts';

const FOLDER = 'clients/developers/snippets';
const text = (path: string): string => readFileSync(join(FOLDER, path), 'utf8');
const files = [...new Map(stacks.flatMap((stack) => stack.files).map((file) => [file.path, file.language]))];

it('every file belongs to a stack', () => {
  const there = globSync('*/**/*.*', { cwd: FOLDER });
  expect(there.sort()).toEqual(files.map(([path]) => path).sort());
});

describe.each(stacks)('$id', (stack) => {
  it('has its folder, and is executed or says why not', () => {
    expect(stack.files[0]?.path.split('/')[0]).toBe(stack.id);
    expect(stack.executed).toBe(stack.why_not_executed === undefined);
  });

  it('knows each place', () => {
    const places = [...stack.files.map(({ path }) => text(path)), stack.run ?? ''].flatMap((each) =>
      [...each.matchAll(/\{\{(.*?)\}\}/g)].map(([, name]) => name ?? ''),
    );
    const known: readonly string[] = [...PLACEHOLDERS, 'issuer_host', 'port'];
    expect(places.filter((name) => !known.includes(name))).toEqual([]);
    expect(places).toEqual(expect.arrayContaining(['issuer', 'client_id']));
    if (stack.authentication === 'none') expect(places).not.toContain('client_secret');
  });
});

it('what is executed is named by a test that does it', () => {
  // Those of the web are all walked through by one test, which takes them from the list.
  const tests = globSync('tests/{e2e/libraries,browser}/*.test.ts').map((path) => readFileSync(path, 'utf8'));
  const silent = stacks
    .filter(({ executed, kinds }) => executed && !kinds.includes('web'))
    .filter(({ id }) => !tests.some((test) => test.includes(`'${id}'`)));
  expect(silent.map(({ id }) => id)).toEqual([]);
});

const WELL_FORMED: Readonly<Record<string, (path: string) => void>> = {
  js: (path) => {
    const input = text(path);
    execFileSync(process.execPath, ['--check', '--input-type=module', '-'], { input });
  },
  sh: (path) => void execFileSync('/bin/sh', ['-n', join(FOLDER, path)]),
  yaml: (path) => void parseYaml(text(path)),
  toml: (path) => {
    for (const line of statements(path)) JSON.parse(line.replace(/^\w+ = /, ''));
  },
  nginx: (path) => {
    for (const line of statements(path)) expect(line).toMatch(/[;{}]( #.*)?$/);
    expectPairs(text(path));
  },
  java: (path) => expectPairs(text(path)),
  kotlin: (path) => expectPairs(text(path)),
  swift: (path) => expectPairs(text(path)),
};

const statements = (path: string): string[] =>
  text(path)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));

/** No compiler of theirs is at hand: at least what is opened is closed, in order. */
function expectPairs(code: string): void {
  const open: string[] = [];
  const bare = code.replace(/"(?:[^"\\]|\\.)*"|\/\/.*|\/\*[\s\S]*?\*\/|#.*/g, '');
  for (const [sign] of bare.matchAll(/[()[\]{}]/g)) {
    if ('([{'.includes(sign)) open.push(sign);
    else expect(`${open.pop()}${sign}`).toMatch(/^(\(\)|\[\]|\{\})$/);
  }
  expect(open).toEqual([]);
}

// PHP and Python are not on every machine that runs the unit tests: tests/e2e/libraries has them.
it.each(files.filter(([, language]) => language in WELL_FORMED))('%s is well-formed', (path, language) => {
  WELL_FORMED[language]?.(path);
});

describe('filling in', () => {
  it('puts values in their places', () => {
    const [file] = filesOf(stacks[0]!, { issuer: 'https://id.example.test', client_id: 'my-app' });
    expect(file?.text).toContain("new URL('https://id.example.test')");
    expect(file?.text).toContain("'my-app'");
    expect(file?.text).toContain("'{{redirect_uri}}'");
  });

  it.each([
    ['http://localhost:5000/callback', '5000'],
    ['https://quiz.example.test/callback', '8080'],
  ])('lets who comes back to %s find the program at %s', (redirect_uri, port) => {
    expect(fill("'{{port}}'", { redirect_uri })).toBe(`'${port}'`);
  });

  it.each(["it's", 'a"b', 'a\\b', 'a\nb', '$(id)', '`id`'])(
    'leaves the place where %j would be code',
    (value) => {
      expect(fill("'{{scope}}'", { scope: value })).toBe("'{{scope}}'");
    },
  );
});

describe('the redirect address of a stack', () => {
  const missing = (redirectUri: string) => {
    const application = integrationShape.parse({
      ...{ client_id: 'quiz', name: 'Quiz', kind: 'web', stage: 'test', authentication: 'secret' },
      ...{ site: 'https://quiz.example.test', redirect_uris: [redirectUri] },
      ...{ created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
    });
    const options = { issuer: 'https://id.example.test', language: 'ru' } as const;
    return filledStack('java-spring', application, options)?.missingCallback;
  };

  it('is named where the application has none such', () => {
    expect(missing('https://quiz.example.test/callback')).toBe(
      'https://quiz.example.test/login/oauth2/code/union-id',
    );
    expect(missing('https://quiz.example.test/login/oauth2/code/union-id')).toBeUndefined();
  });
});
