import { readdirSync, readFileSync } from 'node:fs';
import { parse, valid } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { compilePages } from '../../../provider/http/render.ts';
import { asset } from '../../../provider/http/static-files.ts';
import { LOCALES } from '../../../provider/http/texts.ts';
import { examples } from './examples.ts';

const VIEWS = new URL('../../../views/', import.meta.url);
const page = compilePages({ issuer: 'https://id.example.test' });
const render = (view: string, locale: 'ru' | 'en', locals: Readonly<Record<string, unknown>>) =>
  page(view, { locale, csrf: 'a-token', path: '/here?by=email' }, locals);

const sources = readdirSync(VIEWS, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.pug'),
);
const views = sources
  .filter((file) => !/^(mixins|mail)\/|layout\.pug$/.test(file))
  .map((file) => file.slice(0, -'.pug'.length));

it('has an example of every page', () => {
  expect([...new Set(examples.map(({ view }) => view))].sort()).toEqual(views.sort());
});

describe.each(LOCALES)('in «%s»', (locale) => {
  it.each(examples)('$name', ({ view, locals }) => {
    const html = render(view, locale, locals);
    expect(valid(html)).toBe(true);
    expect(html).not.toMatch(/undefined|\[object|NaN|\{\{|\}\}|&amp;(amp|quot|lt|gt);/);

    const document = parse(html);
    expect(document.querySelector('html')?.getAttribute('lang')).toBe(locale);
    expect(document.querySelectorAll('h1')).toHaveLength(1);
    const ids = document.querySelectorAll('[id]').map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const label of document.querySelectorAll('label')) expect(ids).toContain(label.getAttribute('for'));
    for (const described of document.querySelectorAll('[aria-describedby]')) {
      for (const id of described.getAttribute('aria-describedby')?.split(' ') ?? [])
        expect(ids).toContain(id);
    }
    for (const link of document.querySelectorAll('a[href^="#"]')) {
      expect(ids).toContain(link.getAttribute('href')?.slice(1));
    }
    // A form that only looks something up has nothing to protect.
    for (const form of document.querySelectorAll('form:not([method="get"])')) {
      expect(form.querySelector('input[name="csrf"]')?.getAttribute('value')).toBe('a-token');
    }
    for (const input of document.querySelectorAll('input[type="password"]')) {
      expect(input.hasAttribute('value')).toBe(false);
      expect(input.getAttribute('autocomplete')).toMatch(/^(current|new)-password$/);
    }
    // What Content-Security-Policy forbids, and what a foreign host would learn from.
    expect(document.querySelectorAll('style, script:not([src]), [style], iframe, base, object')).toEqual([]);
    for (const element of document.querySelectorAll('*')) {
      expect(Object.keys(element.attributes).filter((name) => /^on/i.test(name))).toEqual([]);
    }
    for (const element of document.querySelectorAll('link, script, img')) {
      const address = element.getAttribute('href') ?? element.getAttribute('src');
      expect(address).toMatch(/^\/assets\/|^\/interaction\/uid\/qr\.svg$|^\/cabinet\/protection\/app\.svg$/);
    }
  });

  it.each(examples)('escapes whatever strangers wrote: $name', ({ view, locals }) => {
    const hostile = `"'><script>alert(1)</script>&#x27;$t(common.site){{issuerHost}}`;
    const html = render(view, locale, spoil(locals, hostile) as typeof locals);
    expect(html).not.toContain('<script>alert');
    expect(valid(html)).toBe(true);
    const honest = parse(render(view, locale, locals)).querySelectorAll('*').length;
    expect(parse(html).querySelectorAll('*')).toHaveLength(honest);
  });
});

