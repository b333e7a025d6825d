import { expect, it } from 'vitest';
import { maskEmailAddress, parseEmailAddress } from '../../../provider/data-rules/email-address.ts';
import { isForeignMailbox } from '../../../provider/data-rules/foreign-mailbox.ts';

it.each([
  ['x@gmail.com', true],
  ['X@GMail.Com', true],
  ['x@icloud.com', true],
  ['x@yandex.com', false],
  ['x@mail.ru', false],
  ['info@школа.рф', false],
  ['gmail.com@example.test', false],
  ['x@notgmail.com', false],
  ['x@gmail.com.example.test', false],
])('knows where %s is kept', (typed, foreign) => {
  const address = parseEmailAddress(typed);
  expect(address.ok && isForeignMailbox(address.key)).toBe(foreign);
});

it.each([
  ['ivanova@example.test', 'i•••@example.test'],
  ['i@example.test', 'i•••@example.test'],
  ['учитель@пример.испытание', 'у•••@пример.испытание'],
  ['𐐀bc@example.test', '𐐀•••@example.test'],
])('masks %s, whatever its length', (address, masked) => {
  expect(maskEmailAddress(address)).toBe(masked);
});
