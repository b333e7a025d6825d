/** «Для разработчиков» is read in two languages: the same keys in both, and words for whatever code or a view names. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AUTHENTICATIONS, KINDS, REQUEST_STATES } from '../../../../clients/developers/api/shapes.ts';
import { CHANGES } from '../../../../clients/developers/applications/changes-told.ts';
import { NOTICES } from '../../../../clients/developers/notices.ts';
import { CASES, EVIDENCE } from '../../../../clients/developers/rehearsal/judged.ts';
import { SCOPES } from '../../../../clients/developers/scopes.ts';
import { CLAIMS, PARAMETERS } from '../../../../clients/developers/trial/explained.ts';
import { FAULT_CODES } from '../../../../clients/relying-party/errors.ts';
import { loadTexts } from '../../../../clients/relying-party/texts.ts';

const CLIENTS = new URL('../../../../clients/', import.meta.url);
const FOLDERS = ['relying-party/', 'developers/'].map((folder) => new URL(folder, CLIENTS));

/** Without the endings of plural forms, which differ from language to language. */
function keysOf(value: object, prefix = ''): string[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string'
      ? [`${prefix}${name}`.replace(/_(one|few|many|other)$/, '')]
      : keysOf(inner as object, `${prefix}${name}.`),
  );
}

const keysIn = (folder: URL, language: string) =>
  new Set(keysOf(JSON.parse(readFileSync(new URL(`${language}.json`, folder), 'utf8')) as object));

it.each(FOLDERS)('%s has the same keys in both languages', (folder) => {
  expect([...keysIn(folder, 'en')].sort()).toEqual([...keysIn(folder, 'ru')].sort());
});

describe.each(['ru', 'en'] as const)('in «%s»', (language) => {
  const t = loadTexts(
    FOLDERS.map((folder) => new URL(`${language}.json`, folder)),
    language,
  );

  it.each([
    ['fault', FAULT_CODES.map((code) => `${code}.title`)],
    ['notice', NOTICES],
    ['kind', KINDS.map((kind) => `${kind}.title`)],
    ['authentication', AUTHENTICATIONS.map((each) => `${each}.title`)],
    ['request.state', REQUEST_STATES],
    ['changes.what', CHANGES],
    ['scope', SCOPES.map((scope) => `${scope}.claims`)],
    ['check.case', CASES.flatMap((each) => [`${each}.title`, `${each}.advice`])],
    ['check.evidence', EVIDENCE],
    ['try.parameter', PARAMETERS],
    ['try.claim', CLAIMS],
  ])('%s', (prefix, names) => {
    for (const name of names) expect(t(`${prefix}.${name}`)).not.toBe('');
  });

  it('has what the views name', () => {
    const views = new URL('developers/views/', CLIENTS);
    const keys = readdirSync(views, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.pug'))
      .map((file) => readFileSync(new URL(file, views), 'utf8'))
      .flatMap((template) => [...template.matchAll(/\bt\((?:[^'()]*\? )?'([a-z_.]+[a-z_])'/g)])
      .map(([, key]) => key!);
    expect(keys.length).toBeGreaterThan(150);
    for (const key of keys) expect(t(key, { count: 2 })).not.toBe('');
  });
});
