/** The order of leaving, and how long a letter is worth anything. */
import { expect, it } from 'vitest';
import type { LetterName, NewLetter } from '../../../provider/letters/post.ts';
import { lettersByUrgency, priorityOf, worthUntil } from '../../../provider/letters/urgency.ts';
import { letterFacts } from './letters.ts';

it('codes and resets, then confirmations, then notices, then news', () => {
  const order = Object.keys(letterFacts) as LetterName[];
  const first = ['signing-code', 'link-code', 'step-up-code', 'first-password-code', 'password-reset'];
  const second = [
    'change-email-code',
    'change-email-link',
    'deletion-code',
    'confirm-registration',
    'already-registered',
    'factors-lost',
    'factors-removed',
  ];
  const groups = Map.groupBy(order, priorityOf);
  const sorted = [...groups.keys()]
    .toSorted((a, b) => b - a)
    .map((priority) => groups.get(priority)?.toSorted());
  expect(sorted[0]).toEqual(first.toSorted());
  expect(sorted[1]).toEqual(second.toSorted());
  expect(sorted[3]).toEqual(['news']);
  expect(sorted).toHaveLength(4);
});

it('a letter is worth as much as the code or link in it', () => {
  const now = new Date(0);
  const until = (template: LetterName) =>
    worthUntil(
      { template, to: { accountId: 'a' }, facts: letterFacts[template] } as NewLetter,
      now,
    )?.getTime();
  expect(until('signing-code')).toBe(10 * 60_000);
  expect(until('password-reset')).toBe(30 * 60_000);
  expect(until('confirm-registration')).toBe(24 * 3_600_000);
  expect(until('email-changed')).toBeUndefined();
  expect(until('password-changed')).toBeUndefined();
});

it('counts every urgency, those without letters too', () => {
  const three = { priority: priorityOf('signing-code'), jobs: 3, postponed: 1, oldestAt: new Date(0) };
  const counted = lettersByUrgency([three]);
  const none = { jobs: 0, postponed: 0 };
  expect(Object.fromEntries(counted)).toEqual({ waiting: three, link: none, notice: none, news: none });
});
