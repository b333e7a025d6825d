/** What operators have switched off is known before the first request, followed within five seconds, and not forgotten. */
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { UpstreamSwitches } from '../../../adapters/upstream-switch/upstream-switch.ts';
import { openSwitchboard } from '../../../provider/upstreams/switchboard.ts';

const WITHIN_MS = 5_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function scene() {
  const off = new Set(['esia']);
  const lines: string[] = [];
  const switches = {
    list: async () =>
      ['esia', 'rsaa'].map((upstream) => ({
        upstream,
        on: !off.has(upstream),
        since: new Date(),
        by: 'operator',
      })),
    turn: async () => true,
  } satisfies UpstreamSwitches;
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  return { off, lines, switches, board: await openSwitchboard(switches, log) };
}

test('from the start, and as it changes', async () => {
  const { off, board } = await scene();
  expect([board.isOn('esia'), board.isOn('rsaa'), board.isOn('never turned')]).toEqual([false, true, true]);
  off.delete('esia');
  off.add('rsaa');
  await vi.advanceTimersByTimeAsync(WITHIN_MS);
  expect([board.isOn('esia'), board.isOn('rsaa')]).toEqual([true, false]);
  board.close();
  expect(vi.getTimerCount()).toBe(0);
});

test('while the database does not answer, what was known last holds', async () => {
  const { off, lines, switches, board } = await scene();
  const list = vi.spyOn(switches, 'list').mockRejectedValue(new Error('no database'));
  off.delete('esia');
  await vi.advanceTimersByTimeAsync(WITHIN_MS);
  expect(board.isOn('esia')).toBe(false);
  expect(lines.join()).toContain('could not be looked up');
  list.mockRestore();
  await vi.advanceTimersByTimeAsync(WITHIN_MS);
  expect(board.isOn('esia')).toBe(true);
  board.close();
});
