/** What a process has counted and not told yet. */
import { expect, it, vi } from 'vitest';
import type { Batch } from '../../../adapters/statistics/statistics.ts';
import { keepStatistics } from '../../../provider/statistics/keep.ts';
import { tally } from '../../../provider/statistics/tally.ts';

const START = Date.UTC(2026, 10, 21, 9, 0, 30);

function standing() {
  let now = START;
  return {
    clock: { now: () => new Date(now) },
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

it('adds up by minute and label, and begins anew when taken', () => {
  const { clock, pass } = standing();
  const counts = tally(clock);
  counts.signIn('password_email', 'dictation');
  counts.signIn('password_email', 'dictation');
  counts.signIn('password_email', 'dictation', 'throttled');
  pass(30_000);
  counts.signIn('password_email', 'dictation');
  counts.letter('news', 'mail.ru');
  const minute = new Date('2026-11-21T09:00:00Z');
  const next = new Date('2026-11-21T09:01:00Z');
  const signIn = { kind: 'sign_in', way: 'password_email', portal: 'dictation', reason: '' };
  expect(counts.take().counts).toEqual([
    { ...signIn, minute, count: 2 },
    { ...signIn, reason: 'throttled', minute, count: 1 },
    { ...signIn, minute: next, count: 1 },
    { kind: 'letter', way: 'news', portal: 'mail.ru', reason: '', minute: next, count: 1 },
  ]);
  expect(counts.take()).toEqual({ counts: [], lines: [] });
});

it('remembers the worst moment of a minute, and no minute without a line', () => {
  const { clock, pass } = standing();
  const counts = tally(clock);
  for (const waiting of [0, 3, 7, 2]) counts.line(waiting);
  pass(60_000);
  counts.line(0);
  expect(counts.take().lines).toEqual([{ minute: new Date('2026-11-21T09:00:00Z'), longest: 7 }]);
});

it('takes back what could not be told, with what came since, but nothing of an hour ago', () => {
  const { clock, pass } = standing();
  const counts = tally(clock);
  counts.signIn('qr', 'p');
  counts.line(2);
  const batch = counts.take();
  counts.signIn('qr', 'p');
  counts.giveBack(batch);
  const again = counts.take();
  expect(again.counts.map(({ count }) => count)).toEqual([2]);
  expect(again.lines.map(({ longest }) => longest)).toEqual([2]);
  pass(3_700_000);
  counts.giveBack(again);
  expect(counts.take()).toEqual({ counts: [], lines: [] });
});

it('fills no memory with what somebody invents', () => {
  const counts = tally(standing().clock);
  for (let client = 0; client < 25_000; client += 1) counts.signIn('qr', `client ${client}`);
  expect(counts.take().counts).toHaveLength(20_000);
});

it('tells nothing twice and loses nothing while the database is away; the rest goes out at the end', async () => {
  const counts = tally(standing().clock);
  const told: Batch[] = [];
  let isAway = true;
  const warn = vi.fn();
  const statistics = {
    async add(batch: Batch) {
      if (isAway) throw new Error('away');
      told.push(batch);
    },
    report: vi.fn(async () => {}),
    leave: vi.fn(async () => {}),
  };
  const upstreams = {
    offers: () => [{ id: 'esia', kind: 'esia', name: { ru: '', en: '' }, state: 'up' } as const],
  };
  const hasher = { stats: () => ({ inFlight: 1, queued: 2 }) };
  counts.signIn('qr', 'p');
  const keeping = keepStatistics({ statistics, tally: counts, hasher, upstreams, log: { warn } });
  await keeping.tell();
  expect(told).toEqual([]);
  expect(warn).toHaveBeenCalled();
  isAway = false;
  await keeping.tell();
  counts.signIn('qr', 'p');
  await keeping.stop();
  expect(told.flatMap((batch) => batch.counts.map(({ count }) => count))).toEqual([1, 1]);
  expect(statistics.report).toHaveBeenLastCalledWith({
    id: expect.any(String),
    inFlight: 1,
    queued: 2,
    upstreams: { esia: 'up' },
  });
  expect(statistics.leave).toHaveBeenCalledOnce();
});
