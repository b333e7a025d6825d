/**
 * What this process has counted and not told yet. Counting is an addition in memory: no request ever waits for it. Knows
 * ways, portals and reasons, nobody in particular.
 */
import type { Clock } from '../../adapters/clock.ts';
import type { Batch, Count, Labels } from '../../adapters/statistics/statistics.ts';

const MINUTE_MS = 60_000;
/** While the database is away: what happened before is not worth the memory. */
const KEPT_MINUTES = 60;
/** A client that somebody invents cannot fill the memory either. */
const KEPT_COUNTS = 20_000;

export type Tally = {
  signIn(way: string, portal: string, reason?: string): void;
  letter(name: string, service: string, reason?: string): void;
  /** So many wait for their hash just now. */
  line(waiting: number): void;
  /** Everything since the last time; the tally begins anew. */
  take(): Batch;
  /** It could not be told: counts as not taken. */
  giveBack(batch: Batch): void;
};

export function tally(clock: Clock): Tally {
  let counts = new Map<string, Count>();
  let lines = new Map<number, number>();

  const minuteNow = (): number => Math.floor(clock.now().getTime() / MINUTE_MS) * MINUTE_MS;
  const add = ({ kind, way, portal, reason }: Labels, minute: number, count: number): void => {
    const key = [minute, kind, way, portal, reason].join('\n');
    const known = counts.get(key)?.count ?? 0;
    if (known === 0 && counts.size >= KEPT_COUNTS) return;
    counts.set(key, { minute: new Date(minute), kind, way, portal, reason, count: known + count });
  };
  const lengthen = (minute: number, waiting: number): void => {
    lines.set(minute, Math.max(waiting, lines.get(minute) ?? 0));
  };

  return {
    signIn: (way, portal, reason = '') => add({ kind: 'sign_in', way, portal, reason }, minuteNow(), 1),
    letter: (way, portal, reason = '') => add({ kind: 'letter', way, portal, reason }, minuteNow(), 1),
    line(waiting) {
      if (waiting > 0) lengthen(minuteNow(), waiting);
    },
    take() {
      const batch = {
        counts: [...counts.values()],
        lines: [...lines].map(([minute, longest]) => ({ minute: new Date(minute), longest })),
      };
      counts = new Map();
      lines = new Map();
      return batch;
    },
    giveBack(batch) {
      const oldest = minuteNow() - KEPT_MINUTES * MINUTE_MS;
      for (const { minute, count, ...labels } of batch.counts) {
        if (minute.getTime() >= oldest) add(labels, minute.getTime(), count);
      }
      for (const { minute, longest } of batch.lines) {
        if (minute.getTime() >= oldest) lengthen(minute.getTime(), longest);
      }
    },
  };
}
