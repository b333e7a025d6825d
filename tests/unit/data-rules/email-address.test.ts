/** domain.md §3.5, row by row; security.md classes 19, 29 and 30. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEmailAddress } from '../../../provider/data-rules/email-address.ts';

const keyOf = (typed: string) => {
  const parsed = parseEmailAddress(typed);
  return parsed.ok ? parsed.key : parsed.fault;
};

describe('accepted', () => {
  it.each([
    [' Ivanova@Example.TEST ', 'ivanova@example.test'],
    ['info@школа.рф', 'info@xn--80atdl2c.xn--p1ai'],
    ['x@gmail.com', 'x@gmail.com'],
    ['first.last+tag@sub.example.test', 'first.last+tag@sub.example.test'],
    ["o'brien@example.test", "o'brien@example.test"],
    ['a@пример.испытание', 'a@xn--e1afmkfd.xn--80akhbyknj4f'],
    ['a@xn--e1afmkfd.xn--80akhbyknj4f', 'a@xn--e1afmkfd.xn--80akhbyknj4f'],
    [`${'a'.repeat(64)}@example.test`, `${'a'.repeat(64)}@example.test`],
  ])('%j has the key %j', (typed, key) => {
    expect(keyOf(typed)).toBe(key);
  });

  it('keeps the spelling to write to, with the domain as people read it', () => {
    expect(parseEmailAddress(' Ivan.Petrov+OPO@XN--E1AFMKFD.Example.TEST')).toEqual({
      ok: true,
      value: 'Ivan.Petrov+OPO@пример.example.test',
      key: 'ivan.petrov+opo@xn--e1afmkfd.example.test',
      needsSmtpUtf8: false,
    });
  });

  it('says when only a server with SMTPUTF8 can take the letter', () => {
    expect(parseEmailAddress('Учитель@пример.испытание')).toEqual({
      ok: true,
      value: 'Учитель@пример.испытание',
      key: 'учитель@xn--e1afmkfd.xn--80akhbyknj4f',
      needsSmtpUtf8: true,
    });
  });

  it('takes decomposed letters for the same ones', () => {
    const composed = 'ёлка@пример.испытание';
    expect(keyOf(composed.normalize('NFD'))).toBe(keyOf(composed));
  });

  it.each([
    ['i.vanov@gmail.com', 'ivanov@gmail.com'],
    ['a+b@example.test', 'a@example.test'],
    ['ivan.petrov@yandex.ru', 'ivan-petrov@yandex.ru'],
    ['a@yandex.ru', 'a@ya.ru'],
    ['a@mail.ru', 'a@bk.ru'],
  ])('never merges %s and %s: they may be two people', (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });
});

describe('refused as malformed', () => {
  it.each([
    ...[
      '',
      '@',
      'a',
      'a@',
      '@b.test',
      'a@b',
      'a b@c.test',
      'a@@c.test',
      '.a@c.test',
      'a.@c.test',
      'a..b@c.test',
    ],
    ...[
      'a@c.test.',
      'a@.c.test',
      'a@-c.test',
      'a@c-.test',
      'a@c..test',
      'a@c_d.test',
      'a@c.test/',
      'a@c.test:25',
    ],
    ...['a@127.0.0.1', 'a@[127.0.0.1]', 'a@0x7f.1', 'a@1.2', 'a@xn--a.test'],
    ...['alice@example.test@evil.test', '"alice@evil.test"@example.test', '"alice"@example.test'],
    ...['<alice@example.test>', 'Alice <alice@example.test>', 'alice@example.test (c)', 'a(b)@example.test'],
    ...['a@example.test,b@example.test', 'a@example.test;b@example.test', 'g:a@example.test;'],
    ...[
      'a%evil.test@example.test',
      'evil.test!a@example.test',
      'a\\@example.test',
      '@evil.test:a@example.test',
    ],
    ...['a\r\nBcc: b@c.test@example.test', 'a@example.test\r\nBcc: b@c.test', 'a\0@example.test'],
    ...['a\u200B@example.test', 'a@exam\u00ADple.test', 'a\u202Eb@example.test'],
    ...[`${'a'.repeat(65)}@example.test`, `${'я'.repeat(33)}@example.test`, `a@${'b'.repeat(64)}.test`],
    `a@${'b.'.repeat(130)}test`,
  ])('%j', (typed) => {
    expect(keyOf(typed)).toBe('email_malformed');
  });
});

describe('refused with a hint', () => {
  it.each(['a@mаil.ru', 'ivanоva@example.test', 'a@школаsch.рф', 'a@xn--mil-8cd.ru'])(
    '%j mixes the alphabets',
    (typed) => {
      expect(keyOf(typed)).toBe('email_mixed_alphabets');
    },
  );

  it.each(['ﬁrst@example.test', 'ａ@example.test', 'a＠example.test', 'a@example.test²', '①@example.test'])(
    '%j only looks like other characters',
    (typed) => {
      expect(keyOf(typed)).toBe('email_lookalike');
    },
  );
});

it('has one key for every spelling: parsing a key gives it back', () => {
  const letters = fc.constantFrom(..."abcXYZабвЭЮЯёßİΑΣéÅ0189.+-_'@");
  const typed = fc.string({ unit: letters, maxLength: 30 }).map((text) => `${text}@Example.Test`);
  fc.assert(
    fc.property(fc.oneof(typed, fc.emailAddress(), fc.string({ unit: letters })), (address) => {
      const parsed = parseEmailAddress(address);
      if (!parsed.ok) return;
      expect(keyOf(parsed.key)).toBe(parsed.key);
      expect(keyOf(parsed.value)).toBe(parsed.key);
    }),
    { numRuns: 1_000 },
  );
});

it('lets nothing through that a mail program could read as two', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (noise) => {
      for (const typed of [`a${noise}@example.test`, `a@example${noise}.test`]) {
        const parsed = parseEmailAddress(typed);
        if (parsed.ok) expect(parsed.value).toMatch(/^[^\s"(),:;<>@[\]\\\p{C}]+@[^\s"(),:;<>@[\]\\\p{C}]+$/u);
      }
    }),
    { numRuns: 1_000 },
  );
});

it.each(['a', ' ', '.', 'a.', '@', 'a@', '\u0300', 'ﷺ', 'я'])('answers 60 kB of %j at once', (unit) => {
  const typed = `${unit.repeat(60_000 / unit.length)}@example.test`;
  // The best of a few: the machine has other things to do.
  const times = Array.from({ length: 5 }, () => {
    const since = performance.now();
    expect(parseEmailAddress(typed)).toEqual({ ok: false, fault: 'email_malformed' });
    return performance.now() - since;
  });
  expect(Math.min(...times)).toBeLessThan(3);
});
