import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GUIDES, guideOfUpstream, guidesFor } from '../../../provider/guides/guides.ts';
import { guideShelves, parseGuide } from '../../../provider/guides/read-guide.ts';
import { LOCALES, translator } from '../../../provider/http/texts.ts';
import { SHORTEST_STAFF_PASSWORD } from '../../../provider/login/password-rules.ts';

const parse = (text: string) => parseGuide(text, translator('ru'), (guide) => `Инструкция ${guide}`);

describe('the text of a guide', () => {
  it('has a title, headings, steps, items and links, in their order', () => {
    const text = '\n\nСначала.\n## Как\n1. Раз\n2. Два\n- и\n- или\n=> /join Создать\n=> guide recovery\n';
    expect(parse(`Вход${text}`)).toEqual({
      title: 'Вход',
      blocks: [
        { kind: 'paragraph', text: 'Сначала.' },
        { kind: 'heading', text: 'Как' },
        { kind: 'steps', items: ['Раз', 'Два'] },
        { kind: 'list', items: ['и', 'или'] },
        { kind: 'link', href: '/join', text: 'Создать' },
        { kind: 'link', href: '/guides/recovery', text: 'Инструкция recovery' },
      ],
    });
  });

  it('names a button as the page does', () => {
    expect(parse('Вход\n1. Нажмите «[[sign-in.forgotten]]».').blocks).toEqual([
      { kind: 'steps', items: ['Нажмите «Забыли пароль?».'] },
    ]);
  });

  it.each([
    '=> guide no-such-guide',
    '=> https://example.test Чужой',
    '=> /join',
    '[[no.such.button]]',
    '{{no_such_number}}',
  ])('refuses «%s»', (line) => {
    expect(() => parse(`Вход\n${line}`)).toThrow(RangeError);
  });
});

describe.each(LOCALES)('the guides in «%s»', (locale) => {
  it('tell of a password what its page demands', () => {
    const steps = guideShelves[locale].get('algorithm')?.blocks.find(({ kind }) => kind === 'steps');
    const told = steps && 'items' in steps ? steps.items.join('\n') : '';
    expect(told).toMatch(new RegExp(`\\b${SHORTEST_STAFF_PASSWORD} (знаков|characters)`));
  });

  const other = locale === 'ru' ? 'en' : 'ru';

  it.each(GUIDES)('%s says the same as in the other language: as many steps, items and links', (id) => {
    const shape = (of: typeof locale) =>
      guideShelves[of]
        .get(id)
        ?.blocks.map((block) => ('items' in block ? [block.kind, block.items.length] : block.kind));
    expect(shape(locale)).toEqual(shape(other));
    expect(shape(locale)?.length).toBeGreaterThan(3);
  });

  it('have no placeholder that nobody fills, and no label of a text that needs one', () => {
    for (const { title, blocks } of guideShelves[locale].values()) {
      const texts = blocks.flatMap((block) => ('items' in block ? block.items : [block.text]));
      expect([title, ...texts].join('\n')).not.toMatch(/\[\[|\]\]|\{\{|\}\}/);
    }
  });
});

it('has a text for every guide, and none beside', () => {
  const files = readdirSync(new URL('../../../views/guides/content/', import.meta.url)).sort();
  expect(files).toEqual(GUIDES.flatMap((id) => LOCALES.map((locale) => `${id}.${locale}.txt`)).sort());
});

describe('who is to read what', () => {
  it('begins for every chair with how to begin, the client, the video and the undertaking (SYS-19)', () => {
    for (const kind of ['primary', 'territorial', 'regional'] as const) {
      expect(guidesFor({ kind, register: false }).slice(0, 4)).toEqual([
        ...['algorithm', 'one-c', 'video', 'undertaking'],
      ]);
    }
    expect(guidesFor({ kind: 'without_primary', register: true })).toEqual([]);
  });

  it('tells of our own register only where it is ours', () => {
    expect(guidesFor({ kind: 'primary', register: true })).toContain('orders');
    expect(guidesFor({ kind: 'primary', register: false })).not.toContain('orders');
  });

  it('knows the guide of Gosuslugi by its kind and that of РСАА by its name', () => {
    expect(guideOfUpstream({ id: 'gos', kind: 'esia' })).toBe('gosuslugi');
    expect(guideOfUpstream({ id: 'rsaa', kind: 'oidc' })).toBe('rsaa');
    expect(guideOfUpstream({ id: 'university', kind: 'oidc' })).toBeUndefined();
  });
});