describe('the way in', () => {
  const signIn = (locals: object, locale: 'ru' | 'en' = 'ru') => {
    const base = examples.find(({ name }) => name === 'interaction/sign-in by e-mail')?.locals;
    return parse(render('interaction/sign-in', locale, { ...base, ...locals }));
  };

  it.each([
    ['email', 'wrong_email_or_password', 'Неверный E-mail или пароль'],
    ['ticket', 'wrong_ticket_or_password', 'Неверный номер билета или пароль'],
  ])('says MSG-08 by %s', (by, code, text) => {
    const summary = signIn({ by, problem: { field: 'form', code } }).querySelector('[role="alert"]');
    expect(summary?.querySelector('a')?.text).toBe(text);
    expect(summary?.hasAttribute('autofocus')).toBe(true);
  });

  it('says MSG-10 above and at the field, and keeps what was typed', () => {
    const document = signIn({
      by: 'ticket',
      identifier: '9900 001',
      foreignComputer: true,
      problem: { field: 'identifier', code: 'ticket_length' },
    });
    expect(document.querySelector('[role="alert"] a')?.text).toBe('Номер билета состоит из 16 цифр');
    expect(document.querySelector('#identifier-problem')?.text).toBe(
      'Ошибка: Номер билета состоит из 16 цифр',
    );
    const input = document.querySelector('#identifier');
    expect(input?.getAttribute('value')).toBe('9900 001');
    expect(input?.getAttribute('aria-invalid')).toBe('true');
    expect(input?.getAttribute('aria-describedby')).toBe('identifier-hint identifier-problem');
    expect(document.querySelector('#foreign_computer')?.hasAttribute('checked')).toBe(true);
  });

  it('has the labels of the guides, and marks the open door', () => {
    const document = signIn({ by: 'ticket' });
    expect(document.querySelectorAll('.doors a').map(({ text }) => text)).toEqual([
      'E-mail',
      'По номеру ЭПБ',
    ]);
    expect(document.querySelectorAll('.doors [aria-current="page"]').map(({ text }) => text)).toEqual([
      'По номеру ЭПБ',
    ]);
    expect(document.querySelector('label[for="identifier"]')?.text).toBe(
      'Номер электронного профсоюзного билета',
    );
    expect(document.querySelector('form.language [name="return_to"]')?.getAttribute('value')).toBe(
      '/interaction/uid?by=ticket',
    );
  });

  it.each([
    [1, 'через 1 минуту'],
    [3, 'через 3 минуты'],
    [15, 'через 15 минут'],
  ])('counts %i minutes as Russian does', (minutes, text) => {
    const document = signIn({ problem: { field: 'form', code: 'throttled', params: { minutes } } });
    expect(document.querySelector('[role="alert"]')?.text).toContain(text);
  });
});

describe('the cabinet', () => {
  const banner = [
    'ВЫ ЯВЛЯЕТЕСЬ ЧЛЕНОМ ОБЩЕРОССИЙСКОГО ПРОФСОЮЗА ОБРАЗОВАНИЯ, объединяющего более 3,5 миллионов работников и обучающихся системы образования Российской Федерации.',
    'ОБЩЕРОССИЙСКИЙ ПРОФСОЮЗ ОБРАЗОВАНИЯ – команда профессионалов, действующая в каждом субъекте Российской Федерации, каждом муниципалитете и более чем в 80% государственных образовательных организаций страны.',
  ];

  it.each(examples.filter(({ view }) => view === 'cabinet/home'))(
    'shows MSG-07 to members alone: $name',
    (example) => {
      const shown = parse(render(example.view, 'ru', example.locals)).querySelectorAll('.banner p');
      expect(shown.map(({ text }) => text)).toEqual(example.locals.membership === 'member' ? banner : []);
    },
  );

  it('marks this device and offers to end the others only', () => {
    const sessions = examples.find(({ name }) => name === 'cabinet/sessions');
    const rows = parse(render('cabinet/sessions', 'ru', sessions?.locals ?? {})).querySelectorAll(
      '.list > li',
    );
    expect(
      rows.map((row) => [row.querySelector('.badge') !== null, row.querySelector('form') !== null]),
    ).toEqual([
      [true, false],
      [false, true],
      [false, true],
    ]);
    // 20:59 UTC is one minute to midnight in Moscow.
    expect(rows[0]?.querySelector('time')?.text).toMatch(/21 ноября 2026.*23:59\sМСК/);
  });
});

