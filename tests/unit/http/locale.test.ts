import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localeFor, ownPath } from '../../../provider/http/locale.ts';

describe('localeFor', () => {
  it.each([
    ['nothing known', {}, 'ru'],
    ['her own choice before all', { chosen: 'en', uiLocales: 'ru', acceptLanguage: 'ru' }, 'en'],
    ['a choice we never offered', { chosen: 'de', acceptLanguage: 'en' }, 'en'],
    ['the wish of the portal before the browser', { uiLocales: 'fr-CA en', acceptLanguage: 'ru' }, 'en'],
    ['a repeated parameter', { uiLocales: ['en', 'ru'], acceptLanguage: 'ru' }, 'ru'],
    ['regions', { acceptLanguage: 'en-US,en;q=0.9' }, 'en'],
    ['the order of quality', { acceptLanguage: 'en;q=0.5, ru;q=0.8' }, 'ru'],
    ['languages we do not speak', { acceptLanguage: 'de, tt;q=0.9, en;q=0.1' }, 'en'],
    ['a language refused', { acceptLanguage: 'en;q=0' }, 'ru'],
    ['a quality that is no number', { acceptLanguage: 'en;q=best' }, 'ru'],
    ['the prototype of all things', { chosen: 'toString', uiLocales: '__proto__ constructor' }, 'ru'],
  ])('%s', (_, wishes, expected) => {
    expect(localeFor(wishes)).toBe(expected);
  });

  it('looks at the beginning of a header alone', () => {
    expect(localeFor({ acceptLanguage: `${'de,'.repeat(200_000)}en` })).toBe('ru');
  });
});

describe('ownPath', () => {
  it.each(['/', '/cabinet/sessions', '/interaction/a1?by=ticket', '/auth?state=https://portal.test'])(
    'keeps %s',
    (path) => {
      expect(ownPath(path)).toBe(path);
    },
  );

  it.each([
    '',
    'https://evil.test/',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    '/.//evil.test',
    '/a/..//evil.test',
    '/%2e//evil.test',
    'javascript:alert(1)',
    ' //evil.test',
    '/путь',
    `/${'a'.repeat(3_000)}`,
  ])('leads %j to the start page', (value) => {
    expect(ownPath(value)).toBe('/');
  });

  it('never leads away, whatever is posted', () => {
    const parts = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '@',
      ':',
      '?',
      '#',
      '%2f',
      '%5c',
      '\t',
      'evil.test',
      'a',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(parts).map((some) => some.join('')),
        ),
        (value) => {
          expect(new URL(ownPath(value), 'https://id.example.test').origin).toBe('https://id.example.test');
        },
      ),
    );
  });
});
