/** domain.md §3.8. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { transliterate } from '../../../provider/data-rules/transliteration.ts';

it.each([
  ['ЮЛИЯ ЩУКИНА', 'IULIIA SHCHUKINA'],
  ['Юлия Щукина', 'Iuliia Shchukina'],
  ['ПОДЪЯЧЕВ', 'PODIEIACHEV'],
  ['Подъячев', 'Podieiachev'],
  ['АРТЁМ', 'ARTEM'],
  ['Артём', 'Artem'],
  ['Е\u0308лка', 'Elka'],
  ['Жданов Хан Цой Чуйков Эрнст', 'Zhdanov Khan Tsoi Chuikov Ernst'],
  ['ОЛЬГА', 'OLGA'],
  ['Выйди', 'Vyidi'],
  ['Nguyen Van Anh, 15', 'Nguyen Van Anh, 15'],
  ['', ''],
])('%s is %s', (russian, latin) => {
  expect(transliterate(russian)).toBe(latin);
});

it('leaves no Russian letter, and changes nothing the second time', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'абвгдеёжзийклмнопрстуфхцчшщъыьэюяАЁЙЩЪЬЮЯ -aZ1') }),
      (text) => {
        const latin = transliterate(text);
        expect(latin).not.toMatch(/\p{Script=Cyrillic}/u);
        expect(transliterate(latin)).toBe(latin);
      },
    ),
  );
});
