/** The rules of `.dependency-cruiser.mjs`: they see every file we have, and each of them fires on what it forbids. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractRules from 'dependency-cruiser/config-utl/extract-depcruise-config';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const rules = await extractRules('./.dependency-cruiser.mjs');
const FOLDERS = ['provider', 'adapters', 'clients', 'sandbox', 'bench', 'tests', 'deploy'];

async function cruiseIn(baseDir: string, folders: readonly string[]): Promise<ICruiseResult> {
  const { output } = await cruise(
    [...folders],
    { ...rules.options, baseDir, ruleSet: rules, validate: true },
    { ...rules.options?.enhancedResolveOptions, extensions: ['.ts', '.js', '.json'] },
    { tsConfig: extractTsConfig('tsconfig.json') },
  );
  return output as ICruiseResult;
}

describe('on our own files', () => {
  // With a compiler it does not understand, dependency-cruiser finds no module, no violation, and is content.
  it('the rules see every module there is', { timeout: 30_000 }, async () => {
    const { modules } = await cruiseIn('.', FOLDERS);
    const seen = new Set(modules.map(({ source }) => source));
    const written = FOLDERS.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(folder, file)),
    );
    expect(written.length).toBeGreaterThan(50);
    expect(written.filter((file) => !seen.has(file))).toEqual([]);
  });
});

/** What each rule forbids, as an import that breaks it; the second is the nearest one that is allowed. */
const VIOLATIONS: Record<
  string,
  { forbidden: [from: string, to: string]; allowed: [from: string, to: string] }
> = {
  'no-circular': {
    forbidden: ['adapters/circle/circle.ts', 'adapters/circle/circle.ts'],
    allowed: ['adapters/line/line.ts', 'adapters/line/other.ts'],
  },
  'clients-know-only-urls': {
    forbidden: ['clients/portal/main.ts', 'provider/claims.ts'],
    allowed: ['clients/portal/quiz.ts', 'clients/relying-party/session.ts'],
  },
  'provider-sees-interfaces': {
    forbidden: ['provider/cli/doctor.ts', 'adapters/mailer/smtp.ts'],
    allowed: ['provider/cli/stores.ts', 'adapters/mailer/smtp.ts'],
  },
  'provider-knows-no-client': {
    forbidden: ['provider/greeting.ts', 'clients/portal/main.ts'],
    allowed: ['provider/greeting.ts', 'adapters/mailer/mailer.ts'],
  },
  'adapters-never-look-up': {
    forbidden: ['adapters/mailer/smtp.ts', 'provider/config.ts'],
    allowed: ['adapters/mailer/smtp.ts', 'adapters/clock.ts'],
  },
  'nobody-imports-the-sandbox': {
    forbidden: ['provider/config.ts', 'tests/support/house.ts'],
    allowed: ['sandbox/main.ts', 'provider/wiring/wiring.ts'],
  },
  'sandbox-needs-no-tests': {
    forbidden: ['sandbox/main.ts', 'tests/support/house.ts'],
    allowed: ['tests/support/house.ts', 'sandbox/people.ts'],
  },
  'no-unresolvable': {
    forbidden: ['provider/app.ts', './provider/nowhere.ts'],
    allowed: ['provider/app.ts', 'provider/config.ts'],
  },
};

describe('on files that break them', () => {
  const directory = mkdtempSync(join(tmpdir(), 'union-id-direction-'));
  const folderOf = (kind: string, name: string) => join(directory, kind, name);

  async function violationsOf(folder: string): Promise<string[]> {
    const { summary } = await cruiseIn(folder, ['.']);
    return summary.violations.map(({ rule }) => rule.name);
  }

  beforeAll(async () => {
    for (const [name, { forbidden, allowed }] of Object.entries(VIOLATIONS)) {
      await writeImport(folderOf('forbidden', name), ...forbidden);
      await writeImport(folderOf('allowed', name), ...allowed);
    }
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each(Object.keys(VIOLATIONS))('%s fires', async (name) => {
    expect(await violationsOf(folderOf('forbidden', name))).toContain(name);
  });

  it.each(Object.keys(VIOLATIONS))('%s lets pass what is allowed', async (name) => {
    expect(await violationsOf(folderOf('allowed', name))).not.toContain(name);
  });

  it('no-development-packages fires on a package that is for development alone', async () => {
    const folder = folderOf('forbidden', 'no-development-packages');
    await writeFiles(folder, {
      'package.json': JSON.stringify({ dependencies: { kept: '1' }, devDependencies: { dropped: '1' } }),
      'node_modules/kept/package.json': JSON.stringify({ name: 'kept', main: 'index.js' }),
      'node_modules/kept/index.js': '',
      'node_modules/dropped/package.json': JSON.stringify({ name: 'dropped', main: 'index.js' }),
      'node_modules/dropped/index.js': '',
      'provider/app.ts': "import 'kept';\nimport 'dropped';\n",
    });
    const { summary } = await cruiseIn(folder, ['provider']);
    expect(summary.violations.map(({ rule, to }) => [rule.name, to])).toEqual([
      ['no-development-packages', 'node_modules/dropped/index.js'],
    ]);
  });

  it('no rule is left untried', () => {
    const names = rules.forbidden?.map(({ name }) => name) ?? [];
    expect([...Object.keys(VIOLATIONS), 'no-development-packages'].sort()).toEqual(names.sort());
  });
});

/** `to` beginning with a dot is imported, but not written. */
async function writeImport(folder: string, from: string, to: string): Promise<void> {
  const up = '../'.repeat(from.split('/').length - 1);
  const missing = to.startsWith('./');
  await writeFiles(folder, {
    ...(missing ? {} : { [to]: 'export {};\n' }),
    [from]: `import '${missing ? to : up + to}';\n`,
  });
}

async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
