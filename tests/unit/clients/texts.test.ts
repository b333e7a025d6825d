/** Every sentence that code or a template asks for is in the catalogue of each portal. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readQuestionBook } from '../../../clients/quiz/question-book.ts';
import { FAULT_CODES } from '../../../clients/relying-party/errors.ts';
import { NOTICES } from '../../../clients/relying-party/pages.ts';
import { loadTexts } from '../../../clients/relying-party/texts.ts';

const CLIENTS = new URL('../../../clients/', import.meta.url);

describe.each(['dictation', 'compass'])('the %s', (portal) => {
  const folders = ['relying-party/', 'quiz/', `${portal}/`].map((folder) => new URL(folder, CLIENTS));
  const t = loadTexts(folders.map((folder) => new URL('ru.json', folder)));

  test('has a sentence and a way on for every fault, and a sentence for every notice', () => {
    for (const code of FAULT_CODES) {
      for (const part of ['title', 'text', 'way', 'href']) expect(t(`fault.${code}.${part}`)).not.toBe('');
      expect(t(`fault.${code}.href`)).toMatch(/^\//);
    }
    for (const notice of NOTICES) expect(t(`notice.${notice}`)).not.toBe('');
  });

  test('has a name for every grade', () => {
    const { grades } = readQuestionBook(new URL(`${portal}/questions.json`, CLIENTS));
    for (const { code } of grades) expect(t(`grade.${code}`)).not.toBe('');
  });

  test('has what its templates name, for every number', () => {
    const keys = folders.flatMap((folder) =>
      readdirSync(new URL('views/', folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.pug'))
        .map((file) => readFileSync(new URL(`views/${file}`, folder), 'utf8'))
        .flatMap((template) => [...template.matchAll(/\bt\((?:[^'()]*\? )?'([a-z_.]+[a-z_])'/g)])
        .map(([, key]) => key!),
    );
    expect(keys.length).toBeGreaterThan(40);
    for (const key of keys) {
      for (const count of [1, 3, 5, 11, 21]) expect(t(key, { count })).not.toBe('');
    }
  });
});

test('a key without a text is an error', () => {
  const t = loadTexts([new URL('relying-party/ru.json', CLIENTS)]);
  expect(() => t('common.nothing')).toThrow(RangeError);
});
