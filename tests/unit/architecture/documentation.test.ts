/** What the documentation says about variables, scopes, commands and files is what there is. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stacksPage } from '../../../docs/integrators/write-stacks.ts';
import { variablesPage } from '../../../docs/operators/write-variables.ts';
import { CLAIMS_BY_SCOPE, OPEN_SCOPES, SCOPES } from '../../../provider/oidc/claims.ts';

const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];
const text = (page: string): string => readFileSync(page, 'utf8');

it('the page of variables is the one the schema makes', () => {
  expect(text('docs/operators/variables.md')).toBe(variablesPage());
});

it.each(['ru', 'en'] as const)('the page of stacks is the one the list makes (%s)', (language) => {
  const page = language === 'ru' ? 'stacks.md' : 'stacks.en.md';
  expect(text(join('docs/integrators', page))).toBe(stacksPage(language));
});

describe.each(pages)('%s', (page) => {
  it('leads to files that are there', () => {
    const links = [...text(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '');
    const local = links.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !existsSync(join(dirname(page), target)))).toEqual([]);
  });

  it('names scripts that package.json has', () => {
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    const named = [...text(page).matchAll(/npm run (?:--\S+ )*(\w[\w:-]*)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe.each(['docs/integrators/protocol.md', 'docs/integrators/protocol.en.md'])('%s', (page) => {
  it('has the scopes and their claims', () => {
    const rows = [...text(page).matchAll(/^\| `(\w+)` +\| ([^|]*) \| ([^|]*) \|/gm)].map(
      ([, scope = '', claims = '', who = '']) => ({
        scope,
        claims: [...claims.matchAll(/`(\w+)`/g)].map(([, claim]) => claim),
        open: !who.includes('*'),
      }),
    );
    const open: readonly string[] = OPEN_SCOPES;
    const known: Readonly<Record<string, readonly string[]>> = CLAIMS_BY_SCOPE;
    expect(rows).toEqual(
      SCOPES.map((scope) => ({ scope, claims: [...(known[scope] ?? [])], open: open.includes(scope) })),
    );
  });
});

/** How a block of that language is judged; it throws. */
const JUDGES: Readonly<Record<string, (code: string) => void>> = {
  js: (input) =>
    void execFileSync(process.execPath, ['--check', '--input-type=module', '-'], { input, stdio: 'pipe' }),
  json: (code) => void JSON.parse(code),
  sh: (input) => void execFileSync('/bin/sh', ['-n'], { input, stdio: 'pipe' }),
};
const blocks = pages
  .filter((page) => page.startsWith('docs/integrators/'))
  .flatMap((page) =>
    [...text(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = ''], at) => ({
      ...{ page, at: at + 1, language, code },
    })),
  );

it.each(blocks)('block $at of $page is well-formed $language', ({ language, code }) => {
  expect(JUDGES).toHaveProperty(language);
  JUDGES[language]?.(code);
});

describe('pages for integrators', () => {
  const names = readdirSync('docs/integrators').filter((name) => name.endsWith('.md'));
  const russian = names.filter((name) => !name.endsWith('.en.md'));

  it.each(russian)('%s is there in English with the same contents', (name) => {
    const english = name.replace(/\.md$/, '.en.md');
    expect(names).toContain(english);
    const shape = (page: string) => text(join('docs/integrators', page)).match(/^(#+ |\| |- |\d+\. |```)/gm);
    expect(shape(english)).toEqual(shape(name));
  });
});

it('every decision has its number, date and status, and says what it costs', () => {
  const records = readdirSync('docs/decisions').sort();
  expect(records.map((name) => Number(name.slice(0, 4)))).toEqual(records.map((_, at) => at + 1));
  for (const name of records) {
    const page = text(join('docs/decisions', name));
    expect(page, name).toMatch(
      /^# \d+\. .+\n\nDate: \d{4}-\d\d-\d\d · Status: (accepted|superseded by \d+)\n/,
    );
    expect(page.match(/^## .*$/gm), name).toEqual(['## Context', '## Decision', '## Consequences']);
  }
});
