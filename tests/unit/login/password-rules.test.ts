/** security.md c2 #57–60: long, not known to everybody, not made of oneself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asLatinKeys, withoutRuns } from '../../../provider/login/keyboard.ts';
import { judgePassword, looksLikeWrongLayout } from '../../../provider/login/password-rules.ts';

const ivanova = {
  email: 'ivanova.masha@example.test',
  names: ['Иванова', 'Мария', undefined],
  ticket: '9900000000000011',
};
const judge = (password: string, minimum?: number) => judgePassword(password, ivanova, minimum);

describe('length', () => {
  it('is counted in code points after NFC', () => {
    expect(judge('зонт у 🌂🌊🐙')).toBe('password_too_short');
    expect(judge('зонты у 🌂🌊🐙')).toBe('password_too_short');
    expect(judge('зонтик у 🌂🌊🐙')).toBeUndefined();
    expect(judge('ёжик у норы'.normalize('NFD'))).toBe('password_too_short');
  });
  it('has a minimum for staff', () => {
    expect(judge('kavomi-5821-te')).toBeUndefined();
    expect(judge('kavomi-5821-te', 15)).toBe('password_too_short');
    expect(judge('kavomi-5821-ter', 15)).toBeUndefined();
  });
  it('ends at 128', () => {
    const phrase = 'ласточка над озером и лодка у берега '.repeat(10);
    expect(judge(`${phrase.slice(0, 127)}!`)).toBeUndefined();
    expect(judge(`${phrase.slice(0, 128)}!`)).toBe('password_too_long');
    expect(judge('a'.repeat(1_000_000))).toBe('password_too_long');
  });
});

describe('good enough', () => {
  it.each([
    ...['ласточка над озером', 'correct horse battery staple', 'kavomi-terulo-5821', 'xK9#pQ2$mN7!'],
    // No rules about kinds of characters, and own words may be part of a longer phrase.
    ...['moresapplesunder', 'Мария любит борщ с укропом', 'мой компас показывает на север'],
    ...['dragon8472916305', '🦊 и 🐺 в тёмном лесу'],
  ])('%s', (password) => {
    expect(judge(password)).toBeUndefined();
  });
});

describe('too common', () => {
  it.each([
    ...['leavemealone', 'LeaveMeAlone', 'motherfucker', '1q2w3e4r5t6y', 'mailcreated5240'],
    ...['qwertyuiop12', 'zxcvbnm,./asd', '1qaz2wsx3edc', 'zaq12wsxcde3', 'qwerty 12345 asdf', '098765432109'],
    ...['йцукенгшщзхъ', 'фывапролджэя', 'абвгдежзийклм', 'abcdefghijklm', 'q1w2e3r4t5y6u7', 'qqwweerrttyy'],
    ...['aaaaaaaaaaaa', 'abababababab', '123123123123', 'любовьлюбовь', 'пароль пароль', '            x'],
    ...[
      'password12345678',
      'P@ssw0rd2024!',
      'Dragon!2024!!',
      'Пароль123456!',
      'gfhjkm2024!!',
      '!!!Monkey1!!!!',
    ],
    ...['Профсоюз2026!', 'диктант2026диктант', 'Profcards-2026', 'eseur.eseur.eseur'],
  ])('%s', (password) => {
    expect(judge(password)).toBe('password_too_common');
  });
});

describe('too personal', () => {
  it.each([
    ...[
      'ivanova.masha@example.test',
      'ivanova.masha',
      'Ivanova14031984',
      'Иванова-2024!!',
      'мария мария мария',
    ],
    ...['bdfyjdf-14031984', '9900000000000011', '9900 0000 0000 0011', 'x9900-0000-0000-0011x'],
  ])('%s', (password) => {
    expect(judge(password)).toBe('password_too_personal');
  });

  it('only for the person it is made of', () => {
    const password = 'Хмелевская-9081';
    expect(judgePassword(password, { names: ['Хмелевская'] })).toBe('password_too_personal');
    expect(judge(password)).toBeUndefined();
  });

  it('does not mind names too short to stand for anybody', () => {
    expect(judgePassword('славный день за лесом', { names: ['Лев', 'Ия', ''] })).toBeUndefined();
  });
});

it('judges whatever is typed, quickly', () => {
  const typed = fc.oneof(
    fc.string({ unit: 'binary', minLength: 12, maxLength: 128 }),
    fc.string({ unit: fc.constantFrom(...'aаqй1. '), minLength: 12, maxLength: 128 }),
  );
  judge('ласточка над озером');
  const since = performance.now();
  fc.assert(
    fc.property(typed, (password) => {
      expect([
        undefined,
        'password_too_short',
        'password_too_long',
        'password_too_common',
        'password_too_personal',
      ]).toContain(judge(password));
    }),
    { numRuns: 300 },
  );
  expect((performance.now() - since) / 300).toBeLessThan(5);
});

it('accepts nearly every random password', () => {
  const characters = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');
  const random = fc.string({ unit: characters, minLength: 16, maxLength: 16 });
  const passwords = fc.sample(random, 1_000).filter((password) => new Set(password).size > 10);
  const refused = passwords.filter((password) => judge(password) !== undefined);
  expect(passwords.length).toBeGreaterThan(500);
  expect(refused.length).toBeLessThan(passwords.length / 100);
});

describe('keyboard', () => {
  it('reads Cyrillic letters as the keys they lie on', () => {
    expect(asLatinKeys('пароль')).toBe('gfhjkm');
    expect(asLatinKeys('ёж, 1')).toBe('`;, 1');
  });
  it('shrinks runs of three and more', () => {
    expect(withoutRuns('qwerty12345!')).toBe('q1!');
    expect(withoutRuns('qw12')).toBe('qw12');
    expect(withoutRuns('ytrewq')).toBe('y');
  });
});

describe('wrong layout', () => {
  it.each(['зфыыцщкв', 'пароль', 'ешпук-9482'])('%s may be one', (typed) => {
    expect(looksLikeWrongLayout(typed)).toBe(true);
  });
  it.each(['password', '12345', '', 'ласточка над озером', 'смешаноMixed'])('%s is none', (typed) => {
    expect(looksLikeWrongLayout(typed)).toBe(false);
  });
});
