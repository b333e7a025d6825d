import { describe, expect, it } from 'vitest';
import { compilePages } from '../../../provider/http/render.ts';
import { catalogues, LOCALES, type Locale, translator } from '../../../provider/http/texts.ts';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../../../provider/login/password-rules.ts';
import { examples } from './examples.ts';

type Texts = { readonly [key: string]: string | Texts };

const PLURAL = /_(one|few|many|other)$/;

function flat(texts: Texts, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  );
}

const texts = Object.fromEntries(LOCALES.map((locale) => [locale, flat(catalogues[locale])])) as Record<
  Locale,
  [string, string][]
>;
const singular = (key: string) => key.replace(PLURAL, '');
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

it('has the same texts in every language', () => {
  const keys = (locale: Locale) => [...new Set(texts[locale].map(([key]) => singular(key)))].sort();
  expect(keys('en')).toEqual(keys('ru'));
});

it('has the same placeholders in every language', () => {
  const english = new Map(texts.en.map(([key, text]) => [singular(key), placeholders(text)]));
  for (const [key, text] of texts.ru) expect(placeholders(text), key).toEqual(english.get(singular(key)));
});

describe.each(LOCALES)('«%s»', (locale) => {
  it('has every plural form of the language, and no other', () => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.toSorted();
    const counted = Map.groupBy(
      texts[locale].map(([key]) => key).filter((key) => PLURAL.test(key)),
      singular,
    );
    expect(counted.size).toBeGreaterThan(0);
    for (const [key, found] of counted) {
      expect(found.map((form) => PLURAL.exec(form)?.[1]).toSorted(), key).toEqual(forms);
    }
  });

  it('has no empty text, no markup and no stray spaces', () => {
    for (const [key, text] of texts[locale]) {
      expect(text, key).toMatch(/^\S(.*\S)?$|^.*: $/s);
      expect(text, key).not.toMatch(/<|>| {2}|\$t\(|\.\.\./);
    }
  });

  it('is written in one alphabet', () => {
    const foreign = locale === 'ru' ? /\b(the|and|you|your)\b/i : /\p{Script=Cyrillic}/u;
    for (const [key, text] of texts[locale]) {
      if (key !== 'common.other_language') expect(text, key).not.toMatch(foreign);
    }
  });

  it('has no text that nobody ever reads', () => {
    const read = new Set<string>();
    const translate = (language: Locale) => {
      const t = translator(language);
      return (key: string, params = {}) => {
        read.add(key);
        return t(key, params);
      };
    };
    const page = compilePages({ issuer: 'https://id.example.test', translate });
    for (const { view, locals } of examples) page(view, { locale, csrf: 'token', path: '/' }, locals);
    // Letters are made of whole entries of the catalogue, the API answers with codes, files have names and heads of columns.
    const unread = texts[locale]
      .map(([key]) => singular(key))
      .filter((key) => !read.has(key) && !/^(mail|api|file)\.|^chair\.members\.field\./.test(key));
    expect(unread).toEqual([]);
  });
});

it('says «Вы» to the reader with a capital, as one writes to one person', () => {
  const small = /(?<!\p{L})(?:вы|вас|вам|вами|ваш\p{L}*)(?!\p{L})/u;
  expect(texts.ru.filter(([, text]) => small.test(text))).toEqual([]);
});

it('tells the lengths that are judged by', () => {
  for (const locale of LOCALES) {
    const { problem, cabinet } = catalogues[locale];
    expect(problem.password_too_short).toContain(` ${SHORTEST_PASSWORD} `);
    expect(problem.password_too_long).toContain(` ${LONGEST_PASSWORD} `);
    expect(cabinet.password.rules.match(/\d+/g)).toEqual([`${SHORTEST_PASSWORD}`, `${LONGEST_PASSWORD}`]);
  }
});

it('refuses a key that has no text', () => {
  expect(() => translator('ru')('problem.no_such_problem')).toThrow(RangeError);
  expect(() => translator('en')('problem')).toThrow(RangeError);
});

it('sets the quotation marks of a name within its own as inner ones', () => {
  const said = (portal: string) => translator('ru')('device.done.text', { portal });
  expect(said('АИС «Единый реестр»')).toContain('входит в «АИС „Единый реестр“». Эту');
  expect(said('Диктант')).toContain('входит в «Диктант». Эту');
  expect(translator('ru')('first_password.lead', { organisation: 'ДС № 7 «Ёлочка»' })).toContain(
    'организации ДС № 7 «Ёлочка»:',
  );
});
