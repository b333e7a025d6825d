import { expect, it } from 'vitest';
import { retryPause } from '../../provider/retry-pause.ts';

const RULE = { longestSeconds: 600, giveUpSeconds: 86_400 };
const begun = new Date(Date.UTC(2026, 10, 1));
const after = (seconds: number) => new Date(begun.getTime() + seconds * 1_000);

it('doubles up to the longest', () => {
  const pauses = [1, 2, 3, 9, 10, 500].map((failures) => retryPause(RULE, failures, begun, begun));
  expect(pauses).toEqual([2, 4, 8, 512, 600, 600]);
});

it('ends when it would come too late', () => {
  expect(retryPause(RULE, 100, begun, after(86_400 - 600))).toBe(600);
  expect(retryPause(RULE, 100, begun, after(86_400 - 599))).toBeUndefined();
});
