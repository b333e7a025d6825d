/** Every letter in every language: the same words in text and HTML, links to us alone, nothing of the person but a name. */
import { describe, expect, it } from 'vitest';
import { catalogues, LOCALES } from '../../../provider/http/texts.ts';
import type { LetterFacts, LetterName } from '../../../provider/letters/post.ts';
import { letterRenderer } from '../../../provider/letters/render-letter.ts';
import { letterFacts } from './letters.ts';

const ISSUER = 'https://id.example.test';
const render = letterRenderer(ISSUER);
const names = Object.keys(letterFacts) as LetterName[];
const written = (name: LetterName, locale: 'ru' | 'en' = 'ru', givenName: string | undefined = 'Мария') =>
  render(name, locale, letterFacts[name], givenName);
/** What a person reads of HTML, and where its links lead. */
const readable = (html: string) =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<a [^>]*href="([^"]*)"[^>]*>/g, ' $1 ')
    .replace(/<[^>]+>/g, '\n')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
const words = (text: string) =>
  text
    .replaceAll(/^-( -)? /gm, '')
    .split(/\s+/)
    .map((word) => word.replace(/:$/, ''))
    .filter((word) => !/^-*$/.test(word));

describe.each(LOCALES)('letters in «%s»', (locale) => {
  it.each(names)('%s says the same in plain text and in HTML', (name) => {
    const { subject, text, html } = written(name, locale);
    expect(subject).toMatch(/\S/);
    expect(html).toContain(`<title>${subject}</title>`);
    const shown = new Set(words(readable(html)));
    for (const word of words(text)) expect(shown, word).toContain(word);
    expect(text).not.toMatch(/undefined|\[object|\{\{|NaN|Invalid/);
  });

  it.each(names)('%s leads to the gateway and nowhere else, and loads nothing', (name) => {
    const { text, html } = written(name, locale);
    const links = [
      ...[...html.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, link]) => link),
      ...(text.match(/https?:\S+/g) ?? []),
    ];
    for (const link of links) expect(new URL(link ?? '').origin).toBe(ISSUER);
    expect(html).not.toMatch(/<(img|script|link|iframe)\b|url\(/);
    // An address in the HTML can be followed by eye: it is in the text part too.
    for (const [, link] of html.matchAll(/href="([^"]*)"/g)) expect(text).toContain(link);
  });

  it.each(names)('%s is one of its catalogue, with all its facts', (name) => {
    const entry: { facts?: Record<string, string>; advice?: string } = catalogues[locale].mail[name];
    const { text } = written(name, locale);
    for (const label of Object.values(entry.facts ?? {}))
      expect(text).toMatch(new RegExp(`^${label}: \\S`, 'm'));
  });
});

describe('the words the source documents ask for', () => {
  it.each([
    ['password-reset', 'ЛК ОПО. Восстановление пароля.'],
    ['signing-code', 'ЛК ОПО. Код подтверждения заявки.'],
  ] as const)('%s: «%s»', (name, subject) => {
    expect(written(name).subject).toBe(subject);
  });

  it('«Для завершения регистрации … перейдите по ссылке» (MSG-02)', () => {
    expect(written('confirm-registration').text).toMatch(/Для завершения регистрации.*перейдите по ссылке/);
  });

  it('«Вы поставлены на учёт», with the number when there is one (MSG-14)', () => {
    expect(written('enrolled').text).toContain(
      'Вы поставлены на учёт. Номер электронного профсоюзного билета: 9900 0000 0000 0052.',
    );
    const { text } = render('enrolled', 'ru', {}, 'Мария');
    expect(text).toContain('Вы поставлены на учёт.\n');
    expect(text).not.toContain('билета:');
  });

  it('a number that comes later is no second enrolment, and a replaced ticket says what has become of the old one', () => {
    const [assigned, replaced] = [written('ticket-assigned'), written('ticket-replaced')];
    expect(assigned.text).toContain(
      'Вам присвоен номер электронного профсоюзного билета: 9900 0000 0000 0052.',
    );
    expect(replaced.text).toContain('Прежний билет заблокирован');
    expect(replaced.text).toContain('Новый номер: 9900 0000 0000 0052');
    const subjects = [written('enrolled'), assigned, replaced].map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(3);
  });
});

describe('a letter with a code', () => {
  it.each(['signing-code', 'change-email-code'] as const)('%s has it on a line of its own', (name) => {
    const { text, html, subject } = written(name);
    expect(text.split('\n').filter((line) => line === '048213')).toHaveLength(1);
    expect(html).toMatch(/>048213</);
    // Not on the lock screen of a phone that lies on the table.
    expect(subject).not.toMatch(/\d/);
    expect(text).toContain('Никому не сообщайте этот код');
    expect(text).toContain('Код действует 10 минут.');
  });

  it('names what is signed', () => {
    const { text } = written('signing-code');
    expect(text).toMatch(
      /Вы подпишете[^:]*:\n\n- Заявление о вступлении в Профсоюз\n- Согласие на обработку/,
    );
  });
});

describe('news', () => {
  it('can be ended with one click and by a link one sees; no other letter can', () => {
    const { unsubscribeUrl, text, html } = written('news');
    expect(unsubscribeUrl).toBe(`${ISSUER}/unsubscribe/token`);
    expect(text).toContain(`Отписаться:\n${unsubscribeUrl}`);
    expect(html).toContain(`<a href="${unsubscribeUrl}">Отписаться</a>`);
    for (const name of names.filter((other) => other !== 'news')) {
      expect(written(name).unsubscribeUrl, name).toBeUndefined();
      expect(written(name).text, name).not.toMatch(/новост|отпис|unsubscribe/i);
    }
  });

  it('keeps its paragraphs, however long', () => {
    const long = 'слово '.repeat(1_000).trim();
    expect(render('news', 'ru', { ...letterFacts.news, text: long }).text).toContain(`\n${long}\n`);
    expect(written('news').text).toContain('Первый абзац.\n\nВторой абзац.');
    expect(written('news').html).toContain('<p>Первый абзац.</p><p>Второй абзац.</p>');
  });
});

describe('what comes from outside', () => {
  it.each(['Мария\r\nhttps://evil.test', 'evil.test', 'https://evil.test', '<b>', 'М'.repeat(61), ''])(
    'is no name to greet: %j',
    (name) => {
      expect(written('new-device', 'ru', name).text.split('\n')[0]).toBe('Здравствуйте!');
    },
  );

  it.each(['Мария', 'Анна-Мария', 'Д’Артаньян', 'Гюльчатай кызы'])('is a name to greet: %s', (name) => {
    expect(written('new-device', 'ru', name).text.split('\n')[0]).toBe(`Здравствуйте, ${name}!`);
  });

  it('begins no line and no element', () => {
    const hostile = 'x\r\n\r\nhttps://evil.test\u2028<img src=x>{{url}}$t(common.site)';
    const facts = { ...letterFacts['new-device'], device: hostile };
    const { text, html } = render('new-device', 'ru', facts, 'Мария');
    expect(text).not.toMatch(/^https:\/\/evil/m);
    expect(text).toContain('{{url}}$t(common.site)');
    expect(html).not.toContain('<img');
    const subject = render('news', 'ru', { ...letterFacts.news, subject: 'a\r\nBcc: b@c.test' }).subject;
    expect(subject).toBe('a Bcc: b@c.test');
  });

  it('is cut when it has no end', () => {
    const { text } = render('application-returned', 'ru', { reason: 'а'.repeat(9_000) });
    expect(text).toMatch(/^Причина: а{2000}…$/m);
  });

  it.each(['//evil.test/x', 'https://evil.test/', 'recovery/token', '/\\evil.test'])(
    'cannot lead a link elsewhere: %s',
    (path) => {
      const facts: LetterFacts['password-reset'] = { path, minutes: 30 };
      expect(() => render('password-reset', 'ru', facts)).toThrow(RangeError);
    },
  );
});
