/** Every sentence that code or a template asks for is in the catalogue of each portal. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROLES } from '../../../clients/epos/claims.ts';
import { GUIDES } from '../../../clients/epos/portal/guides.ts';
import { SUBSYSTEMS } from '../../../clients/epos/subsystem/settings.ts';
import { readQuestionBook } from '../../../clients/quiz/question-book.ts';
import { FAULT_CODES } from '../../../clients/relying-party/errors.ts';
import { NOTICES } from '../../../clients/relying-party/pages.ts';
import { loadTexts, type Translate } from '../../../clients/relying-party/texts.ts';

const CLIENTS = new URL('../../../clients/', import.meta.url);

const ways = (t: Translate) => {
  for (const code of FAULT_CODES) {
    for (const part of ['title', 'text', 'way', 'href']) expect(t(`fault.${code}.${part}`)).not.toBe('');
    expect(t(`fault.${code}.href`)).toMatch(/^\//);
  }
};
/** What the templates of these folders ask for by name. */
const keysIn = (folders: readonly URL[]) =>
  folders.flatMap((folder) => {
    const views = new URL('views/', folder);
    if (!existsSync(views)) return [];
    return readdirSync(views, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.pug'))
      .map((file) => readFileSync(new URL(file, views), 'utf8'))
      .flatMap((template) => [...template.matchAll(/\bt\((?:[^'()]*\? )?'([a-z_.]+[a-z_])'/g)])
      .map(([, key]) => key!);
  });

describe.each(['dictation', 'compass'])('the %s', (portal) => {
  const folders = ['relying-party/', 'quiz/', `${portal}/`].map((folder) => new URL(folder, CLIENTS));
  const t = loadTexts(folders.map((folder) => new URL('ru.json', folder)));

  test('has a sentence and a way on for every fault, and a sentence for every notice', () => {
    ways(t);
    for (const notice of NOTICES) expect(t(`notice.${notice}`)).not.toBe('');
  });

  test('has a name for every grade', () => {
    const { grades } = readQuestionBook(new URL(`${portal}/questions.json`, CLIENTS));
    for (const { code } of grades) expect(t(`grade.${code}`)).not.toBe('');
  });

  test('has what its templates name, for every number', () => {
    const keys = keysIn(folders);
    expect(keys.length).toBeGreaterThan(40);
    for (const key of keys) {
      for (const count of [1, 3, 5, 11, 21]) expect(t(key, { count })).not.toBe('');
    }
  });
});

describe.each([
  ['portal', ['portal/']],
  ...SUBSYSTEMS.map((name): [string, string[]] => [name, ['subsystem/', `subsystem/${name}/`]]),
])('the %s of ЭПОС', (_, own) => {
  const folders = ['relying-party/', 'epos/', ...own.map((name) => `epos/${name}`)].map(
    (folder) => new URL(folder, CLIENTS),
  );
  const t = loadTexts(folders.map((folder) => new URL('ru.json', folder)));

  test('has a sentence for every fault, for every role and for its templates', () => {
    ways(t);
    for (const role of ROLES) expect(t(`role.${role}`)).not.toBe('');
    const keys = keysIn(folders).filter(
      (key) => !(key.startsWith('desk.') && !own[1]?.includes('kontingent')),
    );
    expect(keys.length).toBeGreaterThan(15);
    for (const key of keys) expect(t(key)).not.toBe('');
  });
});

test('«Вы» is said with a capital, as one writes to one person', () => {
  const small = /(?<!\p{L})(?:вы|вас|вам|вами|ваш\p{L}*)(?!\p{L})/u;
  const catalogues = readdirSync(CLIENTS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('ru.json'))
    .map((file) => [file, readFileSync(new URL(file, CLIENTS), 'utf8')] as const);
  expect(catalogues.length).toBeGreaterThan(5);
  expect(catalogues.filter(([, text]) => small.test(text)).map(([file]) => file)).toEqual([]);
});

test('every step and every trouble of the guides has its words', () => {
  const t = loadTexts([new URL('epos/portal/ru.json', CLIENTS)]);
  for (const role of ROLES) {
    for (const step of GUIDES[role].steps) expect(t(`guide.${role}.step.${step}.text`)).not.toBe('');
    for (const trouble of GUIDES[role].troubles) expect(t(`guide.trouble.${trouble}.text`)).not.toBe('');
  }
});

test('a key without a text is an error', () => {
  const t = loadTexts([new URL('relying-party/ru.json', CLIENTS)]);
  expect(() => t('common.nothing')).toThrow(RangeError);
});