it('links to a portal only by an address of the web', () => {
  const portal = { name: 'x', receives: [], since: new Date(0), action: '/x' };
  const link = (uri: string) =>
    parse(render('cabinet/portals', 'ru', { portals: [{ ...portal, uri }] })).querySelector('.list a');
  expect(link('https://acme.test/start')?.getAttribute('href')).toBe('https://acme.test/start');
  for (const uri of [
    'javascript:alert(1)',
    'data:text/html,x',
    ' jAvAsCrIpT:alert(1)',
    '//acme.test',
    'acme',
  ]) {
    expect(link(uri), uri).toBeNull();
  }
});

it('has no form before there is a token, nor a title that lies about the language', () => {
  const document = parse(page('error', { locale: 'en' }, { code: 'wrong_host' }));
  expect(document.querySelectorAll('form')).toEqual([]);
  expect(document.querySelector('title')?.text).toBe('Another address – Union member’s account');
});

it('knows nothing but its own locals', () => {
  const polluted = { code: 'not_found', __proto__: { requestId: 'from the prototype' } };
  expect(render('error', 'ru', polluted)).not.toContain('from the prototype');
  expect(() => render('no/such', 'ru', {})).toThrow(RangeError);
});

it('has templates that always escape, and styles and scripts only in files', () => {
  for (const file of sources) {
    const source = readFileSync(new URL(file, VIEWS), 'utf8');
    expect(source, file).not.toMatch(/!=(?!=)|!\{|\bstyle=|\bon[a-z]+=/);
    // Mail programs load no style sheet.
    if (file !== 'mail/letter.pug') expect(source, file).not.toMatch(/^\s*(style|script)\b(?!\()/m);
  }
});

it('lacks nothing when it answers a POST, which shows no page again', () => {
  const broken = examples.filter(({ view, locals }) =>
    page(view, { locale: 'ru', csrf: 'a-token' }, locals).includes('undefined'),
  );
  expect(broken.map(({ name }) => name)).toEqual([]);
});

it('keeps a whole page below 100 kB, and its style sheet below 25', () => {
  const file = (name: string) => readFileSync(new URL(`public/${name}`, VIEWS)).length;
  const styles = readdirSync(new URL('style/', VIEWS))
    .filter((name) => name.endsWith('.css'))
    .map((name) => readFileSync(new URL(`style/${name}`, VIEWS), 'utf8'))
    .join('');
  const weights = examples.flatMap(({ view, locals }) =>
    LOCALES.map((locale) => render(view, locale, locals).length),
  );
  const assets = ['page.js', 'emblem.svg', 'rings.svg'].map(file);
  expect(Math.max(...weights) * 2 + assets.reduce((sum, size) => sum + size, styles.length)).toBeLessThan(
    100_000,
  );
  expect(styles.length).toBeLessThan(25_000);
  expect(styles).not.toMatch(/https?:|@import|data:/);
  expect(asset('style.css')).toMatch(/^\/assets\/[\w-]{12}\/style\.css$/);
});

/** A word of ours, such as the name of a state or a field: no name of a person or a thing in the examples is like it. */
const WORD = /^[a-z]+([A-Z][a-z]+)*([_-][a-z0-9]+)*$|^(membership|language)\.[a-z]+$/;

/** The same locals with `text` added to every string a person or a client may have chosen. */
function spoil(value: unknown, text: string, key = ''): unknown {
  // What is no address of the web is no link, and ids are ours.
  if (key === 'uri' || key === 'id' || key === 'field' || value === '') return value;
  if (typeof value === 'string') return WORD.test(value) ? value : value + text;
  if (Array.isArray(value)) return value.map((item) => spoil(item, text));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, spoil(item, text, name)]));
}
