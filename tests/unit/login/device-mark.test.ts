import { expect, it } from 'vitest';
import { deviceMarks } from '../../../provider/login/device-mark.ts';

const marks = deviceMarks(['new key', 'old key']);

it('recognises its own mark, for the account it was issued to alone', () => {
  const mark = marks.issue('account-1');
  expect(marks.recognise(mark, 'account-1')).toBe(mark.split('.')[0]);
  expect(marks.recognise(mark, 'account-2')).toBeUndefined();
});

it('still recognises marks of an older key', () => {
  expect(marks.recognise(deviceMarks(['old key']).issue('account-1'), 'account-1')).toBeDefined();
});

it.each([undefined, '', '.', 'a.b', 'a.b.c', 'x'.repeat(10_000)])('takes %s for no mark', (value) => {
  expect(marks.recognise(value, 'account-1')).toBeUndefined();
});
