/** domain.md §3.6, row by row; security.md class 34. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  comparePersonNames,
  differingNameParts,
  hasLookalikes,
  isPatronymicMissing,
  type PersonName,
  parseNamePart,
  parsePatronymic,
  shareSurnamePart,
} from '../../../provider/data-rules/person-name.ts';

const LATIN_A = 'a';

function named(text: string): PersonName {
  const [family = '', given = '', middle] = text.split('|');
  return { family, given, ...(middle !== undefined && { middle }) };
}

describe('comparison', () => {
  it.each([
    ['федоров- елкин|Артём|Семёнович', 'Фёдоров-Ёлкин|АРТЕМ|семенович'],
    ['СИДОРОВА |анна|Ивановна', 'Сидорова|Анна|Ивановна'],
    ['Сорокина|Ольга|Игоревна', `Сорокин${LATIN_A}|Ольга|Игоревна`],
    ['Кузнецов|Иван|Иванович', 'КУЗНЕЦОВ | иван |Иванович'],
    ['Nguyen|Van Anh', 'NGUYEN|Van  Anh'],
    ['Мамедов|Рашад|Али-оглы', 'Мамедов|Рашад|Али оглы'],
    ['Мамедов|Рашад|Алиоглы', 'Мамедов|Рашад|Али Оглы'],
    ['Мамедова|Лейла|Али-кызы', 'Мамедова|Лейла|Али кызы'],
    ['Римская Корсакова|София|Львовна', 'Римская-Корсакова|София|Львовна'],
    ['Римская — Корсакова|София|Львовна', 'Римская-Корсакова|София|Львовна'],
    ['Д’Артаньян|Шарль|нет', "Д'Артаньян|Шарль"],
    ['Д´Артаньян|Шарль', 'Д`Артаньян|Шарль|-'],
    ['Ахметов|Тимур|отсутствует', 'Ахметов|Тимур|б/о'],
    ['Ахметов|Тимур', 'Ахметов|Тимур|'],
    ['Йодов|Семён|Ильич', `${'Йодов|Семён|Ильич'.normalize('NFD')}`],
    // All letters of the surname are Latin look-alikes, the rest is Cyrillic.
    ['Рева|Нина|Романовна', 'Рев\u0061|Нина|Романовна'],
    ['Сорока|Нина|Романовна', 'COPOKA|Нина|Романовна'],
  ])('%s is %s', (one, other) => {
    expect(comparePersonNames(named(one), named(other))).toBe('match');
    expect(comparePersonNames(named(other), named(one))).toBe('match');
  });

  it.each([
    ['Нгуен|Ван', 'Nguyen|Van'],
    ['Белова|Елена|Олеговна', 'Чернова|Елена|Олеговна'],
    ['Римская|София|Львовна', 'Римская-Корсакова|София|Львовна'],
    ['Иванова|Наталья|Ильинична', 'Иванова|Наталия|Ильинична'],
    ['Иванова|София|Ильинична', 'Иванова|Софья|Ильинична'],
    ['Иванов|Геннадий|Ильич', 'Иванов|Генадий|Ильич'],
    ['Иванова|Дарья|Ильинична', 'Иванова|Дария|Ильинична'],
    ['Сидорова|Анна|Ивановна', 'Сидорова|Алла|Ивановна'],
    ['Иванов|Иван|Иванович', 'Иванов|Иван|Петрович'],
    ['COPOKA|Anna', 'Сорока|Анна'],
  ])('%s is not %s', (one, other) => {
    expect(comparePersonNames(named(one), named(other))).toBe('mismatch');
    expect(comparePersonNames(named(other), named(one))).toBe('mismatch');
  });

  it('tells a missing patronymic from a wrong one', () => {
    const without = named('Хасанова|Алия|');
    const withOne = named('Хасанова|Алия|Ильдаровна');
    expect(comparePersonNames(without, withOne)).toBe('patronymic_missing');
    expect(comparePersonNames(withOne, without)).toBe('patronymic_missing');
    expect(comparePersonNames(withOne, named('Хасанова|Алия|Маратовна'))).toBe('mismatch');
  });

  it('flags what the register should clean', () => {
    expect(hasLookalikes(`Сорокин${LATIN_A}`)).toBe(true);
    expect(hasLookalikes('Сорокина')).toBe(false);
    expect(hasLookalikes('Nguyen')).toBe(false);
  });

  it('holds for every spelling of the same name', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...'абвгдеёжзийклмнопрстуфхцчшщъыьэюя'),
      minLength: 1,
    });
    const spelled = fc.constantFrom<(text: string) => string>(
      (text) => text.toLocaleUpperCase('ru'),
      (text) => ` ${text}  `,
      (text) => text.replaceAll('ё', 'е'),
      (text) => text.normalize('NFD'),
      (text) => `${text.slice(0, 1)}\u00AD${text.slice(1)}`,
    );
    fc.assert(
      fc.property(letters, letters, letters, spelled, (family, given, middle, spell) => {
        const other = { family: spell(family), given: spell(given), middle: spell(middle) };
        expect(comparePersonNames({ family, given, middle }, other)).toBe('match');
      }),
    );
  });
});

describe('a part', () => {
  it.each([
    ['  Анна  -  Мария ', 'Анна-Мария'],
    ['Фёдоров–Ёлкин', 'Фёдоров-Ёлкин'],
    ['О’Нил', "О'Нил"],
    ['Ия', 'Ия'],
    ['О', 'О'],
    ['А.Б.', 'А.Б.'],
    ['Nguyễn', 'Nguyễn'],
    ['Әлия', 'Әлия'],
    ['\uFEFFИ\u0306ода', 'Йода'],
    ['я'.repeat(100), 'я'.repeat(100)],
  ])('%.20j is kept as %.20j', (typed, value) => {
    expect(parseNamePart(typed)).toEqual({ ok: true, value });
  });

  it.each([
    ['', 'name_missing'],
    [' \u200B ', 'name_missing'],
    ['я'.repeat(101), 'name_too_long'],
    ['я'.repeat(60_000), 'name_too_long'],
    ['Иван4', 'name_forbidden_character'],
    ['---', 'name_forbidden_character'],
    ['http://evil.test', 'name_forbidden_character'],
    ['evil.com', 'name_forbidden_character'],
    ['Иван призы на сайте.рф', 'name_forbidden_character'],
    ['<b>Иван', 'name_forbidden_character'],
    ['Иван@', 'name_forbidden_character'],
    ['Иван\nПётр\u0000', 'name_forbidden_character'],
    ['Ива́н', 'name_forbidden_character'],
    ['李', 'name_forbidden_character'],
  ])('%.20j is refused: %s', (typed, fault) => {
    expect(parseNamePart(typed)).toEqual({ ok: false, fault });
  });

  it('stays itself when it is parsed again', () => {
    const unit = fc.constantFrom(..."абвгёЁЯNguễn  --–’'.\u00AD\u00A0");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 120 }), (typed) => {
        const parsed = parseNamePart(typed);
        if (parsed.ok) expect(parseNamePart(parsed.value)).toEqual(parsed);
      }),
    );
  });
});

describe('a patronymic', () => {
  it.each(['', ' ', '-', '—', 'нет', 'Нет', 'отсутствует', 'б/о'])('%j is none', (typed) => {
    expect(parsePatronymic(typed)).toEqual({ ok: true, value: undefined });
  });
  it('is otherwise a part of the name', () => {
    expect(parsePatronymic(' Али  оглы')).toEqual({ ok: true, value: 'Али оглы' });
    expect(parsePatronymic('б/н')).toEqual({ ok: false, fault: 'name_forbidden_character' });
  });
});

describe('differences', () => {
  it.each([
    ['Иванова|Мария|Петровна', 'ИВАНОВА|Мария|петровна', []],
    ['Иванова|Мария|Петровна', 'Чернова|Мария|Петровна', ['family']],
    ['Иванова|Мария|Петровна', 'Иванова|Алла|Павловна', ['given', 'middle']],
    ['Иванова|Мария|Петровна', 'Иванова|Мария', ['middle']],
    ['Ахметов|Тимур', 'Ахметов|Тимур|нет', []],
    ['Мамедов|Рашад|Али-оглы', 'Мамедов|Рашад|Али оглы', []],
  ])('%s and %s', (one, other, parts) => {
    expect(differingNameParts(named(one), named(other))).toEqual(parts);
    expect(differingNameParts(named(other), named(one))).toEqual(parts);
  });

  it.each([
    ['Римская|София', 'Римская-Корсакова|София', true],
    ['Корсакова|София', 'Римская Корсакова|София', true],
    ['Корсакова-Римская|София', 'Римская-Корсакова|София', true],
    ['Римская|София', 'Римских|София', false],
    ['Белова|София', 'Чернова|София', false],
    ['Федорова|София', 'Фёдорова-Ким|София', true],
  ])('a part of the surname: %s and %s: %s', (one, other, shared) => {
    expect(shareSurnamePart(named(one), named(other))).toBe(shared);
  });

  it('a patronymic is missing on one side, and on both is none', () => {
    expect(isPatronymicMissing(named('Цой|Алла'), named('Цой|Алла|Ильинична'))).toBe(true);
    expect(isPatronymicMissing(named('Цой|Алла'), named('Цой|Алла|—'))).toBe(false);
    expect(isPatronymicMissing(named('Цой|Алла|Львовна'), named('Цой|Алла|Ильинична'))).toBe(false);
  });
});
